package dev.kantele.runtime.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;

/** Responses whose body is a JSON object. */
final class JsonResponse {
  /** {@code {"status": …}}. */
  static HttpResponse status(StatusCode code, String status) {
    return of(code, JsonNodeFactory.instance.objectNode().put("status", status));
  }

  /** {@code {"error": {"code": …, "message": …}}}; the message is one plain sentence. */
  static HttpResponse error(StatusCode code, String name, String message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error").put("code", name).put("message", message);
    return of(code, body);
  }

  /** {@code body}, as what was asked for. */
  static HttpResponse ok(ObjectNode body) {
    return of(StatusCodes.OK, body);
  }

  private static HttpResponse of(StatusCode code, ObjectNode body) {
    return HttpResponse.create()
        .withStatus(code)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body.toString()));
  }

  private JsonResponse() {}
}
