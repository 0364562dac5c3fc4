package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.jspecify.annotations.Nullable;

/** Converts requests and replies to and from those of LangChain4j. Stateless, hence thread-safe. */
final class LangChain4jMessages {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> OBJECT_MEMBERS = Set.of("type", "properties", "required", "additionalProperties");

    private LangChain4jMessages() {}

    /**
     * Returns the request of LangChain4j.
     *
     * @throws IllegalArgumentException if the system prompt or the user message is blank
     */
    static dev.langchain4j.model.chat.request.ChatRequest toRequest(
            ChatRequest request, Function<JsonReplySchema, JsonSchemaElement> toElement) {
        request.requireText();
        List<ChatMessage> messages = new ArrayList<>();
        request.system().ifPresent(system -> messages.add(SystemMessage.from(system)));
        messages.add(UserMessage.from(request.user()));
        var builder = dev.langchain4j.model.chat.request.ChatRequest.builder().messages(messages);
        request.schema()
                .ifPresent(schema -> builder.responseFormat(ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(JsonSchema.builder()
                                .name(schema.name())
                                .rootElement(toElement.apply(schema))
                                .build())
                        .build()));
        return builder.build();
    }

    /** Returns the schema as it is. Few of LangChain4j's models support this. */
    static JsonSchemaElement toRawElement(JsonReplySchema schema) {
        return JsonRawSchema.from(schema.json());
    }

    /**
     * Returns the schema as elements, which most models support, or as it is if it needs more than simple properties.
     */
    static JsonSchemaElement toElement(JsonReplySchema schema) {
        try {
            return toObject(JSON.readTree(schema.json())).orElseGet(() -> toRawElement(schema));
        } catch (JsonProcessingException e) {
            return toRawElement(schema);
        }
    }

    private static Optional<JsonSchemaElement> toObject(JsonNode schema) {
        List<String> members = new ArrayList<>();
        schema.fieldNames().forEachRemaining(members::add);
        if (!schema.path("type").asText().equals("object") || !OBJECT_MEMBERS.containsAll(members)) {
            return Optional.empty();
        }
        Map<String, JsonSchemaElement> properties = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            Optional<JsonSchemaElement> element = toProperty(property.getValue());
            if (element.isEmpty()) {
                return Optional.empty();
            }
            properties.put(property.getKey(), element.get());
        }
        JsonObjectSchema.Builder object =
                JsonObjectSchema.builder().addProperties(properties).required(strings(schema.path("required")));
        if (schema.has("additionalProperties")) {
            object.additionalProperties(schema.path("additionalProperties").asBoolean(true));
        }
        return Optional.of(object.build());
    }

    private static Optional<JsonSchemaElement> toProperty(JsonNode property) {
        boolean isEnum = property.has("enum");
        if (property.size() > (isEnum ? 2 : 1)) {
            return Optional.empty();
        }
        return switch (property.path("type").asText()) {
            case "string" ->
                Optional.of(
                        isEnum
                                ? JsonEnumSchema.builder()
                                        .enumValues(strings(property.path("enum")))
                                        .build()
                                : JsonStringSchema.builder().build());
            case "boolean" -> Optional.of(JsonBooleanSchema.builder().build());
            case "number" -> Optional.of(JsonNumberSchema.builder().build());
            default -> Optional.empty();
        };
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(each -> strings.add(each.asText()));
        return strings;
    }

    /**
     * Returns the reply; if the response does not name its model, under the given name.
     *
     * @throws ChatException if the response has neither a text nor a reason to have none
     */
    static ChatReply toReply(ChatResponse response, String defaultName) throws ChatException {
        AiMessage message = response.aiMessage();
        String text = message.text() == null ? "" : message.text();
        Optional<String> thinking = Optional.ofNullable(message.thinking()).filter(each -> !each.isBlank());
        var usage = response.tokenUsage();
        String model = response.modelName();
        Finish finish = toFinish(response.finishReason());
        if (text.isBlank() && thinking.isEmpty() && finish == Finish.OTHER && !message.hasToolExecutionRequests()) {
            throw new ChatException(
                    "reply must have a text or a reason to have none, but had neither", FailureKind.MALFORMED_REPLY);
        }
        return new ChatReply(
                        text,
                        finish,
                        usage == null
                                ? TokenUsage.NONE
                                : TokenUsage.ofCounts(usage.inputTokenCount(), usage.outputTokenCount()),
                        model == null ? defaultName : model,
                        thinking)
                .dividingThinking();
    }

    private static Finish toFinish(@Nullable FinishReason reason) {
        return FinishReasons.of(reason == null ? null : reason.name()).finish();
    }
}
