package org.donotanswer.classifier.chat;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An LLM that answers one request at a time, without memory. Implementations are thread-safe.
 *
 * <p>{@link OpenAiChatModel} talks to an endpoint. {@link LangChain4jChatModel} and {@link SpringAiChatModel} adapt the
 * chat models of these frameworks.
 */
public interface ChatModel extends AutoCloseable {
    /**
     * Returns the model's reply.
     *
     * @throws ChatException if there is none; its kind says why, and whether trying again may help
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws IllegalArgumentException if the system prompt or the user message is blank
     * @throws IllegalStateException if this model is closed
     */
    ChatReply chat(ChatRequest request) throws ChatException, InterruptedException;

    /** Returns the name of the model, as its endpoint knows it. */
    String name();

    /**
     * Returns the settings of this model that influence its replies, for example the temperature, as far as they are
     * known. They become part of provenance and of the key under which replies are cached. Never a key or another
     * secret.
     */
    default SortedMap<String, String> settings() {
        return Collections.unmodifiableSortedMap(new TreeMap<>());
    }

    /** Releases the resources of this model. Closing it again has no effect. */
    @Override
    void close();
}
