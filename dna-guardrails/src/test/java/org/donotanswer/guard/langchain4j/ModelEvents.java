package org.donotanswer.guard.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Sends the events of streaming models to handlers. */
final class ModelEvents {
    private ModelEvents() {}

    static void completeToolCall(StreamingChatResponseHandler handler, ToolExecutionRequest call) {
        handler.onCompleteToolCall(new CompleteToolCall(0, call));
    }

    static void partialThinking(StreamingChatResponseHandler handler, String text) {
        handler.onPartialThinking(new PartialThinking(text));
    }

    /** Sends a raw event, which the framework has from 1.17 on, and nothing before. */
    static void rawEvent(StreamingChatResponseHandler handler, Object event) {
        if (!LangChain4jVersionTest.isFrom(17)) {
            return;
        }
        try {
            Method method = StreamingChatResponseHandler.class.getMethod("onUnmappedRawEvent", Object.class);
            method.invoke(handler, event);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("handler must have onUnmappedRawEvent", e);
        }
    }

    static void partialToolCall(StreamingChatResponseHandler handler, String arguments) {
        handler.onPartialToolCall(PartialToolCall.builder()
                .index(0)
                .name("time")
                .partialArguments(arguments)
                .build());
    }

    /** Sends a token with a context whose handle sets the flag when it is cancelled; null if the model cannot be cancelled. */
    static void token(StreamingChatResponseHandler handler, String text, @Nullable AtomicBoolean cancelled) {
        StreamingHandle handle = new StreamingHandle() {
            @Override
            public void cancel() {
                if (cancelled == null) {
                    throw new UnsupportedFeatureException("not to be cancelled");
                }
                cancelled.set(true);
            }

            @Override
            public boolean isCancelled() {
                return cancelled != null && cancelled.get();
            }
        };
        handler.onPartialResponse(new PartialResponse(text), new PartialResponseContext(handle));
    }

    /** Returns a message with thoughts. */
    static AiMessage thinking(String text, String thoughts) {
        return AiMessage.builder().text(text).thinking(thoughts).build();
    }
}
