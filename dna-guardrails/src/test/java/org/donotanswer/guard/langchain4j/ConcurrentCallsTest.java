package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.TokenStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;

/** Guards concurrent calls with one guardrail and with one model. */
class ConcurrentCallsTest {
    private static final int USERS = 200;
    private static final int THREADS = 16;

    private final SafetyGuard guard = SafetyGuard.of(new WordEvaluator());
    private final Map<Object, ChatMemory> memories = new ConcurrentHashMap<>();

    interface Bot {
        String chat(@MemoryId int user, @dev.langchain4j.service.UserMessage String message);
    }

    interface StreamingBot {
        TokenStream chat(@MemoryId int user, @dev.langchain4j.service.UserMessage String message);
    }

    private interface Call {
        void of(int user);
    }

    private static void eachUser(Call call) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                int user = i;
                calls.add(threads.submit(() -> call.of(user)));
            }
            for (Future<?> each : calls) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private ChatMemory memory(Object user) {
        return memories.computeIfAbsent(user, id -> MessageWindowChatMemory.withMaxMessages(10));
    }

    private static String question(ChatRequest request) {
        return ((UserMessage) request.messages().get(0)).singleText();
    }

    @Test
    void guardrail_countsRetriesPerCall() throws InterruptedException, ExecutionException {
        Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
        ScriptedModel model = new ScriptedModel(request -> {
            String question = question(request);
            int times =
                    asked.computeIfAbsent(question, q -> new AtomicInteger()).incrementAndGet();
            return AiMessage.from(times == 1 ? "BAD answer" : "Answer to " + question);
        });
        Bot bot = AiServices.builder(Bot.class)
                .chatModel(model)
                .chatMemoryProvider(this::memory)
                .outputGuardrails(SafetyOutputGuardrail.builder(guard)
                        .action(OutputAction.RETRY)
                        .build())
                .build();

        assertThat(bot.chat(USERS, "first question")).isEqualTo("Answer to first question");

        eachUser(user -> assertThat(bot.chat(user, "question " + user)).isEqualTo("Answer to question " + user));

        assertThat(asked.values()).extracting(AtomicInteger::get).containsOnly(2);
        for (int user = 0; user < USERS; user++) {
            assertThat(memory(user).messages())
                    .containsExactly(
                            UserMessage.from("question " + user), AiMessage.from("Answer to question " + user));
        }
    }

    @Test
    void model_guardsStreamsIndependently() throws InterruptedException, ExecutionException {
        StreamingChatModel model = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                String question = question(request);
                String answer = "Here is what I know of " + question + ". It is "
                        + (question.endsWith("7") ? "BAD. Read on." : "fine. Read on.");
                ScriptedStreamingModel.words(answer).tell(handler);
            }
        };
        StreamGuard windows = StreamGuard.builder()
                .guard(guard)
                .minimumStep(10)
                .maximumStep(20)
                .overlap(5)
                .build();
        StreamingBot bot = AiServices.builder(StreamingBot.class)
                .streamingChatModel(GuardedStreamingChatModel.of(model, windows))
                .chatMemoryProvider(this::memory)
                .build();

        Received.of(bot.chat(USERS, "first question"));

        eachUser(user -> {
            Received received = Received.of(bot.chat(user, "question " + user));
            assertThat(received.shown()).startsWith("Here is what I").doesNotContain("BAD");
            assertThat(received.shown())
                    .endsWith(user % 10 == 7 ? SafetyPolicy.DEFAULT_REPLACEMENT : user + ". It is fine. Read on.");
        });

        for (int user = 0; user < USERS; user++) {
            List<ChatMessage> messages = memory(user).messages();
            assertThat(messages).hasSize(2).first().isEqualTo(UserMessage.from("question " + user));
            assertThat(((AiMessage) messages.get(1)).text().equals(SafetyPolicy.DEFAULT_REPLACEMENT))
                    .isEqualTo(user % 10 == 7);
        }
    }
}
