package org.donotanswer.guard.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Makes what newer releases of the framework have, and hands it to handlers. What the release at hand does not have is left out. */
final class NewerEvents {
    private static final String PACKAGE = "dev.langchain4j.model.chat.response.";

    private NewerEvents() {}

    /** Returns whether the release at hand has the context by which streams are cancelled. */
    static boolean areThere() {
        return Newer.type(PACKAGE + "PartialResponseContext").isPresent();
    }

    static void completeToolCall(StreamingChatResponseHandler handler, ToolExecutionRequest call) {
        tell(
                handler,
                "onCompleteToolCall",
                "CompleteToolCall",
                new Class<?>[] {int.class, ToolExecutionRequest.class},
                0,
                call);
    }

    static void partialThinking(StreamingChatResponseHandler handler, String text) {
        tell(handler, "onPartialThinking", "PartialThinking", new Class<?>[] {String.class}, text);
    }

    static void rawEvent(StreamingChatResponseHandler handler, Object event) {
        Newer.method(StreamingChatResponseHandler.class, "onUnmappedRawEvent", Object.class)
                .ifPresent(method -> Newer.call(method, handler, event));
    }

    static void partialToolCall(StreamingChatResponseHandler handler, String arguments) {
        Newer.type(PACKAGE + "PartialToolCall").ifPresent(type -> {
            Object builder = Newer.call(method(type, "builder"), null);
            Class<?> builderType = Objects.requireNonNull(builder).getClass();
            Newer.call(method(builderType, "index", int.class), builder, 0);
            Newer.call(method(builderType, "name", String.class), builder, "time");
            Newer.call(method(builderType, "partialArguments", String.class), builder, arguments);
            Object event = Newer.get(builder, "build");
            Newer.call(method(StreamingChatResponseHandler.class, "onPartialToolCall", type), handler, event);
        });
    }

    /** Hands on a token with a context whose handle sets the flag when it is cancelled; null if it cannot be. */
    static void token(StreamingChatResponseHandler handler, String text, @Nullable AtomicBoolean cancelled) {
        Class<?> part = Newer.type(PACKAGE + "PartialResponse").orElseThrow();
        Class<?> context = Newer.type(PACKAGE + "PartialResponseContext").orElseThrow();
        Class<?> handle = Newer.type(PACKAGE + "StreamingHandle").orElseThrow();
        InvocationHandler methods = (proxy, method, arguments) -> {
            if (method.getName().equals("cancel")) {
                if (cancelled == null) {
                    throw new UnsupportedFeatureException("not to be cancelled");
                }
                cancelled.set(true);
                return null;
            }
            return cancelled != null && cancelled.get();
        };
        Object flag = Proxy.newProxyInstance(handle.getClassLoader(), new Class<?>[] {handle}, methods);
        Newer.call(
                method(StreamingChatResponseHandler.class, "onPartialResponse", part, context),
                handler,
                create(part, new Class<?>[] {String.class}, text),
                create(context, new Class<?>[] {handle}, flag));
    }

    /** Returns a message with thoughts, where the release at hand has them. */
    static AiMessage thinking(String text, String thoughts) {
        AiMessage.Builder builder = AiMessage.builder().text(text).toolExecutionRequests(List.of());
        Newer.method(AiMessage.Builder.class, "thinking", String.class)
                .ifPresent(method -> Newer.call(method, builder, thoughts));
        return builder.build();
    }

    private static void tell(
            StreamingChatResponseHandler handler,
            String event,
            String type,
            Class<?>[] parameters,
            Object... arguments) {
        Optional<Class<?>> eventType = Newer.type(PACKAGE + type);
        eventType.ifPresent(of -> Newer.call(
                method(StreamingChatResponseHandler.class, event, of), handler, create(of, parameters, arguments)));
    }

    private static Object create(Class<?> type, Class<?>[] parameters, Object... arguments) {
        try {
            return type.getConstructor(parameters).newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getName() + " must be made of these", e);
        }
    }

    private static Method method(Class<?> owner, String name, Class<?>... parameters) {
        return Newer.method(owner, name, parameters).orElseThrow();
    }
}
