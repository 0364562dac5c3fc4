package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a message of an endpoint says: a text, a list of parts, or nothing, and in any of them thinking and refusals.
 * Immutable, hence thread-safe.
 *
 * @param text the text for the user; empty if there is none
 * @param refusal the text with which the model refuses; empty if there is none
 * @param thinking the text that the endpoint marks as thinking; empty if there is none
 * @param hasOther whether there is something else, for example a call of a tool or an image
 */
record MessageContent(String text, String refusal, String thinking, boolean hasOther) {
    private static final MessageContent NONE = new MessageContent("", "", "", false);
    /** No endpoint nests texts as deeply as this. */
    private static final int MAX_DEPTH = 8;

    private static final List<String> TEXT_MEMBERS =
            List.of("text", "value", "content", "refusal", "thinking", "reasoning", "summary", "parts");
    private static final List<String> THINKING_MEMBERS =
            List.of("reasoning_content", "reasoning", "thinking", "reasoning_details", "thought");
    private static final Set<String> THINKING_TYPES = Set.of(
            "thinking",
            "thought",
            "reasoning",
            "reasoning_text",
            "reasoning_content",
            "reasoning.text",
            "reasoning.summary",
            "summary_text",
            "redacted_thinking",
            "reasoning.encrypted");

    /** Returns the content of a message, which may be a text itself. */
    static MessageContent of(JsonNode message) {
        if (!message.isObject()) {
            return ofContent(message);
        }
        MessageContent content = ofContent(message.path("content"));
        String refusal =
                message.path("refusal").isTextual() ? message.path("refusal").textValue() : "";
        String spoken = message.path("audio").path("transcript").asText("");
        return new MessageContent(
                content.text.isEmpty() && !spoken.isBlank() ? spoken : content.text,
                refusal.isBlank() ? content.refusal : refusal,
                joined("\n\n", Stream.of(thinking(message), content.thinking)),
                content.hasOther
                        || !message.path("tool_calls").isEmpty()
                        || message.path("function_call").isObject());
    }

    private static String thinking(JsonNode message) {
        return THINKING_MEMBERS.stream()
                .map(name -> plainText(message.path(name)))
                .filter(text -> !text.isBlank())
                .findFirst()
                .orElse("");
    }

    private static MessageContent ofContent(JsonNode content) {
        if (content.isArray()) {
            List<MessageContent> parts =
                    content.valueStream().map(MessageContent::ofPart).toList();
            return new MessageContent(
                    joined("", parts.stream().map(MessageContent::text)),
                    joined("", parts.stream().map(MessageContent::refusal)),
                    joined("", parts.stream().map(MessageContent::thinking)),
                    parts.stream().anyMatch(MessageContent::hasOther));
        }
        return ofPart(content);
    }

    private static MessageContent ofPart(JsonNode part) {
        if (part.isNull() || part.isMissingNode()) {
            return NONE;
        }
        if (part.isValueNode()) {
            return new MessageContent(part.asText(), "", "", false);
        }
        String type = part.path("type").asText("").toLowerCase(Locale.ROOT);
        if (THINKING_TYPES.contains(type) || part.path("thought").asBoolean(false)) {
            return new MessageContent("", "", plainText(part), false);
        }
        if (type.equals("refusal")) {
            return new MessageContent("", plainText(part), "", false);
        }
        // A part of an unknown type that has a text is judged, as it may be shown.
        String text = plainText(part);
        return new MessageContent(text, "", "", text.isEmpty());
    }

    private static String plainText(JsonNode node) {
        return plainText(node, MAX_DEPTH);
    }

    /** Returns the text of a value in any of the forms in which endpoints nest it. */
    private static String plainText(JsonNode node, int depth) {
        if (node.isTextual()) {
            return node.textValue();
        }
        if (!node.isContainerNode() || depth == 0) {
            return "";
        }
        if (node.isArray()) {
            return joined("", node.valueStream().map(each -> plainText(each, depth - 1)));
        }
        return TEXT_MEMBERS.stream()
                .map(name -> plainText(node.path(name), depth - 1))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String joined(String separator, Stream<String> texts) {
        return texts.filter(text -> !text.isEmpty()).collect(Collectors.joining(separator));
    }

    /** Returns lengths, never texts, which may be private. */
    @Override
    public String toString() {
        return "MessageContent[text=" + text.length() + " chars, refusal=" + refusal.length() + " chars, thinking="
                + thinking.length() + " chars, hasOther=" + hasOther + "]";
    }
}
