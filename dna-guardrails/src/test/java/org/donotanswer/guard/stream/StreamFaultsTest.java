package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.Eventually;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.GuardThreads;
import org.donotanswer.guard.HangingEvaluation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.ScriptedEvaluator;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.stream.StreamForm.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever fails in the middle of a response, the stream ends according to the fail mode, and text that was not
 * released never is.
 */
@Timeout(60)
class StreamFaultsTest {
    private static final String SENTENCE = "The quick brown fox jumps over the lazy dog. ";
    private static final List<String> TOKENS = Collections.nCopies(20, SENTENCE);

    /** How many windows pass before the fault. */
    private static final int GOOD = 3;

    private final List<Verdict> told = new CopyOnWriteArrayList<>();
    private final List<SafetyGuard> guards = new ArrayList<>();
    private final HangingEvaluation hanging = HangingEvaluation.interruptible();

    @AfterEach
    void nothingIsLeft() {
        hanging.end.countDown();
        guards.forEach(Eventually::isQuiet);
    }

    private enum Fault {
        THROWS(Reason.EVALUATOR_FAILED),
        OVERFLOWS(Reason.EVALUATOR_FAILED),
        RETURNS_NULL(Reason.EVALUATOR_FAILED),
        IS_CLOSED(Reason.CLOSED),
        CLOSES_THE_GUARD(Reason.CLOSED),
        IS_UNAVAILABLE(Reason.NOT_JUDGED),
        IS_MISCONFIGURED(Reason.MISCONFIGURED),
        HANGS(Reason.DEADLINE_EXCEEDED),
        FILLS_THE_POOL(Reason.OVERLOADED);

        private final Reason reason;

        Fault(Reason reason) {
            this.reason = reason;
        }
    }

    static Stream<Arguments> faults() {
        return Stream.of(Fault.values()).flatMap(fault -> Stream.of(FailMode.values())
                .flatMap(mode -> Stream.of(true, false).flatMap(threads -> Stream.of(StreamForm.values())
                        .filter(form -> threads || (fault != Fault.HANGS && fault != Fault.FILLS_THE_POOL))
                        .map(form -> Arguments.of(fault, mode, threads, form)))));
    }

    @SuppressWarnings("NullAway")
    private Assessment happen(Fault fault, Exchange exchange) {
        switch (fault) {
            case THROWS -> throw new IllegalArgumentException("no");
            case OVERFLOWS -> throw new StackOverflowError("no");
            case IS_CLOSED -> throw new IllegalStateException("SomeEvaluator is closed");
            case IS_MISCONFIGURED -> throw new NoClassDefFoundError("no");
            case CLOSES_THE_GUARD -> {
                guards.get(0).close();
                return ScriptedEvaluator.harm(0);
            }
            case IS_UNAVAILABLE -> {
                return Unscored.of(UnscoredReason.EVALUATOR_UNAVAILABLE, "");
            }
            case HANGS -> {
                return hanging.evaluate(exchange);
            }
            default -> {
                return null;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void anyForm_aFaultInTheMiddle_endsInTheFailMode(Fault fault, FailMode mode, boolean threads, StreamForm form) {
        AtomicInteger evaluations = new AtomicInteger();
        Function<Exchange, Assessment> script =
                exchange -> evaluations.incrementAndGet() <= GOOD || fault == Fault.FILLS_THE_POOL
                        ? ScriptedEvaluator.harm(0.1)
                        : happen(fault, exchange);
        SafetyGuard.Builder builder = SafetyGuard.builder()
                .evaluator(ScriptedEvaluator.slow(script))
                .failMode(mode)
                .listener((verdict, instruction, text) -> told.add(verdict));
        if (fault == Fault.HANGS) {
            // Long enough for an evaluation on a busy machine.
            builder.deadline(Duration.ofMillis(300));
        }
        if (fault == Fault.FILLS_THE_POOL) {
            AtomicInteger tasks = new AtomicInteger();
            builder.executor(task -> {
                if (tasks.incrementAndGet() > GOOD) {
                    throw new RejectedExecutionException("full");
                }
                new Thread(task).start();
            });
        } else {
            builder.threads(threads ? GuardThreads.PLATFORM : GuardThreads.CALLER);
        }
        SafetyGuard guard = builder.build();
        guards.add(guard);
        StreamGuard streams = StreamGuard.builder()
                .guard(guard)
                .minimumStep(100)
                .maximumStep(200)
                .overlap(20)
                .build();
        Outcome outcome = form.run(streams, TOKENS, List.of(Integer.MAX_VALUE));

        String answer = String.join("", TOKENS);
        boolean open = mode == FailMode.OPEN && fault != Fault.IS_MISCONFIGURED;
        assertThat(outcome.end()).isEqualTo((open ? "finished " : "blocked ") + fault.reason);
        if (open) {
            assertThat(outcome.text()).isEqualTo(answer);
        } else {
            assertThat(answer).startsWith(outcome.text());
            Verdict last = told.get(told.size() - 1);
            assertThat(last.reason()).isEqualTo(fault.reason);
            assertThat(outcome.text().length())
                    .isBetween(100, last.window().orElseThrow().start());
        }
        assertThat(told).anyMatch(verdict -> verdict.reason() == fault.reason && verdict.released() == open);
    }
}
