package org.donotanswer.examples.chatbot;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** Takes the place of your model: streams scripted responses word by word, on its own threads. Thread-safe. */
final class ScriptedChatModel implements StreamingChatModel, AutoCloseable {
    /** The speed of the model. */
    interface Pace {
        /** Waits until it is time for the next word. */
        void next() throws InterruptedException;
    }

    private static final Pattern AFTER_SPACE = Pattern.compile("(?<= )");

    private final ChatScript script;
    private final Pace pace;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "scripted-model");
        thread.setDaemon(true);
        return thread;
    });

    ScriptedChatModel(ChatScript script, Pace pace) {
        this.script = script;
        this.pace = pace;
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        String response = response(request.messages());
        threads.execute(() -> {
            try {
                write(response, handler);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                handler.onError(e);
            } catch (RuntimeException e) {
                // As models do with every failure, including the handler's own exceptions.
                handler.onError(e);
            }
        });
    }

    private String response(List<ChatMessage> messages) {
        String question = ((UserMessage) messages.get(messages.size() - 1)).singleText();
        if (!ChatScript.isAboutMemory(question)) {
            return script.response(question);
        }
        return messages.stream()
                .filter(AiMessage.class::isInstance)
                .reduce((first, second) -> second)
                .map(message -> "What I remember is: " + ((AiMessage) message).text())
                .orElse("Nothing yet.");
    }

    private void write(String response, StreamingChatResponseHandler handler) throws InterruptedException {
        Handle handle = new Handle();
        PartialResponseContext context = new PartialResponseContext(handle);
        for (String word : AFTER_SPACE.split(response, -1)) {
            pace.next();
            if (handle.isCancelled()) {
                return;
            }
            handler.onPartialResponse(new PartialResponse(word), context);
        }
        if (!handle.isCancelled()) {
            handler.onCompleteResponse(ChatResponse.builder()
                    .aiMessage(AiMessage.from(response))
                    .finishReason(FinishReason.STOP)
                    .build());
        }
    }

    private static final class Handle implements StreamingHandle {
        private volatile boolean cancelled;

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
