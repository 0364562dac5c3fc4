package org.donotanswer.guard.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
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
    private static final String PACKAGE = "dev.langchain4j.model.chat.response.";
    private static final Optional<Class<?>> PART = Newer.type(PACKAGE + "PartialResponse");
    private static final Optional<Class<?>> CONTEXT = Newer.type(PACKAGE + "PartialResponseContext");
    private static final Optional<Class<?>> HANDLE = Newer.type(PACKAGE + "StreamingHandle");

    private static final Optional<Method> TEXT = PART.flatMap(part -> Newer.method(part, "text"));
    private static final Optional<Method> SHOW = PART.flatMap(part -> CONTEXT.flatMap(
            context -> Newer.method(StreamingChatResponseHandler.class, "onPartialResponse", part, context)));
    private static final Optional<Method> GET_HANDLE =
            CONTEXT.flatMap(context -> Newer.method(context, "streamingHandle"));
    private static final Optional<Method> CANCEL = HANDLE.flatMap(handle -> Newer.method(handle, "cancel"));
    private static final Optional<Method> IS_CANCELLED = HANDLE.flatMap(handle -> Newer.method(handle, "isCancelled"));

    private final Object context;

    StreamControl(Object context) {
        this.context = context;
    }

    /** Returns the text of a part of an answer. */
    static String text(Object part) {
        return (String) Objects.requireNonNull(Newer.call(TEXT.orElseThrow(), part), "text");
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
        return Boolean.TRUE.equals(ofHandle(IS_CANCELLED));
    }

    /** Tells the model to stop, if it can. */
    void cancel() {
        try {
            ofHandle(CANCEL);
        } catch (UnsupportedFeatureException e) {
            // It goes on in vain.
        }
    }

    private @Nullable Object ofHandle(Optional<Method> method) {
        return Newer.call(method.orElseThrow(), Newer.call(GET_HANDLE.orElseThrow(), context));
    }
}
