package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** More calls than can be evaluated, on a clock that only evaluations and the tests advance. */
@Timeout(60)
class OverloadTest {
    private static final Conversation QUESTION = Conversation.of("how?");
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final AtomicLong clock = new AtomicLong();
    private final Queue<Runnable> begun = new ArrayDeque<>();
    private final AtomicInteger evaluations = new AtomicInteger();
    private Duration evaluationTime = Duration.ofSeconds(1);
    private final ScriptedEvaluator evaluator = ScriptedEvaluator.slow(exchange -> {
        evaluations.incrementAndGet();
        advance(evaluationTime);
        return ScriptedEvaluator.harm(0);
    });
    private final SafetyGuard guard = builder(begun::add).build();

    private SafetyGuard.Builder builder(Executor executor) {
        return SafetyGuard.builder()
                .evaluator(evaluator)
                .executor(executor)
                .maxConcurrent(1)
                .deadline(DEADLINE)
                .clock(clock::get);
    }

    @AfterEach
    void close() {
        guard.close();
    }

    private void advance(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private CompletableFuture<Verdict> check(String text) {
        return guard.checkAsync(QUESTION, text);
    }

    private static Reason reason(CompletableFuture<Verdict> verdict) {
        // The timeout of the tests cannot interrupt a join.
        return verdict.orTimeout(30, TimeUnit.SECONDS).join().reason();
    }

    /** Lets the guard know how long an evaluation takes. */
    private void evaluateOnce() {
        evaluateOnce(guard);
    }

    private void evaluateOnce(SafetyGuard evaluating) {
        CompletableFuture<Verdict> first = evaluating.checkAsync(QUESTION, "first");
        begun.remove().run();
        assertThat(first.join().isChecked()).isTrue();
    }

    @Test
    void check_theWaitWouldExceedTheDeadline_isRefusedAtOnce() {
        evaluateOnce();
        List<CompletableFuture<Verdict>> inTime = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            inTime.add(check("in time " + i));
        }
        CompletableFuture<Verdict> tooLate = check("too late");

        assertThat(tooLate).isDone();
        assertThat(reason(tooLate)).isEqualTo(Reason.OVERLOADED);
        assertThat(tooLate.join().released()).isFalse();
        assertThat(inTime).noneMatch(CompletableFuture::isDone);
        while (!begun.isEmpty()) {
            begun.remove().run();
        }
        assertThat(inTime).allMatch(verdict -> verdict.join().isChecked());
        assertThat(evaluations).hasValue(6);
    }

    @Test
    void check_refusedByAGuardThatFailsOpen_isReleasedAndSaysSo() {
        try (SafetyGuard open = SafetyGuard.builder()
                .evaluator(evaluator)
                .executor(begun::add)
                .maxConcurrent(1)
                .maxWaiting(0)
                .failMode(FailMode.OPEN)
                .clock(clock::get)
                .build()) {
            CompletableFuture<Verdict> running = open.checkAsync(QUESTION, "running");
            Verdict refused = open.checkAsync(QUESTION, "refused").join();

            assertThat(running).isNotDone();
            assertThat(refused.released()).isTrue();
            assertThat(refused.isChecked()).isFalse();
            assertThat(refused.reason()).isEqualTo(Reason.OVERLOADED);
            assertThat(refused.outcome()).isNotEqualTo(Outcome.BLOCK);
        }
    }

    @Test
    void check_beforeAnyEvaluationEnded_waits() {
        CompletableFuture<Verdict> running = check("running");
        for (int i = 0; i < 100; i++) {
            assertThat(check("waiting " + i)).isNotDone();
        }
        assertThat(running).isNotDone();
    }

    @Test
    void check_tooLittleTimeLeft_givesItsTurnToTheNext() {
        evaluateOnce();
        CompletableFuture<Verdict> running = check("running");
        CompletableFuture<Verdict> late = check("late");
        advance(Duration.ofMillis(3_500));
        CompletableFuture<Verdict> next = check("next");
        begun.remove().run();

        assertThat(running.join().isChecked()).isTrue();
        assertThat(reason(late)).isEqualTo(Reason.OVERLOADED);
        begun.remove().run();
        assertThat(next.join().isChecked()).isTrue();
        assertThat(evaluator.asked)
                .extracting(exchange -> exchange.response())
                .containsExactly("first", "running", "next");
    }

