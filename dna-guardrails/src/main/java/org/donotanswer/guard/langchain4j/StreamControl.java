package org.donotanswer.guard.langchain4j;

import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The context that models bring with each part of an answer from 1.8 on: by it the stream can be told to stop, and by whoever
 * shows the answer, too. Thread-safe as far as the framework's is.
 */
final class StreamControl {
    private static final Optional<Class<?>> PART = Newer.type("dev.langchain4j.model.chat.response.PartialResponse");
    private static final Optional<Method> SHOW = PART.flatMap(part -> Newer.type(
                    "dev.langchain4j.model.chat.response.PartialResponseContext")
            .flatMap(context -> Newer.method(StreamingChatResponseHandler.class, "onPartialResponse", part, context)));

    // The interface's methods: those of an implementation may be out of reach.
    private static final Optional<Class<?>> HANDLE = Newer.type("dev.langchain4j.model.chat.response.StreamingHandle");

    private final Object context;

    StreamControl(Object context) {
        this.context = context;
    }

    /** Returns the text of a part of an answer. */
    static String text(Object part) {
        return (String) Objects.requireNonNull(Newer.call(part, "text"), "text");
    }

    /** Hands a part of an answer on, with the context. */
    void show(StreamingChatResponseHandler target, String text) {
        Newer.call(SHOW.orElseThrow(), target, part(text), context);
    }

    private static Object part(String text) {
        try {
            Constructor<?> constructor = PART.orElseThrow().getConstructor(String.class);
            return constructor.newInstance(text);
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("PartialResponse must be made of a text, but was not", e);
        }
    }

    boolean isCancelled() {
        return Boolean.TRUE.equals(call("isCancelled"));
    }

    void cancel() {
        call("cancel");
    }

    private @Nullable Object call(String name) {
        Object handle = Objects.requireNonNull(Newer.call(context, "streamingHandle"), "streamingHandle");
        return Newer.method(HANDLE.orElseThrow(), name)
                .map(method -> Newer.call(method, handle))
                .orElse(null);
    }
}
