package org.donotanswer.dataset;

import java.util.Objects;

/**
 * An LLM's response to a question. Immutable, hence thread-safe.
 *
 * @param text as published; empty if the LLM returned nothing
 */
public record Response(Question question, Llm llm, String text) {
    /** Checks that nothing is null. */
    public Response {
        Objects.requireNonNull(question, "question");
        Objects.requireNonNull(llm, "llm");
        Objects.requireNonNull(text, "text");
    }

    /** Returns the response without its text. */
    @Override
    public String toString() {
        return "Response[questionId=" + question.id() + ", llm=" + llm + "]";
    }
}