    @Test
    void check_listenerOfALateOneBlocks_doesNotWaitForIt() {
        CountDownLatch goOn = new CountDownLatch(1);
        try (SafetyGuard listened = builder(begun::add)
                .listener((verdict, instruction, text) -> {
                    if (text.equals("late")) {
                        await(goOn);
                    }
                })
                .build()) {
            evaluateOnce(listened);
            CompletableFuture<Verdict> running = listened.checkAsync(QUESTION, "running");
            CompletableFuture<Verdict> late = listened.checkAsync(QUESTION, "late");
            advance(Duration.ofMillis(3_500));
            CompletableFuture<Verdict> next = listened.checkAsync(QUESTION, "next");
            begun.remove().run();

            assertThat(running).isDone();
            assertThat(running.join().isChecked()).isTrue();
            assertThat(late).isNotDone();
            assertThat(begun).hasSize(1);
            begun.remove().run();
            assertThat(next.join().isChecked()).isTrue();
            goOn.countDown();
            assertThat(reason(late)).isEqualTo(Reason.OVERLOADED);
        }
    }

    /** They wait in the executor, where the guard does not see them. */
    @Test
    void checks_executorWithFewerThreadsThanMaxConcurrent_areNotBegunTooLate() {
        try (SafetyGuard wide = SafetyGuard.builder()
                .evaluator(evaluator)
                .executor(begun::add)
                .maxConcurrent(16)
                .deadline(DEADLINE)
                .clock(clock::get)
                .build()) {
            evaluateOnce(wide);
            List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                verdicts.add(wide.checkAsync(QUESTION, "call " + i));
            }
            // One thread.
            while (!begun.isEmpty()) {
                begun.remove().run();
            }

            assertThat(verdicts.subList(0, 5))
                    .allMatch(verdict -> verdict.join().isChecked());
            assertThat(verdicts.subList(5, 11)).allMatch(verdict -> reason(verdict) == Reason.OVERLOADED);
            // Nobody waited any more.
            assertThat(evaluations).hasValue(7);
            assertThat(wide.workers().held()).isZero();
        }
    }

    /** On the test's clock the guard's timer has not yet ended it. */
    @Test
    void check_waitsInTheExecutorUntilItsDeadlineHasPassed_isNotEvaluated() {
        evaluateOnce();
        CompletableFuture<Verdict> waiting = check("waiting");
        advance(DEADLINE.plusNanos(1));
        assertThat(waiting).isNotDone();
        begun.remove().run();

        assertThat(reason(waiting)).isEqualTo(Reason.DEADLINE_EXCEEDED);
        assertThat(evaluations).hasValue(1);
        assertThat(guard.workers().held()).isZero();
        // Nor does it look like a quick evaluation: as before, five of a second each have time.
        List<CompletableFuture<Verdict>> next = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            next.add(check("next " + i));
        }
        assertThat(next.subList(0, 5)).noneMatch(CompletableFuture::isDone);
        assertThat(next.get(5)).isDone();
    }

    @Test
    void close_whileVerdictsOfLateChecksAreHeldUp_deliversThem() {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        SafetyGuard listened = builder(begun::add)
                .listener((verdict, instruction, text) -> {
                    if (text.equals("late")) {
                        held.countDown();
                        await(goOn);
                    }
                })
                .build();
        evaluateOnce(listened);
        CompletableFuture<Verdict> running = listened.checkAsync(QUESTION, "running");
        List<CompletableFuture<Verdict>> late =
                List.of(listened.checkAsync(QUESTION, "late"), listened.checkAsync(QUESTION, "late, too"));
        advance(Duration.ofMillis(3_500));
        CompletableFuture<Verdict> next = listened.checkAsync(QUESTION, "next");
        begun.remove().run();
        await(held);
        assertThat(running.join().isChecked()).isTrue();

        listened.close();
        assertThat(reason(next)).isEqualTo(Reason.CLOSED);
        assertThat(late).noneMatch(CompletableFuture::isDone);
        goOn.countDown();
        assertThat(late).allMatch(verdict -> reason(verdict) == Reason.OVERLOADED);
    }

    @Test
    void check_theExecutorRefusesTheNextOne_doesNotWaitForItsListener() {
        CountDownLatch goOn = new CountDownLatch(1);
        Executor executor = task -> {
            if (evaluations.get() > 0) {
                throw new RejectedExecutionException();
            }
            begun.add(task);
        };
        try (SafetyGuard listened = builder(executor)
                .listener((verdict, instruction, text) -> {
                    if (text.equals("refused")) {
                        await(goOn);
                    }
                })
                .build()) {
            CompletableFuture<Verdict> running = listened.checkAsync(QUESTION, "running");
            CompletableFuture<Verdict> refused = listened.checkAsync(QUESTION, "refused");
            begun.remove().run();

            assertThat(running).isDone();
            assertThat(running.join().isChecked()).isTrue();
            assertThat(refused).isNotDone();
            goOn.countDown();
            assertThat(reason(refused)).isEqualTo(Reason.OVERLOADED);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts listeners", e);
        }
    }

    @Test
    void check_tooLittleTimeLeftButNoneAfterIt_isBegun() {
        evaluateOnce();
        CompletableFuture<Verdict> running = check("running");
        CompletableFuture<Verdict> late = check("late");
        advance(Duration.ofMillis(3_500));
        begun.remove().run();

        assertThat(running).isDone();
        assertThat(late).isNotDone();
        assertThat(begun).hasSize(1);
    }

    @Test
    void check_evaluationsBecomeSlowAndQuickAgain_isRefusedOnlyMeanwhile() {
        evaluationTime = Duration.ofSeconds(4);
        evaluateOnce();
        CompletableFuture<Verdict> running = check("running");
        assertThat(running).isNotDone();
        assertThat(reason(check("refused"))).isEqualTo(Reason.OVERLOADED);
        begun.remove().run();
        evaluationTime = Duration.ofMillis(1);
        for (int i = 0; i < 100; i++) {
            evaluateOnce();
        }
        assertThat(List.of(check("running"), check("waiting"))).noneMatch(CompletableFuture::isDone);
    }

    /** Without refusals, each evaluation would begin when hardly any time is left, and end too late. */
    @ParameterizedTest
    @EnumSource
    void checks_atTwiceTheRate_useNearlyAllEvaluationsAndRecover(EvaluationPattern pattern) {
        long gap = Duration.ofMillis(50).toNanos();
        int calls = 2_000;
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        while (verdicts.size() < calls || !begun.isEmpty()) {
            while (verdicts.size() < calls && verdicts.size() * gap <= clock.get()) {
                verdicts.add(check("call " + verdicts.size()));
            }
            evaluationTime = Duration.ofMillis(pattern.millis(evaluations.get()));
            if (begun.isEmpty()) {
                advance(Duration.ofNanos(gap));
            } else {
                begun.remove().run();
            }
        }
        long useful = verdicts.stream()
                .map(CompletableFuture::join)
                .filter(verdict -> verdict.isChecked() && verdict.latencyNanos() <= DEADLINE.toNanos())
                .count();

        assertThat(useful).isBetween(950L, 1_070L);
        assertThat((double) useful / evaluations.get()).isGreaterThan(0.97);
        assertThat(verdicts.stream()
                        .map(OverloadTest::reason)
                        .filter(Reason.OVERLOADED::equals)
                        .count())
                .isGreaterThan(850);
        CompletableFuture<Verdict> afterwards = check("afterwards");
        begun.remove().run();
        assertThat(afterwards.join().latencyNanos())
                .isLessThanOrEqualTo(Duration.ofMillis(500).toNanos());
    }

    /** Evaluation times of 100 ms in the mean. */
    private enum EvaluationPattern {
        EQUAL,
        ALTERNATING,
        MOSTLY_SHORT;

        long millis(int evaluation) {
            return switch (this) {
                case EQUAL -> 100;
                case ALTERNATING -> evaluation % 2 == 0 ? 50 : 150;
                case MOSTLY_SHORT -> evaluation % 10 == 0 ? 460 : 60;
            };
        }
    }

    @Test
    void check_onThreads_isRefusedBeyondTheLimitsAndThenEvaluatedAgain() throws InterruptedException {
        HangingEvaluation hanging = HangingEvaluation.interruptible();
        CountDownLatch refused = new CountDownLatch(1);
        SafetyGuard small = SafetyGuard.builder()
                .evaluator(hanging.evaluator())
                .maxConcurrent(1)
                .maxWaiting(1)
                .deadline(Duration.ofMinutes(1))
                .build();
        CompletableFuture<Verdict> running = small.checkAsync(QUESTION, "running");
        assertThat(hanging.begun.await(30, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Verdict> waiting = small.checkAsync(QUESTION, "waiting");
        Thread caller = new Thread(() -> {
            if (small.check(QUESTION, "refused").reason() == Reason.OVERLOADED) {
                refused.countDown();
            }
        });
        caller.start();

        assertThat(refused.await(30, TimeUnit.SECONDS)).isTrue();
        hanging.end.countDown();
        assertThat(List.of(running, waiting)).allMatch(verdict -> verdict.join().isChecked());
        assertThat(small.check(QUESTION, "afterwards").isChecked()).isTrue();
        Eventually.isQuiet(small);
    }
}
