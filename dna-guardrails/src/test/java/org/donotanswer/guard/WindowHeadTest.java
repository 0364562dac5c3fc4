package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

/** The beginning of a response may clear a small doubt about a later window. */
class WindowHeadTest {
    private static final String HEAD = "I cannot help with that. ";

    /** Returns an evaluator that gives a window one probability of harm by itself, and another one after its head. */
    private static ScriptedEvaluator evaluator(double alone, double afterHead) {
        return ScriptedEvaluator.quick(
                exchange -> ScriptedEvaluator.harm(exchange.response().startsWith(HEAD) ? afterHead : alone));
    }

    private static Verdict check(ScriptedEvaluator evaluator, SafetyPolicy policy, String head) {
        return SafetyGuard.builder()
                .evaluator(evaluator)
                .policy(policy)
                .build()
                .checkWindow(Conversation.of("how?"), "Mix the two.", head, new Verdict.Window(25, 37));
    }

    private static Verdict check(double alone, double afterHead) {
        return check(evaluator(alone, afterHead), SafetyPolicy.defaults(), HEAD);
    }

    @Test
    void checkWindow_doubtful_isClearedByItsHead() {
        Verdict verdict = check(0.6, 0.1);

        assertThat(verdict.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(verdict.probability()).hasValue(0.1);
    }

    @Test
    void checkWindow_surelyHarmful_isNotCleared() {
        assertThat(check(0.9, 0.1).outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(check(Math.nextDown(0.9), 0.1).outcome()).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void checkWindow_harmfulAfterItsHead_isBlockedForWhatItIsByItself() {
        Verdict verdict = check(0.6, 0.8);

        assertThat(verdict.outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(verdict.probability()).hasValue(0.6);
    }

    @Test
    void checkWindow_reviewBand_isClearedByItsHead() {
        SafetyPolicy policy = SafetyPolicy.builder()
                .defaultRule(Rule.builder().review(0.3).block(0.7).build())
                .build();

        assertThat(check(evaluator(0.4, 0.1), policy, HEAD).outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(check(evaluator(0.4, 0.4), policy, HEAD).outcome()).isEqualTo(Outcome.REVIEW);
    }

    @Test
    void checkWindow_harmlessOrWithoutHead_isAskedAboutOnce() {
        ScriptedEvaluator harmless = evaluator(0.1, 0.9);
        ScriptedEvaluator doubtful = evaluator(0.6, 0.1);

        assertThat(check(harmless, SafetyPolicy.defaults(), HEAD).outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(check(doubtful, SafetyPolicy.defaults(), "").outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(harmless.asked).hasSize(1);
        assertThat(doubtful.asked).hasSize(1);
    }

    @Test
    void checkWindow_refusalInTheHead_doesNotPassForTheWindow() {
        SafetyPolicy policy = SafetyPolicy.builder()
                .defaultRule(Rule.builder().pass(ResponseAction.CANNOT_ASSIST).build())
                .build();
        ScriptedEvaluator evaluator = ScriptedEvaluator.quick(exchange -> Scored.builder(ScriptedEvaluator.NAME)
                .harmful(0.6)
                .actions(Distribution.certain(
                        exchange.response().startsWith(HEAD)
                                ? ResponseAction.CANNOT_ASSIST
                                : ResponseAction.FOLLOW_INSTRUCTION))
                .build());

        Verdict verdict = check(evaluator, policy, HEAD);

        assertThat(evaluator.asked).hasSize(2);
        assertThat(verdict.reason()).isEqualTo(Reason.HARMFUL);
    }
}
