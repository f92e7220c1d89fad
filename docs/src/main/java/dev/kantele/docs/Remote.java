package dev.kantele.docs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kantele.protocol.ToolEffect;
import dev.kantele.protocol.client.ClientSession;
import dev.kantele.protocol.client.ClientTool;
import dev.kantele.protocol.client.ClientTurn;
import dev.kantele.protocol.client.KanteleClient;
import dev.kantele.protocol.client.TurnResult;
import dev.kantele.protocol.codec.WireMapper;
import java.util.List;

/** What the README and the pages quote about sessions of a node elsewhere. */
public final class Remote {
  /** Asks one question of the node at {@code url} and returns the answer. */
  public static String ask(String url) {
    // region ask
    try (KanteleClient client = KanteleClient.connect(url)) {
      ClientSession session = client.open("sums");
      ClientTurn turn = session.prompt("What is 12 * 7?");
      TurnResult result = turn.result().join();
      return result.text();
    }
    // end
  }

  /** Offers a tool that runs in this process. */
  public static void offer(ClientSession session) {
    // region tool
    JsonNode schema = WireMapper.json().createObjectNode().put("type", "object");
    ClientTool length =
        new ClientTool(
            "length",
            "Counts the characters of a text.",
            schema,
            ToolEffect.READ_ONLY,
            call -> WireMapper.json().valueToTree(call.arguments().path("text").asText().length()));
    session.registerTools(List.of(length)).join();
    // end
  }

  private Remote() {}
}
