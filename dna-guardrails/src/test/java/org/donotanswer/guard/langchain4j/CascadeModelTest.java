package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.StreamingChatModel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.donotanswer.evaluate.Cascade;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.HangingEvaluation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.ScriptedEvaluator;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guarded models with a cascade whose last stage may wait judge on the guard's threads within the deadline. */
@Timeout(60)
class CascadeModelTest {
    private static final String RESPONSE = "First boil the water. Then pour it over the leaves. Enjoy it!";

    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private final HangingEvaluation hanging = HangingEvaluation.interruptible();
    private final SafetyGuard noting = guard(ScriptedEvaluator.slow(exchange -> {
        threads.add(Thread.currentThread().getName());
        return ScriptedEvaluator.byWord(exchange);
    }));
    private final SafetyGuard hurried = guard(hanging.evaluator(), Duration.ofMillis(50));

    @AfterEach
    void close() {
        hanging.end.countDown();
        noting.close();
        hurried.close();
    }

    private static SafetyGuard guard(SafetyEvaluator last) {
        return guard(last, Duration.ofMinutes(1));
    }

    /** Returns a guard with a cascade whose quick first stage is never sure. */
    private static SafetyGuard guard(SafetyEvaluator last, Duration deadline) {
        return SafetyGuard.builder()
                .evaluator(Cascade.builder()
                        .stage(ScriptedEvaluator.quick(exchange -> ScriptedEvaluator.harm(0.5)))
                        .last(last)
                        .build())
                .deadline(deadline)
                .build();
    }

    private void assertOnWorkers() {
        assertThat(threads).isNotEmpty().allMatch(name -> name.startsWith("safety-guard-"));
    }

    @Test
    void chat_runsOnTheGuardsThreadsInTime() {
        assertThat(GuardedChatModel.of(ScriptedModel.saying(RESPONSE), noting).chat("How do I make tea?"))
                .isEqualTo(RESPONSE);
        assertOnWorkers();
        assertThat(GuardedChatModel.of(ScriptedModel.saying(RESPONSE), hurried).chat("How do I make tea?"))
                .isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
    }

    @Test
    void stream_runsOnTheGuardsThreadsInTime() throws InterruptedException {
        assertThat(stream(noting)).isEqualTo(RESPONSE);
        assertOnWorkers();
        assertThat(stream(hurried)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
    }

    private static String stream(SafetyGuard guard) throws InterruptedException {
        StreamingChatModel model = GuardedStreamingChatModel.of(ScriptedStreamingModel.saying(RESPONSE), guard);
        Received received = new Received();
        model.chat("How do I make tea?", received);
        assertThat(received.ended.await(30, TimeUnit.SECONDS)).isTrue();
        return received.response();
    }
}
