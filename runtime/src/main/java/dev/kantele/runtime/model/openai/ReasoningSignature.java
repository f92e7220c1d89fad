package dev.kantele.runtime.model.openai;

import dev.kantele.runtime.model.Signature;
import java.util.Optional;

/**
 * A reasoning item of the Responses wire as a {@link Signature}: {@code ITEM:ENCRYPTED}. Only the
 * provider that encrypted it can read it.
 *
 * @param item the vendor's id of the item
 * @param encrypted its {@code encrypted_content}
 */
record ReasoningSignature(String item, String encrypted) {
  /** Reads what was kept of {@code provider}'s reasoning; empty if it is of anybody else. */
  static Optional<ReasoningSignature> read(String provider, String kept) {
    return Signature.read(provider, kept)
        .map(text -> text.split(":", 2))
        .filter(fields -> fields.length == 2)
        .map(fields -> new ReasoningSignature(fields[0], fields[1]));
  }

  /** What is kept of it in a transcript. */
  String kept(String provider) {
    return Signature.of(provider, item + ":" + encrypted);
  }
}
