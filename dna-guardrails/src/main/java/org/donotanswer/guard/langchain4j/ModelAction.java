package org.donotanswer.guard.langchain4j;

/**
 * What becomes of an answer that a {@link GuardedChatModel} or {@link GuardedStreamingChatModel} does not let pass. Immutable,
 * hence thread-safe.
 */
public enum ModelAction {
    /**
     * The policy's replacement is the answer. In a stream that has shown a part already, it comes as the last part, after an
     * empty line; the complete response, which chat memories keep, is the replacement alone, so that the model is not led to go
     * on with an answer that was broken off. Its reason to finish is the framework's {@code CONTENT_FILTER}. The default.
     */
    REPLACE,
    /**
     * The call, or the stream, fails with a {@link org.donotanswer.guard.BlockedException}. Chat memories keep the question without
     * an answer.
     */
    ERROR
}
