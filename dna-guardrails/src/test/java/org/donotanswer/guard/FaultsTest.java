package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever fails, a check ends in the fail mode, with the reason in the verdict, and leaves nothing hanging. */
@Timeout(60)
class FaultsTest {
    private static final String SECRET = "my secret words";

    private final List<Verdict> told = new CopyOnWriteArrayList<>();
    private final List<SafetyGuard> guards = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        guards.forEach(Eventually::isQuiet);
    }

    /** How a check is requested. */
    private enum Way {
        BLOCKING,
        ASYNC;

        Verdict check(SafetyGuard guard) {
            Conversation conversation = Conversation.of("how?");
            return this == BLOCKING
                    ? guard.check(conversation, SECRET)
                    : guard.checkAsync(conversation, SECRET).join();
        }
    }

    /** What an evaluator may do immediately. */
    private enum Fault {
        THROWS(Reason.EVALUATOR_FAILED),
        THROWS_CHECKED(Reason.EVALUATOR_FAILED),
        OVERFLOWS(Reason.EVALUATOR_FAILED),
        OUT_OF_MEMORY(Reason.EVALUATOR_FAILED),
        LACKS_A_CLASS(Reason.MISCONFIGURED),
        IS_CLOSED(Reason.CLOSED),
        RETURNS_NULL(Reason.EVALUATOR_FAILED),
        UNSCORED(Reason.NOT_JUDGED);

        private final Reason reason;

        Fault(Reason reason) {
            this.reason = reason;
        }

        @SuppressWarnings("NullAway")
        private Unscored happen() {
            switch (this) {
                case THROWS -> throw new IllegalArgumentException(SECRET);
                case THROWS_CHECKED -> throw FaultsTest.<RuntimeException>unchecked(new IOException(SECRET));
                case OVERFLOWS -> throw new StackOverflowError(SECRET);
                case OUT_OF_MEMORY -> throw new OutOfMemoryError(SECRET);
                case LACKS_A_CLASS -> throw new NoClassDefFoundError(SECRET);
                case IS_CLOSED -> throw new IllegalStateException("SomeEvaluator is closed");
                case UNSCORED -> {
                    return Unscored.of(UnscoredReason.EVALUATOR_UNAVAILABLE, "");
                }
                default -> {
                    return null;
                }
            }
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable e) throws T {
        throw (T) e;
    }

    static Stream<Arguments> faults() {
        return Stream.of(Fault.values()).flatMap(fault -> Stream.of(FailMode.values())
                .flatMap(mode -> Stream.of(GuardThreads.CALLER, GuardThreads.PLATFORM)
                        .flatMap(threads ->
                                Stream.of(Way.values()).map(way -> Arguments.of(fault, mode, threads, way)))));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void check_aFaultOfTheEvaluator_endsInTheFailMode(Fault fault, FailMode mode, GuardThreads threads, Way way) {
        SafetyGuard guard = guard(
                ScriptedEvaluator.quick(exchange -> fault.happen()),
                patient().failMode(mode).threads(threads));
        assertFailed(way.check(guard), fault.reason, mode);
        assertThat(told).hasSize(1);
        assertThat(told.get(0).toString()).doesNotContain(SECRET);
    }

    static Stream<Arguments> ways() {
        return Stream.of(FailMode.values()).flatMap(mode -> Stream.of(Way.values())
                .flatMap(way -> Stream.of(true, false).map(heeds -> Arguments.of(mode, way, heeds))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void check_anEvaluationThatHangs_endsAtTheDeadline(FailMode mode, Way way, boolean heedsInterrupts) {
        HangingEvaluation hanging = heedsInterrupts ? HangingEvaluation.interruptible() : HangingEvaluation.stubborn();
        SafetyGuard guard = guard(
                hanging.evaluator(),
                SafetyGuard.builder()
                        .failMode(mode)
                        .deadline(Duration.ofMillis(20))
                        .maxConcurrent(1)
                        .maxWaiting(0));
        int judged = 0;
        do {
            // On a busy machine the deadline may pass before the evaluation begins.
            Verdict verdict = way.check(guard);
            judged++;
            assertFailed(verdict, Reason.DEADLINE_EXCEEDED, mode);
            assertThat(verdict.latencyNanos()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        } while (hanging.begun.getCount() > 0);
        if (!heedsInterrupts) {
            // The thread is not free yet, so the next text gets none.
            Eventually.is(() -> hanging.interrupts.get() > 0);
            assertFailed(way.check(guard), Reason.OVERLOADED, mode);
            hanging.end.countDown();
        }
        Eventually.is(() -> held(guard) == 0);
        hanging.end.countDown();
        assertThat(hanging.interrupts).hasValue(1);
        assertThat(told).hasSize(heedsInterrupts ? judged : judged + 1);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void check_noPlaceLeft_isOverloaded(FailMode mode, Way way, boolean waiting) throws InterruptedException {
        HangingEvaluation hanging = HangingEvaluation.stubborn();
        SafetyGuard guard = guard(
                hanging.evaluator(), patient().failMode(mode).maxConcurrent(1).maxWaiting(waiting ? 1 : 0));
        List<CompletableFuture<Verdict>> others = new ArrayList<>();
        for (int i = 0; i < (waiting ? 2 : 1); i++) {
            others.add(guard.checkAsync(Conversation.of("how?"), "other"));
        }
        hanging.begun.await();
        assertFailed(way.check(guard), Reason.OVERLOADED, mode);
        hanging.end.countDown();
        others.forEach(other -> assertThat(other.join().isChecked()).isTrue());
        assertThat(way.check(guard).isChecked()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void check_theCallersThreadBusyElsewhere_isOverloaded(FailMode mode) throws Exception {
        HangingEvaluation hanging = HangingEvaluation.stubborn();
        SafetyGuard guard = guard(
                hanging.evaluator(),
                SafetyGuard.builder()
                        .failMode(mode)
                        .threads(GuardThreads.CALLER)
                        .maxConcurrent(1));
        CompletableFuture<Verdict> other = CompletableFuture.supplyAsync(() -> guard.check("how?", "other"));
        hanging.begun.await();
        assertFailed(guard.check("how?", SECRET), Reason.OVERLOADED, mode);
        hanging.end.countDown();
        assertThat(other.join().isChecked()).isTrue();
        assertThat(guard.check("how?", SECRET).isChecked()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void close_duringACheck_endsIt(FailMode mode, Way way, boolean heedsInterrupts) throws Exception {
        HangingEvaluation hanging = heedsInterrupts ? HangingEvaluation.interruptible() : HangingEvaluation.stubborn();
        SafetyGuard guard = guard(hanging.evaluator(), patient().failMode(mode).maxConcurrent(1));
        CompletableFuture<Verdict> running = judgeElsewhere(guard, way);
        hanging.begun.await();
        CompletableFuture<Verdict> waiting = guard.checkAsync(Conversation.of("how?"), SECRET);
        guard.close();
        guard.close();
        assertFailed(running.join(), Reason.CLOSED, mode);
        assertFailed(waiting.join(), Reason.CLOSED, mode);
        assertFailed(way.check(guard), Reason.CLOSED, mode);
        hanging.end.countDown();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void check_theCallerInterrupted_isCancelled(FailMode mode, Way way, boolean heedsInterrupts) throws Exception {
        HangingEvaluation hanging = heedsInterrupts ? HangingEvaluation.interruptible() : HangingEvaluation.stubborn();
        SafetyGuard guard = guard(hanging.evaluator(), patient().failMode(mode));
        AtomicReference<Verdict> verdict = new AtomicReference<>();
        AtomicReference<Boolean> stillInterrupted = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            verdict.set(guard.check("how?", SECRET));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        hanging.begun.await();
        caller.interrupt();
        caller.join();
        assertFailed(verdict.get(), Reason.CANCELLED, mode);
        assertThat(stillInterrupted).hasValue(true);
        hanging.end.countDown();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void check_theCallerInterruptedWhileItEvaluates_isCancelled(FailMode mode, Way way, boolean unscored) {
        SafetyGuard guard = guard(
                ScriptedEvaluator.quick(exchange -> {
                    // Evaluators do that when they are interrupted while waiting.
                    Thread.currentThread().interrupt();
                    if (unscored) {
                        return Unscored.of(UnscoredReason.EVALUATOR_UNAVAILABLE, "");
                    }
                    throw new IllegalStateException("evaluation must end, but was interrupted");
                }),
                patient().failMode(mode).threads(GuardThreads.CALLER));
        Verdict verdict = way.check(guard);
        assertThat(Thread.interrupted()).isTrue();
        assertFailed(verdict, Reason.CANCELLED, mode);
    }

    @Test
    void check_anEvaluatorThatThrowsAnInterrupt_isCancelledAndStaysInterrupted() {
        SafetyGuard guard = guard(
                ScriptedEvaluator.quick(exchange -> {
                    throw FaultsTest.<RuntimeException>unchecked(new InterruptedException(SECRET));
                }),
                patient().threads(GuardThreads.CALLER));
        Verdict verdict = guard.check("how?", SECRET);
        assertThat(Thread.interrupted()).isTrue();
        assertFailed(verdict, Reason.CANCELLED, FailMode.CLOSED);
    }

    @ParameterizedTest
    @EnumSource(names = "VIRTUAL", mode = EnumSource.Mode.EXCLUDE)
    void check_theCallerInterruptedBefore_isCancelled(GuardThreads threads) {
        SafetyGuard guard = guard(
                ScriptedEvaluator.quick(ScriptedEvaluator::byWord), patient().threads(threads));
        Thread.currentThread().interrupt();
        Verdict verdict = guard.check("how?", SECRET);
        assertThat(Thread.interrupted()).isTrue();
        assertFailed(verdict, Reason.CANCELLED, FailMode.CLOSED);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void cancel_theFuture_interruptsTheEvaluation(FailMode mode, Way way, boolean heedsInterrupts) throws Exception {
        HangingEvaluation hanging = heedsInterrupts ? HangingEvaluation.interruptible() : HangingEvaluation.stubborn();
        SafetyGuard guard = guard(hanging.evaluator(), patient().failMode(mode).maxConcurrent(1));
        CompletableFuture<Verdict> running = guard.checkAsync(Conversation.of("how?"), SECRET);
        CompletableFuture<Verdict> waiting = guard.checkAsync(Conversation.of("how?"), SECRET);
        hanging.begun.await();
        waiting.cancel(false);
        if (way == Way.BLOCKING) {
            running.cancel(true);
            assertThatThrownBy(running::join).isInstanceOf(CancellationException.class);
        } else {
            running.orTimeout(1, TimeUnit.MILLISECONDS);
            assertThatThrownBy(running::join).hasRootCauseInstanceOf(java.util.concurrent.TimeoutException.class);
        }
        Eventually.is(() -> hanging.interrupts.get() == 1 && told.size() == 2);
        hanging.end.countDown();
        told.forEach(verdict -> assertFailed(verdict, Reason.CANCELLED, mode));
        Eventually.is(() -> held(guard) == 0);
        assertThat(guard.check("how?", SECRET).isChecked()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void check_aListenerThatThrows_changesNothing(Fault fault, FailMode mode, GuardThreads threads, Way way) {
        SafetyGuard guard = guard(
                ScriptedEvaluator.quick(ScriptedEvaluator::byWord),
                patient().failMode(mode).threads(threads).listener((verdict, instruction, text) -> {
                    Unscored unused = fault.happen();
                }));
        assertThat(way.check(guard).reason()).isEqualTo(Reason.BELOW_THRESHOLD);
        assertThat(told).hasSize(1);
    }

    /** Options with a deadline that even a busy machine meets. */
    private static SafetyGuard.Builder patient() {
        return SafetyGuard.builder().deadline(Duration.ofMinutes(1));
    }

    private SafetyGuard guard(ScriptedEvaluator evaluator, SafetyGuard.Builder builder) {
        SafetyGuard guard = builder.evaluator(evaluator)
                .listener((verdict, instruction, text) -> told.add(verdict))
                .build();
        guards.add(guard);
        return guard;
    }

    private static CompletableFuture<Verdict> judgeElsewhere(SafetyGuard guard, Way way) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        new Thread(() -> verdict.complete(way.check(guard))).start();
        return verdict;
    }

    private static int held(SafetyGuard guard) {
        WorkerPool workers = guard.workers();
        return workers == null ? 0 : workers.held();
    }

    private static void assertFailed(Verdict verdict, Reason reason, FailMode mode) {
        assertThat(verdict.reason()).isEqualTo(reason);
        assertThat(verdict.isChecked()).isFalse();
        boolean open = mode == FailMode.OPEN && reason != Reason.MISCONFIGURED;
        assertThat(verdict.outcome()).isEqualTo(open ? Outcome.ALLOW : Outcome.BLOCK);
        assertThat(verdict.released()).isEqualTo(open);
    }

    @Test
    void check_anExceptionWhoseMessageThrows_isAFailedEvaluation() {
        SafetyGuard guard = SafetyGuard.of(ScriptedEvaluator.quick(exchange -> {
            throw new IllegalStateException() {
                @Override
                public String getMessage() {
                    throw new UnsupportedOperationException();
                }
            };
        }));
        assertThat(guard.check("how?", "so").reason()).isEqualTo(Reason.EVALUATOR_FAILED);
    }
}
