package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.donotanswer.classifier.chat.ChatException.FailureKind;

/**
 * Puts the events of a stream together to the body of one reply, for endpoints that stream although they were not asked
 * to. Not thread-safe.
 */
final class EventStream {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    private static final Pattern BEGIN = Pattern.compile("\\s*+(?:(?::|event:|id:|retry:)[^\\n]*+\\n\\s*+)*+data:");
    private static final Pattern EVENT_END = Pattern.compile("\\r?\\n\\s*\\r?\\n");
    private static final String DATA = "data:";
    private static final String DONE = "[DONE]";
    private static final List<String> OF_BODY = List.of("model", "usage", "object", "error", "prompt_filter_results");
    private static final List<String> OF_CHOICE =
            List.of("finish_reason", "native_finish_reason", "content_filter_results", "error");

    private final ObjectNode body = MAPPER.createObjectNode();
    private final ObjectNode choice = MAPPER.createObjectNode();
    private final ObjectNode message = MAPPER.createObjectNode();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private boolean hasChoice;
    private boolean done;

    private EventStream() {}

    /**
     * Returns the body of the reply; empty if the text is no stream.
     *
     * @throws ChatException if the stream ended before its end, or an event is malformed
     */
    static Optional<JsonNode> body(String text) throws ChatException {
        if (!BEGIN.matcher(text).lookingAt()) {
            return Optional.empty();
        }
        EventStream stream = new EventStream();
        for (String event : EVENT_END.split(text, -1)) {
            stream.add(event);
        }
        return Optional.of(stream.toBody());
    }

    private void add(String event) throws ChatException {
        StringBuilder data = new StringBuilder();
        event.lines().filter(line -> line.startsWith(DATA)).forEach(line -> {
            data.append(data.isEmpty() ? "" : "\n")
                    .append(line.substring(DATA.length()).strip());
        });
        if (data.isEmpty()) {
            return;
        }
        if (data.toString().equals(DONE)) {
            done = true;
            return;
        }
        try {
            add(MAPPER.readTree(data.toString()));
        } catch (JsonProcessingException e) {
            // Not the cause, whose message quotes the text.
            throw new ChatException("event of the reply must be JSON, but was not", FailureKind.MALFORMED_REPLY);
        }
    }

    private void add(JsonNode chunk) {
        copy(chunk, body, OF_BODY);
        for (JsonNode each : chunk.path("choices")) {
            hasChoice = true;
            copy(each, choice, OF_CHOICE);
            JsonNode delta = each.path(each.has("delta") ? "delta" : each.has("message") ? "message" : "text");
            MessageContent content = MessageContent.of(delta);
            text.append(content.text());
            refusal.append(content.refusal());
            thinking.append(content.thinking());
            copy(delta, message, List.of("tool_calls", "function_call"));
        }
    }

    private static void copy(JsonNode from, ObjectNode to, List<String> names) {
        for (String name : names) {
            if (from.hasNonNull(name)) {
                to.set(name, from.get(name));
            }
        }
    }

    private JsonNode toBody() throws ChatException {
        if (!done && !choice.has("finish_reason") && !body.has("error") && !choice.has("error")) {
            throw new ChatException(
                    "connection to the endpoint must hold, but was broken: the stream has no end",
                    FailureKind.CONNECTION);
        }
        if (hasChoice) {
            message.put("content", text.toString());
            message.put("refusal", refusal.toString());
            message.put("reasoning_content", thinking.toString());
            choice.set("message", message);
            body.putArray("choices").add(choice);
        }
        return body;
    }
}
