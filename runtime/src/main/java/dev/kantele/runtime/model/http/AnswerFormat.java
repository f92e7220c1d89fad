package dev.kantele.runtime.model.http;

/** How a vendor frames the events of its answers. */
public enum AnswerFormat {
  /** Server-sent events. */
  EVENT_STREAM("text/event-stream") {
    @Override
    FrameParser parser(int maxEventBytes) {
      return new EventStreamParser(maxEventBytes);
    }
  },
  /** One JSON value a line; each is an event of the type {@code message}. */
  JSON_LINES("application/x-ndjson") {
    @Override
    FrameParser parser(int maxEventBytes) {
      return new LineParser(maxEventBytes);
    }
  };

  private final String mediaType;

  AnswerFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  /** What a request says that it accepts. */
  String mediaType() {
    return mediaType;
  }

  abstract FrameParser parser(int maxEventBytes);
}
