package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class EnsembleTest {
    private final ScriptedEvaluator one = ScriptedEvaluator.reading("one", 0);
    private final ScriptedEvaluator two = ScriptedEvaluator.reading("two", 1);
    private final ScriptedEvaluator three = ScriptedEvaluator.reading("three", 2);

    private Ensemble ensemble() {
        return Ensemble.builder().member(one).member(two).member(three).build();
    }

    private static ScriptedEvaluator always(Assessment assessment) {
        return new ScriptedEvaluator("always", response -> assessment);
    }

    private static double harmful(Assessment assessment) {
        return ((Scored) assessment).harmful().orElseThrow();
    }

    @Test
    void evaluate_isMean() {
        assertThat(harmful(ensemble().evaluate("", "0.1;0.2;0.6"))).isCloseTo(0.3, within(1e-15));
    }

    @Test
    void evaluate_weights_isWeightedMean() {
        Ensemble ensemble = Ensemble.builder().member(one, 3).member(two).build();

        assertThat(harmful(ensemble.evaluate("", "0.2;0.6"))).isCloseTo(0.3, within(1e-15));
        assertThat(harmful(ensemble.evaluate("", "1;1"))).isEqualTo(1);
        assertThat(harmful(ensemble.evaluate("", "0;0"))).isZero();
    }

    @Test
    void evaluate_majorityScored_isTheirMean() {
        assertThat(harmful(ensemble().evaluate("", "0.1;-;0.3"))).isCloseTo(0.2, within(1e-15));
    }

    @Test
    void evaluate_minorityScored_isUnscored() {
        assertThat(ensemble().evaluate("", "-;0.5;-"))
                .isEqualTo(Unscored.of(
                        UnscoredReason.TIMEOUT, "1 of 3 evaluators scored it, but 2 must; not scored by one, three"));
    }

    @Test
    void evaluate_twoReasons_hasFirst() {
        Ensemble ensemble = Ensemble.builder()
                .member(always(Unscored.of(UnscoredReason.REVIEW_REFUSED, "")))
                .member(one)
                .build();

        assertThat(ensemble.evaluate("", "-"))
                .isEqualTo(Unscored.of(
                        UnscoredReason.REVIEW_REFUSED,
                        "0 of 2 evaluators scored it, but 2 must; not scored by always, one"));
    }

    @Test
    void evaluate_aMemberMisconfigured_hasThatReason() {
        Ensemble ensemble = Ensemble.builder()
                .member(one)
                .member(always(Unscored.of(UnscoredReason.EVALUATOR_MISCONFIGURED, "")))
                .member(always(Unscored.of(UnscoredReason.REVIEW_REFUSED, "")))
                .build();

        assertThat(((Unscored) ensemble.evaluate("", "-")).reason()).isEqualTo(UnscoredReason.EVALUATOR_MISCONFIGURED);
    }

    @Test
    void evaluate_minimumScored_isObeyed() {
        Ensemble lenient =
                Ensemble.builder().member(one).member(two).minimumScored(1).build();
        Ensemble strict = Ensemble.builder()
                .member(one)
                .member(two)
                .member(three)
                .minimumScored(3)
                .build();

        assertThat(harmful(lenient.evaluate("", "-;0.7"))).isEqualTo(0.7);
        assertThat(lenient.evaluate("", "-;-").isScored()).isFalse();
        assertThat(strict.evaluate("", "0.1;0.1;-").isScored()).isFalse();
    }

    @Test
    void evaluate_partialScores_areMeansOfThoseGiven() {
        Scored first = Scored.builder("always")
                .harmful(0.2)
                .actions(Distribution.certain(ResponseAction.CANNOT_ASSIST))
                .refusal(0.5)
                .truncated(true)
                .build();
        Scored second = Scored.builder("always")
                .refusal(0.9)
                .actions(Distribution.certain(ResponseAction.FOLLOW_INSTRUCTION))
                .harmTypes(Distribution.certain(HarmType.ILLEGAL_ACTIVITIES))
                .build();
        Ensemble ensemble = Ensemble.builder()
                .member(always(first), 3)
                .member(always(second))
                .build();

        Scored scored = (Scored) ensemble.evaluate("", "anything");

        assertThat(scored.harmful()).hasValue(0.2);
        assertThat(scored.refusal().getAsDouble()).isCloseTo(0.6, within(1e-12));
        assertThat(scored.instructionRisk()).isEmpty();
        Map<ResponseAction, Double> expected = new EnumMap<>(ResponseAction.class);
        for (ResponseAction action : ResponseAction.values()) {
            expected.put(action, 0.0);
        }
        expected.put(ResponseAction.CANNOT_ASSIST, 0.75);
        expected.put(ResponseAction.FOLLOW_INSTRUCTION, 0.25);
        assertThat(scored.actions()).contains(new Distribution<>(expected));
        assertThat(scored.harmType()).contains(HarmType.ILLEGAL_ACTIVITIES);
        assertThat(scored.truncated()).isTrue();
        assertThat(scored.evaluator()).isEqualTo("ensemble(3.0*always + always)");
    }

    @Test
    void evaluateAll_callsEachMemberOnce() {
        List<Assessment> assessments = ensemble()
                .evaluateAll(Stream.of("0;0;0", "1;1;1", "-;-;-")
                        .map(Exchange::responseOnly)
                        .toList());

        assertThat(assessments).hasSize(3);
        assertThat(harmful(assessments.get(0))).isZero();
        assertThat(harmful(assessments.get(1))).isEqualTo(1);
        assertThat(assessments.get(2).isScored()).isFalse();
        assertThat(List.of(one, two, three)).allMatch(member -> member.asked.size() == 1);
        ensemble().evaluateAll(List.of());
        assertThat(one.asked).hasSize(1);
    }

    @Test
    void name_andProvenance_listMembers() {
        Ensemble ensemble = Ensemble.builder().member(one, 0.5).member(two).build();

        assertThat(ensemble.name()).isEqualTo("ensemble(0.5*one + two)");
        assertThat(ensemble.provenance().parameters())
                .contains(
                        entry("minimumScored", "2"),
                        entry("1.evaluator", "one"),
                        entry("1.weight", "0.5"),
                        entry("2.weight", "1.0"),
                        entry("2.name", "two model"));
        assertThat(ensemble.provenance().data()).containsOnlyKeys("1.model", "2.model");
    }

    @Test
    void close_failingMember_closesAllOnce() {
        ScriptedEvaluator failing = ScriptedEvaluator.reading("failing", 0);
        Ensemble ensemble = Ensemble.builder().member(failing).member(two).build();

        assertThatIllegalStateException().isThrownBy(ensemble::close).withMessage("failing");
        ensemble.close();

        assertThat(List.of(failing.closed, two.closed)).containsOnly(1);
    }

    @Test
    void builder_wrongArguments_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ensemble.builder().member(one, 0))
                .withMessage("weight must be in [1.0E-6, 1000000.0], but was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ensemble.builder().member(one, Double.NaN))
                .withMessage("weight must be in [1.0E-6, 1000000.0], but was NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ensemble.builder().minimumScored(0))
                .withMessage("minimumScored must be at least 1, but was 0");
        assertThatIllegalStateException()
                .isThrownBy(() -> Ensemble.builder().minimumScored(1).minimumScored(2))
                .withMessage("minimumScored must be set once, but was 1 and then 2");
        assertThatIllegalStateException()
                .isThrownBy(() -> Ensemble.builder().member(one).build())
                .withMessage("members must be at least 2, but were 1");
        assertThatIllegalStateException()
                .isThrownBy(() -> Ensemble.builder()
                        .member(one)
                        .member(two)
                        .minimumScored(3)
                        .build())
                .withMessage("minimumScored must be at most 2, the number of members, but was 3");
        assertThatNullPointerException()
                .isThrownBy(() -> Ensemble.builder().member(null))
                .withMessage("evaluator");
    }
}
