package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.donotanswer.evaluate.Cascade;
import org.donotanswer.evaluate.Ensemble;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Test;

/** Evaluations on the caller's thread, which no deadline can end. */
class CallerThreadsTest {
    private static final ScriptedEvaluator QUICK = ScriptedEvaluator.quick(ScriptedEvaluator::byWord);
    private static final ScriptedEvaluator SLOW = ScriptedEvaluator.slow(ScriptedEvaluator::byWord);

    private static SafetyGuard.Builder callers(SafetyEvaluator evaluator) {
        return SafetyGuard.builder().evaluator(evaluator).threads(GuardThreads.CALLER);
    }

    private static void assertRefused(SafetyEvaluator evaluator) {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> callers(evaluator).deadline(Duration.ofSeconds(1)).build())
                .withMessage(
                        "threads must be PLATFORM or VIRTUAL with a deadline and an evaluator that may wait, but were"
                                + " CALLER (deadline PT1S, evaluator " + evaluator.name() + ")");
    }

    @Test
    void build_deadlineAndAnEvaluatorThatMayWait_isRefused() {
        assertRefused(SLOW);
        assertRefused(Ensemble.builder().member(QUICK).member(SLOW).build());
        assertRefused(Cascade.builder().stage(QUICK).last(SLOW).build());
    }

    @Test
    void build_noDeadlineOrAnEvaluatorThatNeverWaits_isFine() {
        assertThatCode(() -> callers(SLOW).build()).doesNotThrowAnyException();
        SafetyEvaluator quick = Ensemble.builder().member(QUICK).member(QUICK).build();
        assertThat(callers(quick).deadline(Duration.ofSeconds(1)).build().isNonBlocking())
                .isTrue();
        assertThatCode(() -> SafetyGuard.builder()
                        .evaluator(SLOW)
                        .deadline(Duration.ofSeconds(1))
                        .build()
                        .close())
                .doesNotThrowAnyException();
    }
}
