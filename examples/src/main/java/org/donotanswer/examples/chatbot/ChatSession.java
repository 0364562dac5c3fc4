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
 * What one person and the chatbot say to each other. It has a guard of its own, which costs next to nothing, so that it knows whom
 * to tell of verdicts. Thread-safe; one turn at a time.
 */
final class ChatSession implements AutoCloseable {
    private static final int REMEMBERED_MESSAGES = 20;
    private static final String NO_ANSWER = "...";
    private static final int STOP_SECONDS = 10;

    /** What LangChain4j makes an implementation of. */
    interface Assistant {
        TokenStream chat(String message);
    }

    private final SafetyGuard guard;
    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(REMEMBERED_MESSAGES);
    private final Assistant assistant;
    private final Semaphore free = new Semaphore(1);
    private volatile @Nullable Turn turn;
    private volatile Locale language = Locale.ENGLISH;

    ChatSession(StreamingChatModel model, SafetyEvaluator evaluator, SafetyPolicy policy) {
        guard = SafetyGuard.builder()
                .evaluator(evaluator)
                .policy(policy)
                .listener((verdict, instruction, text) -> {
                    Turn present = turn;
                    if (present != null) {
                        present.verdict(verdict);
                    }
                })
                .build();
        // Text comes sooner than by default, and a refusal at the beginning hides nothing of what follows it.
        StreamGuard stream = StreamGuard.builder()
                .guard(guard)
                .minimumStep(200)
                .maximumStep(400)
                .overlap(100)
                .head(0)
                .build();
        assistant = AiServices.builder(Assistant.class)
                .streamingChatModel(GuardedStreamingChatModel.builder(model, stream)
                        .locale(request -> language)
                        .build())
                .chatMemory(memory)
                .build();
    }

    /** Begins a turn, whose answer is replaced in a language if need be; returns false if the last one has not ended. */
    boolean begin(Locale replacements) {
        if (!free.tryAcquire()) {
            return false;
        }
        language = replacements;
        return true;
    }

    /** Has the chatbot answer, and returns when it has, or nobody reads it any more. */
    void answer(String message, Turn to) throws InterruptedException {
        turn = to;
        try {
            assistant
                    .chat(message)
                    .onPartialResponseWithContext((part, context) -> {
                        to.text(part.text(), context.streamingHandle());
                    })
                    .onCompleteResponse(response -> to.end())
                    .onError(error -> to.fail())
                    .start();
            to.await();
        } finally {
            turn = null;
            if (to.isBrokenOff()) {
                // Else the next question would be taken for the rest of this one.
                memory.add(AiMessage.from(NO_ANSWER));
            }
        }
    }

    /** Ends the turn. */
    void end() {
        free.release();
    }

    /** Has the present turn end, if there is one; returns whether it did before long. */
    boolean stop() throws InterruptedException {
        Turn present = turn;
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
