package org.donotanswer.guard.langchain4j;

/** What happens to a response that a {@link GuardedChatModel} or {@link GuardedStreamingChatModel} blocks. Immutable, hence thread-safe. */
public enum ModelAction {
    /**
     * The policy's replacement is returned instead, with the finish reason {@code CONTENT_FILTER}. If part of a stream was already
     * shown, the replacement follows as the last part, after an empty line; the complete response, which chat memories keep, is the
     * replacement alone, so that the model does not go on with a response that was cut off. The default.
     */
    REPLACE,
    /**
     * The call or the stream fails with a {@link org.donotanswer.guard.BlockedException}. Chat memories keep the instruction without
     * a response.
     */
    ERROR
}
