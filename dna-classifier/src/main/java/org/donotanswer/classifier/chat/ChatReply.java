package org.donotanswer.classifier.chat;

import java.util.Objects;

/**
 * The reply of an LLM. Immutable, hence thread-safe.
 *
 * @param text the text; empty if there is none
 * @param finish why the model stopped
 * @param usage the number of tokens
 * @param model the name of the model that replied, as the endpoint reports it, often with a version
 */
public record ChatReply(String text, Finish finish, TokenUsage usage, String model) {
    /** Checks that nothing is null. */
    public ChatReply {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(finish, "finish");
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(model, "model");
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

    /** Returns the reply without its text. */
    @Override
    public String toString() {
        return "ChatReply[text=" + text.length() + " chars, finish=" + finish + ", usage=" + usage + ", model=" + model
                + "]";
    }
}
