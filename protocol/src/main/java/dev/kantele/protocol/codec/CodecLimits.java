package dev.kantele.protocol.codec;

/**
 * How much one command may hold. What exceeds a limit is refused with {@code limit_exceeded}.
 *
 * @param frameBytes bytes of a frame
 * @param nestingLevels objects and arrays within each other, the frame's own object included
 * @param stringCharacters UTF-16 code units of a string or a name
 * @param numberCharacters characters of a number
 * @param arrayElements elements of an array
 * @param objectFields fields of an object
 * @param contentParts parts of a prompt
 * @param tools tools of one {@code tool.register}
 */
public record CodecLimits(
    int frameBytes,
    int nestingLevels,
    int stringCharacters,
    int numberCharacters,
    int arrayElements,
    int objectFields,
    int contentParts,
    int tools) {
  /** 1 MiB in 64 levels, numbers of 32 characters, 256 parts, 128 tools. */
  public static final CodecLimits DEFAULT =
      new CodecLimits(1 << 20, 64, 1 << 20, 32, 10_000, 1_000, 256, 128);

  /** What a WebSocket or stdio frame can hold at all. */
  private static final int MAX_FRAME_BYTES = 1 << 28;

  /** Readers recurse once a level. */
  private static final int MAX_NESTING_LEVELS = 500;

  public CodecLimits {
    require("frameBytes", frameBytes, 64, MAX_FRAME_BYTES);
    require("nestingLevels", nestingLevels, 4, MAX_NESTING_LEVELS);
    require("stringCharacters", stringCharacters, 256, MAX_FRAME_BYTES);
    require("numberCharacters", numberCharacters, 16, 1_000);
    require("arrayElements", arrayElements, 1, MAX_FRAME_BYTES);
    require("objectFields", objectFields, 16, MAX_FRAME_BYTES);
    require("contentParts", contentParts, 1, arrayElements);
    require("tools", tools, 1, arrayElements);
  }

  private static void require(String limit, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          limit + ": " + value + " (expected: " + min + ".." + max + ")");
    }
  }
}
