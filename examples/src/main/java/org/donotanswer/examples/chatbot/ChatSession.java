package org.donotanswer.examples.chatbot;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.langchain4j.GuardedStreamingChatModel;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.jspecify.annotations.Nullable;

/**
 * One person's conversation with the chatbot. It has its own guard, which costs next to nothing, so that verdicts go to the right
 * browser. Thread-safe; one turn at a time.
 */
final class ChatSession implements AutoCloseable {
    private static final int MAX_MESSAGES = 20;
    private static final String NO_RESPONSE = "...";
    private static final int STOP_SECONDS = 10;

    /** Implemented by LangChain4j. */
    interface ChatService {
        TokenStream chat(String message);
    }

    private final SafetyGuard guard;
    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(MAX_MESSAGES);
    private final ChatService assistant;
    private final Semaphore free = new Semaphore(1);
    private volatile @Nullable ResponseEvents current;
    private volatile Locale language = Locale.ENGLISH;

    ChatSession(StreamingChatModel model, SafetyEvaluator evaluator, SafetyPolicy policy) {
        guard = SafetyGuard.builder()
                .evaluator(evaluator)
                .policy(policy)
                .listener((verdict, instruction, text) -> {
                    ResponseEvents present = current;
                    if (present != null) {
                        present.verdict(verdict);
                    }
                })
                .build();
        // Without a head, a refusal at the beginning hides nothing that follows it.
        StreamGuard stream = StreamGuard.builder()
                .guard(guard)
                .minimumStep(200)
                .maximumStep(400)
                .overlap(100)
                .head(0)
                .build();
        assistant = AiServices.builder(ChatService.class)
                .streamingChatModel(GuardedStreamingChatModel.builder(model, stream)
                        .locale(request -> language)
                        .build())
                .chatMemory(memory)
                .build();
    }

    /** Begins a turn with the given language for replacements; returns false if the last turn has not ended. */
    boolean begin(Locale replacementLanguage) {
        if (!free.tryAcquire()) {
            return false;
        }
        language = replacementLanguage;
        return true;
    }

    /** Has the chatbot respond, and returns when the response is complete or is no longer read. */
    void respond(String message, ResponseEvents events) throws InterruptedException {
        current = events;
        try {
            assistant
                    .chat(message)
                    .onPartialResponseWithContext((part, context) -> {
                        events.text(part.text(), context.streamingHandle());
                    })
                    .onCompleteResponse(response -> events.end())
                    .onError(error -> events.fail())
                    .start();
            events.await();
        } finally {
            current = null;
            if (events.isBrokenOff()) {
                // Otherwise the next message would count as part of this one.
                memory.add(AiMessage.from(NO_RESPONSE));
            }
        }
    }

    /** Ends the turn. */
    void end() {
        free.release();
    }

    /** Ends the current turn, if there is one; returns whether it ended in time. */
    boolean stop() throws InterruptedException {
        ResponseEvents present = current;
        if (present != null) {
            present.leave();
        }
        if (!free.tryAcquire(STOP_SECONDS, TimeUnit.SECONDS)) {
            return false;
        }
        free.release();
        return true;
    }

    @Override
    public void close() {
        guard.close();
    }
}
