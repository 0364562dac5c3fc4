package org.donotanswer.guard.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.SampleVerdicts;
import org.donotanswer.guard.Verdict;
import org.junit.jupiter.api.Test;

class GuardObservationsTest {
    private final TestObservationRegistry registry = TestObservationRegistry.create();

    private void observe(Verdict verdict) {
        Consumer<Verdict> end = GuardObservations.of(registry)
                .started(verdict.subject(), verdict.window().isPresent());
        end.accept(verdict);
    }

    @Test
    void blocked_isNamedAsOpenTelemetryHasIt_andNoError() {
        observe(SampleVerdicts.blocked());

        TestObservationRegistryAssert.assertThat(registry)
                .hasNumberOfObservationsEqualTo(1)
                .hasObservationWithNameEqualTo("dna.guard.judgement")
                .that()
                .hasBeenStarted()
                .hasBeenStopped()
                .hasContextualNameEqualTo("judge response")
                .hasLowCardinalityKeyValue("gen_ai.evaluation.name", "Harmfulness")
                .hasLowCardinalityKeyValue("gen_ai.evaluation.score.label", "block")
                .hasLowCardinalityKeyValue("error.type", "none")
                .hasLowCardinalityKeyValue("dna.guard.reason", "HARMFUL")
                .hasLowCardinalityKeyValue("dna.guard.part", "WHOLE")
                .hasLowCardinalityKeyValue("dna.guard.evaluator", "sample 1.0")
                .hasLowCardinalityKeyValue("dna.guard.risk_area", "MALICIOUS_USES")
                .hasLowCardinalityKeyValue("dna.guard.harm_type", "ILLEGAL_ACTIVITIES")
                .hasHighCardinalityKeyValue("gen_ai.evaluation.score.value", "0.9375")
                .hasHighCardinalityKeyValue(
                        "gen_ai.evaluation.explanation",
                        SampleVerdicts.blocked().describe())
                .hasHighCardinalityKeyValue("dna.guard.action", "FOLLOW_INSTRUCTION")
                .hasEvent("gen_ai.evaluation.result")
                .doesNotHaveError();
    }

    @Test
    void notJudged_isAnError_withoutText() {
        observe(SampleVerdicts.timedOut());

        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasLowCardinalityKeyValue("error.type", "NOT_JUDGED")
                .hasLowCardinalityKeyValue("dna.guard.unscored_reason", "TIMEOUT")
                .doesNotHaveHighCardinalityKeyValueWithKey("gen_ai.evaluation.score.value")
                .hasHighCardinalityKeyValue(
                        "gen_ai.evaluation.explanation",
                        SampleVerdicts.timedOut().describe())
                .thenError()
                .hasMessage("response must be checked, but was not, for the reason NOT_JUDGED");
    }

    @Test
    void windowAndInstruction_haveDifferentKeys() {
        observe(SampleVerdicts.allowedWindow(10, 20));
        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasContextualNameEqualTo("judge window of response")
                .hasLowCardinalityKeyValue("dna.guard.part", "WINDOW")
                .hasHighCardinalityKeyValue("dna.guard.window_start", "10")
                .hasHighCardinalityKeyValue("dna.guard.window_end", "20");
        registry.clear();

        observe(SampleVerdicts.riskyInstruction());
        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasContextualNameEqualTo("judge instruction")
                .hasLowCardinalityKeyValue("gen_ai.evaluation.name", "InstructionRisk");
    }

    @Test
    void guard_isObservedWhileItJudges_withinTheCallersObservation() {
        Observation caller = Observation.start("chat", registry);
        GuardObservations observations = GuardObservations.of(registry);
        try (SafetyEvaluator evaluator = SafetyEvaluator.create();
                SafetyGuard guard = SafetyGuard.builder()
                        .evaluator(evaluator)
                        .listener(observations)
                        .build()) {
            caller.scoped(() -> guard.check("How do I boil an egg?", "Put it into boiling water for eight minutes."));
        }
        caller.stop();

        TestObservationRegistryAssert.assertThat(registry)
                .hasObservationWithNameEqualTo("dna.guard.judgement")
                .that()
                .hasBeenStopped()
                .hasParentObservationEqualTo(caller)
                .hasLowCardinalityKeyValue("gen_ai.evaluation.score.label", "allow");
    }

    @Test
    void keys_areThoseDocumented() {
        GuardObservationContext context = new GuardObservationContext(Verdict.Subject.RESPONSE, true);
        DefaultGuardObservationConvention convention = new DefaultGuardObservationConvention();
        KeyValues before = convention.getLowCardinalityKeyValues(context);
        context.setVerdict(SampleVerdicts.allowedWindow(0, 5));

        assertThat(convention.getLowCardinalityKeyValues(context))
                .extracting(pair -> pair.getKey())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(GuardObservation.LowCardinality.values())
                        .map(GuardObservation.LowCardinality::asString)
                        .toList())
                .containsExactlyInAnyOrderElementsOf(
                        before.stream().map(pair -> pair.getKey()).toList());
        assertThat(convention.getHighCardinalityKeyValues(context))
                .extracting(pair -> pair.getKey())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(GuardObservation.HighCardinality.values())
                        .map(GuardObservation.HighCardinality::asString)
                        .toList());
    }

    @Test
    void conventions_ofTheUserOrTheRegistry_areUsed() {
        GuardObservationConvention own = new DefaultGuardObservationConvention() {
            @Override
            public String getName() {
                return "own";
            }
        };
        GuardObservations.of(registry, own)
                .started(Verdict.Subject.RESPONSE, false)
                .accept(SampleVerdicts.blocked());
        TestObservationRegistryAssert.assertThat(registry).hasObservationWithNameEqualTo("own");
        registry.clear();

        registry.observationConfig().observationConvention(new GlobalConvention());
        observe(SampleVerdicts.blocked());
        TestObservationRegistryAssert.assertThat(registry).hasObservationWithNameEqualTo("global");
    }

    private static final class GlobalConvention extends DefaultGuardObservationConvention
            implements io.micrometer.observation.GlobalObservationConvention<GuardObservationContext> {
        @Override
        public String getName() {
            return "global";
        }
    }

    @Test
    void observation_lastsFromStartToEnd() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        registry.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));

        Consumer<Verdict> end = GuardObservations.of(registry).started(Verdict.Subject.RESPONSE, false);
        assertThat(meters.get("dna.guard.judgement.active").longTaskTimer().activeTasks())
                .isEqualTo(1);
        end.accept(SampleVerdicts.timedOut());

        assertThat(meters.get("dna.guard.judgement.active").longTaskTimer().activeTasks())
                .isZero();
        assertThat(meters.get("dna.guard.judgement")
                        .tags("error", "NotJudgedException", "error.type", "NOT_JUDGED")
                        .timer()
                        .totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
    }

    @Test
    void noopRegistry_isNoTrouble() {
        Consumer<Verdict> end = GuardObservations.of(ObservationRegistry.NOOP).started(Verdict.Subject.RESPONSE, false);

        assertThatNoException().isThrownBy(() -> end.accept(SampleVerdicts.blocked()));
    }
}
