package org.donotanswer.guard.micrometer;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.micrometer.GuardObservation.HighCardinality;
import org.donotanswer.guard.micrometer.GuardObservation.LowCardinality;
import org.donotanswer.taxonomy.HarmType;

/**
 * The default convention: names observations {@value #NAME} and gives them all keys of {@link GuardObservation}. Until
 * there is a verdict, low-cardinality keys that need one are {@code none}. Thread-safe. Extend it for your own
 * convention.
 */
public class DefaultGuardObservationConvention implements GuardObservationConvention {
    /** The name of observations. */
    public static final String NAME = "dna.guard.judgement";

    static final DefaultGuardObservationConvention INSTANCE = new DefaultGuardObservationConvention();

    private final EvaluatorNames evaluators = new EvaluatorNames();

    /** Creates the convention. */
    public DefaultGuardObservationConvention() {}

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public String getContextualName(GuardObservationContext context) {
        String subject = context.subject().name().toLowerCase(Locale.ROOT);
        return context.isWindow() ? "judge window of " + subject : "judge " + subject;
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(GuardObservationContext context) {
        Optional<Verdict> verdict = context.verdict();
        Optional<HarmType> harm = verdict.flatMap(Verdict::harmType);
        return KeyValues.of(
                LowCardinality.EVALUATION_NAME.withValue(
                        context.subject() == Verdict.Subject.RESPONSE ? "Harmfulness" : "InstructionRisk"),
                low(
                        LowCardinality.SCORE_LABEL,
                        verdict.map(each -> each.outcome().name().toLowerCase(Locale.ROOT))),
                low(
                        LowCardinality.ERROR_TYPE,
                        verdict.filter(each -> !each.isChecked())
                                .map(each -> each.reason().name())),
                low(LowCardinality.REASON, verdict.map(each -> each.reason().name())),
                LowCardinality.PART.withValue(VerdictKind.part(context.isWindow())),
                low(LowCardinality.EVALUATOR, verdict.map(each -> evaluators.bounded(each.decidedBy()))),
                low(LowCardinality.RISK_AREA, harm.map(type -> type.riskArea().name())),
                low(LowCardinality.HARM_TYPE, harm.map(Enum::name)),
                low(LowCardinality.UNSCORED_REASON, verdict.flatMap(DefaultGuardObservationConvention::unscored)),
                low(LowCardinality.RELEASED, verdict.map(each -> "" + each.released())),
                low(LowCardinality.SHADOW, verdict.map(each -> "" + each.shadow())),
                low(LowCardinality.CACHED, verdict.map(each -> "" + each.cached())),
                low(LowCardinality.TRUNCATED, verdict.map(each -> "" + each.truncated())));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(GuardObservationContext context) {
        List<KeyValue> values = new ArrayList<>();
        context.verdict().ifPresent(verdict -> {
            verdict.probability().ifPresent(value -> values.add(HighCardinality.SCORE_VALUE.withValue("" + value)));
            values.add(HighCardinality.EXPLANATION.withValue(verdict.describe()));
            verdict.threshold().ifPresent(threshold -> {
                values.add(HighCardinality.THRESHOLD.withValue("" + threshold.value()));
                values.add(HighCardinality.THRESHOLD_SCOPE.withValue(threshold.scope()));
            });
            verdict.action().ifPresent(action -> values.add(HighCardinality.ACTION.withValue(action.name())));
            values.add(HighCardinality.POLICY.withValue(verdict.policyVersion()));
            values.add(HighCardinality.CONTEXT_TURNS.withValue("" + verdict.contextTurns()));
            verdict.window().ifPresent(window -> {
                values.add(HighCardinality.WINDOW_START.withValue("" + window.start()));
                values.add(HighCardinality.WINDOW_END.withValue("" + window.end()));
            });
        });
        return KeyValues.of(values);
    }

    private static Optional<String> unscored(Verdict verdict) {
        return verdict.assessment()
                .filter(Assessment.Unscored.class::isInstance)
                .map(unscored -> ((Assessment.Unscored) unscored).reason().name());
    }

    /** Returns a key that is always present, so that metrics of observations always have the same tags. */
    private static KeyValue low(LowCardinality key, Optional<String> value) {
        return key.withValue(value.orElse(KeyValue.NONE_VALUE));
    }
}
