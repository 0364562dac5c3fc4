package org.donotanswer.classifier.chat;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.evaluate.ResponseText;

/**
 * The reply of an LLM. Immutable, hence thread-safe.
 *
 * @param text the answer; empty if there is none
 * @param finish why the model stopped
 * @param usage the number of tokens
 * @param model the name of the model that replied, as the endpoint reports it, often with a version
 * @param thinking what the model thought before it answered, as far as the endpoint sends it; empty if it does not
 */
public record ChatReply(String text, Finish finish, TokenUsage usage, String model, Optional<String> thinking) {
    /** Checks that nothing is null. */
    public ChatReply {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(finish, "finish");
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(thinking, "thinking");
    }

    /** Creates a reply without thinking. */
    public ChatReply(String text, Finish finish, TokenUsage usage, String model) {
        this(text, finish, usage, model, Optional.empty());
    }

    /**
     * Returns this reply with thinking that is still in its text, in the markup of known models, kept beside it, as
     * {@link ResponseText} describes. The chat models of this library return such replies. If the text ends within the
     * thinking, there is no answer, and the model has not simply stopped: {@link Finish#STOP} becomes {@link
     * Finish#OTHER}.
     */
    public ChatReply dividingThinking() {
        ResponseText divided = ResponseText.of(text);
        if (divided.answer().length() == text.length()) {
            return this;
        }
        String all =
                Stream.concat(thinking.stream(), divided.thinking().stream()).collect(Collectors.joining("\n\n"));
        return new ChatReply(
                divided.answer(),
                divided.cutOff() && finish == Finish.STOP ? Finish.OTHER : finish,
                usage,
                model,
                Optional.of(all).filter(each -> !each.isEmpty()));
    }

    /** The reasons why a model stopped. */
    public enum Finish {
        /** The reply is complete. */
        STOP,
        /** The reply was cut off at the limit of tokens. */
        LENGTH,
        /** The endpoint's content filter withheld the reply or part of it. */
        CONTENT_FILTER,
        /** The endpoint marked the reply as a refusal of the model. */
        REFUSAL,
        /** Another reason, or none is reported. */
        OTHER
    }

    /** Returns the reply without its texts. */
    @Override
    public String toString() {
        return "ChatReply[text=" + text.length() + " chars, finish=" + finish + ", usage=" + usage + ", model=" + model
                + thinking.map(each -> ", thinking=" + each.length() + " chars").orElse("") + "]";
    }
}
