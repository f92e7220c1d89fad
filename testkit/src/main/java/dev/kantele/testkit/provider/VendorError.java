package dev.kantele.testkit.provider;

/** Why a vendor refuses a call. */
public enum VendorError {
  /** Too many calls, or tokens, for now. */
  RATE_LIMIT,
  /** The vendor has too much to do. */
  OVERLOADED,
  /** The vendor failed. */
  INTERNAL,
  /** The key is wrong. */
  UNAUTHENTICATED,
  /** The key may not do that. */
  FORBIDDEN,
  /** The account has nothing left. */
  QUOTA,
  /** The conversation is longer than the model takes. */
  CONTEXT_TOO_LONG,
  /** What was said, or what was to be answered, is not allowed. */
  CONTENT_FILTER,
  /** The request makes no sense. */
  BAD_REQUEST,
  /** There is no such model. */
  NOT_FOUND
}
