package org.donotanswer.guard.langchain4j;

/**
 * What becomes of an answer that a {@link SafetyOutputGuardrail} does not let pass. In a stream it is always {@link #FATAL}: after
 * any other, the framework would hand on the very tokens that were blocked. Immutable, hence thread-safe.
 */
public enum OutputAction {
    /** The call, or the stream, fails with the framework's exception, whose cause tells the verdict. The default. */
    FATAL,
    /** The model is asked the same again, and if that does not help, it is {@link #FATAL}. */
    RETRY,
    /**
     * The model is asked again, and told why; if that does not help, it is {@link #FATAL}. Without a chat memory, in which the
     * framework finds what the model was asked, it is {@link #RETRY}.
     */
    REPROMPT,
    /** The policy's replacement is returned in its place. It is a text: of no use where a service returns objects. */
    REPLACE
}
