package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.FinishReasons.Meaning;

/**
 * Reads the reply in the body of a response whose status is a good one. The body may all the same report an error, at
 * its top, in its choice, or beside a text that the error cut short: that is a failure, unless a content filter
 * intervened. Immutable, hence thread-safe.
 *
 * @param model the name of the model as the request has it
 * @param path the address that was asked, for messages
 * @param withKey whether the request had a key
 */
record ReplyReader(String model, String path, boolean withKey) {
    /**
     * Returns the reply.
     *
     * @throws ChatException if there is none, or only a part of one
     */
    ChatReply read(JsonNode whole) throws ChatException {
        JsonNode body = whole.isArray() && whole.size() == 1 ? whole.get(0) : whole;
        JsonNode choices = body.path("choices");
        if (!choices.isArray() || choices.isEmpty()) {
            return withoutChoice(body);
        }
        if (choices.size() > 1) {
            throw malformed("reply must have one choice, but had " + choices.size());
        }
        JsonNode choice = choices.get(0);
        JsonNode message = message(choice);
        MessageContent content = MessageContent.of(message);
        Optional<ErrorReply> error = Stream.of(body, choice, message)
                .map(ErrorReply::beside)
                .flatMap(Optional::stream)
                .findFirst();
        if (error.isPresent()) {
            return replyOrThrow(error.get(), body, content);
        }
        Meaning meaning = FinishReasons.of(choice);
        if (meaning.isFailure()) {
            throw failure(meaning, choice);
        }
        return message.isMissingNode() ? withoutMessage(meaning, choice, body) : reply(meaning, choice, body, content);
    }

    private ChatReply withoutChoice(JsonNode body) throws ChatException {
        Optional<ErrorReply> error = ErrorReply.insteadOfReply(body);
        if (error.isPresent()) {
            return replyOrThrow(error.get(), body, MessageContent.of(body.path("message")));
        }
        if (isWithheld(body)) {
            return reply(Finish.CONTENT_FILTER, "", Optional.empty(), body);
        }
        throw malformed("reply must have a choice, but had none");
    }

    private ChatReply replyOrThrow(ErrorReply error, JsonNode body, MessageContent content) throws ChatException {
        if (error.isContentFilter()) {
            return reply(Finish.CONTENT_FILTER, content.text(), thinking(content), body);
        }
        throw error.toException(model, path, withKey);
    }

    /**
     * Returns whether a filter withheld everything. Azure and Gemini say so; Gemini's compatible endpoint counts the
     * tokens of the request and has nothing else.
     */
    private static boolean isWithheld(JsonNode body) {
        JsonNode usage = body.path("usage");
        return Stream.of("/promptFeedback/blockReason", "/prompt_feedback/block_reason")
                        .anyMatch(pointer -> body.at(pointer).isTextual())
                || isFiltered(body.path("prompt_filter_results"))
                || body.path("candidates")
                        .valueStream()
                        .anyMatch(candidate -> FinishReasons.of(candidate) == Meaning.CONTENT_FILTER)
                || (body.path("object").asText("").equals("chat.completion")
                        && usage.path("prompt_tokens").asLong() > 0
                        && usage.path("completion_tokens").asLong() == 0);
    }

    private static boolean isFiltered(JsonNode results) {
        return results.findValues("filtered").stream().anyMatch(JsonNode::asBoolean);
    }

    /** Returns the message; some servers send a delta, as in streams, or a text, as before there were chats. */
    private static JsonNode message(JsonNode choice) {
        return Stream.of("message", "delta", "text")
                .map(choice::path)
                .filter(node -> node.isObject() || node.isTextual())
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private ChatReply withoutMessage(Meaning meaning, JsonNode choice, JsonNode body) throws ChatException {
        if (meaning == Meaning.CONTENT_FILTER || meaning == Meaning.REFUSAL || isFiltered(choice)) {
            return reply(
                    meaning == Meaning.REFUSAL ? Finish.REFUSAL : Finish.CONTENT_FILTER, "", Optional.empty(), body);
        }
        throw malformed("choice of the reply must have a message, but had none");
    }

    private ChatReply reply(Meaning meaning, JsonNode choice, JsonNode body, MessageContent content)
            throws ChatException {
        if (!content.refusal().isBlank()) {
            String text = content.text().isBlank() ? content.refusal() : content.text();
            return reply(Finish.REFUSAL, text, thinking(content), body);
        }
        boolean empty = content.text().isBlank() && content.thinking().isBlank();
        if (empty && isFiltered(choice.path("content_filter_results"))) {
            return reply(Finish.CONTENT_FILTER, content.text(), Optional.empty(), body);
        }
        if (empty && meaning == Meaning.OTHER) {
            throw malformed(
                    content.hasOther()
                            ? "content of the reply must have text, but had other parts only"
                            : "reply must have a text or a reason to have none, but had neither");
        }
        return reply(meaning.finish(), content.text(), thinking(content), body);
    }

    private static Optional<String> thinking(MessageContent content) {
        return Optional.of(content.thinking()).filter(text -> !text.isBlank());
    }

    private ChatReply reply(Finish finish, String text, Optional<String> thinking, JsonNode body) {
        String name = body.path("model").asText("");
        return new ChatReply(text, finish, usage(body), name.isEmpty() ? model : name, thinking).dividingThinking();
    }

    private static TokenUsage usage(JsonNode body) {
        JsonNode usage = body.path("usage");
        return new TokenUsage(
                Math.max(0, usage.path("prompt_tokens").asLong()),
                Math.max(0, usage.path("completion_tokens").asLong()));
    }

    private static ChatException failure(Meaning meaning, JsonNode choice) {
        String reason = choice.path("finish_reason").asText("");
        return new ChatException(
                "reply must be complete, but ended in a failure"
                        + (ErrorReply.isIdentifier(reason) ? " (finish reason " + reason + ")" : ""),
                meaning == Meaning.MALFORMED ? FailureKind.MALFORMED_REPLY : FailureKind.SERVER_FAILURE);
    }

    private static ChatException malformed(String message) {
        return new ChatException(message, FailureKind.MALFORMED_REPLY);
    }
}
