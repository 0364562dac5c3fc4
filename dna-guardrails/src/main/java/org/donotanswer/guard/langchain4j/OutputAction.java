package org.donotanswer.guard.langchain4j;

/**
 * What happens to a response that a {@link SafetyOutputGuardrail} blocks. The action is always {@link #FATAL} if the response may be
 * streamed, since the framework would show the blocked tokens after any other: if the service's method returns an interface ({@code
 * TokenStream}, {@code Multi}), an abstract class ({@code Flux}) or {@code Object}. Collections are exempt. Immutable, hence
 * thread-safe.
 */
public enum OutputAction {
    /** The call or the stream fails with the framework's exception, whose causes hold the verdict. The default. */
    FATAL,
    /** The model is asked the same again; if no response passes, the call fails as with {@link #FATAL}. */
    RETRY,
    /**
     * The model is asked again and told why; if no response passes, the call fails as with {@link #FATAL}. Without a chat memory, which
     * holds the messages to add to, it acts as {@link #RETRY}.
     */
    REPROMPT,
    /** The policy's replacement is returned instead. It is plain text, of no use to a service that returns objects. */
    REPLACE
}
