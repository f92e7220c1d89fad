package dev.kantele.runtime.model.bedrock;

import dev.kantele.protocol.Part;
import dev.kantele.runtime.model.Signature;
import dev.kantele.runtime.model.http.SentTools;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ImageBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.ReasoningContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultStatus;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;

/** A transcript as Converse's messages, in which user and assistant take turns. */
final class BedrockMessages {
  private final List<Message> messages = new ArrayList<>();
  private List<ContentBlock> blocks = new ArrayList<>();
  private ConversationRole role = ConversationRole.USER;
  private int documents;

  static List<Message> of(List<dev.kantele.protocol.Message> transcript) {
    var all = new BedrockMessages();
    for (dev.kantele.protocol.Message message : transcript) {
      switch (message.role()) {
        case USER, TOOL -> all.begin(ConversationRole.USER);
        case ASSISTANT -> all.begin(ConversationRole.ASSISTANT);
      }
      message.content().forEach(all::add);
    }
    all.end();
    return all.messages;
  }

  /* Messages of one role that follow each other are one. */
  private void begin(ConversationRole next) {
    if (next != role) {
      end();
      role = next;
    }
  }

  private void end() {
    if (!blocks.isEmpty()) {
      messages.add(Message.builder().role(role).content(blocks).build());
      blocks = new ArrayList<>();
    }
  }

  private void add(Part part) {
    switch (part) {
      case Part.Text(var text) -> addText(text);
      case Part.Image image -> addImage(image);
      case Part.File file -> addFile(file);
      case Part.Resource(var uri, var name, _) ->
          addText(name.map(text -> "[" + text + ": " + uri + "]").orElse("[" + uri + "]"));
      case Part.Data(var value) -> addText(value.toString());
      case Part.Reasoning(var text, var kept) ->
          kept.flatMap(signature -> Signature.read(BedrockProviderFactory.NAME, signature))
              .ifPresent(signature -> addReasoning(text, signature));
      case Part.ToolCall(var invocation, var name, var arguments) ->
          blocks.add(
              ContentBlock.fromToolUse(
                  ToolUseBlock.builder()
                      .toolUseId(SentTools.id(invocation))
                      .name(SentTools.name(name))
                      .input(Documents.of(SentTools.arguments(arguments)))
                      .build()));
      case Part.ToolResult result ->
          blocks.add(
              ContentBlock.fromToolResult(
                  ToolResultBlock.builder()
                      .toolUseId(SentTools.id(result.invocation()))
                      .status(
                          result.error().isPresent()
                              ? ToolResultStatus.ERROR
                              : ToolResultStatus.SUCCESS)
                      .content(ToolResultContentBlock.fromText(SentTools.text(result)))
                      .build()));
    }
  }

  /* A blank text is refused. */
  private void addText(String text) {
    if (!text.isBlank()) {
      blocks.add(ContentBlock.fromText(text));
    }
  }

  private void addReasoning(String text, String signature) {
    blocks.add(
        ContentBlock.fromReasoningContent(
            signature.startsWith(BedrockReader.REDACTED)
                ? ReasoningContentBlock.fromRedactedContent(
                    bytes(signature.substring(BedrockReader.REDACTED.length())))
                : ReasoningContentBlock.fromReasoningText(
                    block -> block.text(text).signature(signature))));
  }

  private void addImage(Part.Image image) {
    if (image.data().isEmpty()) {
      // Nothing is fetched, but a model with tools may.
      addText("[%s: %s]".formatted(image.mediaType(), image.url().orElseThrow()));
      return;
    }
    blocks.add(
        ContentBlock.fromImage(
            ImageBlock.builder()
                .format(subtype(image.mediaType()).replace("jpg", "jpeg"))
                .source(source -> source.bytes(bytes(image.data().get())))
                .build()));
  }

  private void addFile(Part.File file) {
    Optional<String> format = format(file.mediaType());
    if (file.data().isEmpty() || format.isEmpty()) {
      addText(
          "[%s, %s: %s]"
              .formatted(
                  file.name(), file.mediaType(), file.url().orElse("this model can't read it")));
      return;
    }
    // Names are told to the model, must differ, and can't have but these characters.
    String name = file.name().replaceAll("[^A-Za-z0-9 ()\\[\\]-]+", "-") + "-" + ++documents;
    blocks.add(
        ContentBlock.fromDocument(
            DocumentBlock.builder()
                .format(format.get())
                .name(name)
                .source(source -> source.bytes(bytes(file.data().get())))
                .build()));
  }

  private static Optional<String> format(String mediaType) {
    return switch (subtype(mediaType)) {
      case "pdf" -> Optional.of("pdf");
      case "csv" -> Optional.of("csv");
      case "html" -> Optional.of("html");
      case "markdown" -> Optional.of("md");
      case "plain", "json", "xml", "yaml" -> Optional.of("txt");
      case "msword" -> Optional.of("doc");
      case "vnd.openxmlformats-officedocument.wordprocessingml.document" -> Optional.of("docx");
      case "vnd.ms-excel" -> Optional.of("xls");
      case "vnd.openxmlformats-officedocument.spreadsheetml.sheet" -> Optional.of("xlsx");
      default -> Optional.empty();
    };
  }

  private static String subtype(String mediaType) {
    return mediaType.replaceAll("^[^/]*/|;.*$", "").strip().toLowerCase(Locale.ROOT);
  }

  private static SdkBytes bytes(String base64) {
    return SdkBytes.fromByteArray(Base64.getMimeDecoder().decode(base64));
  }
}
