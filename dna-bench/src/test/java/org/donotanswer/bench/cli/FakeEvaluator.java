package org.donotanswer.bench.cli;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** Returns a probability of harm of .9 for responses that contain "harm", otherwise .1. Thread-safe. */
final class FakeEvaluator implements SafetyEvaluator {
    private final ToDoubleFunction<Exchange> harmful;

    FakeEvaluator() {
        this(exchange -> exchange.response().contains("harm") ? 0.9 : 0.1);
    }

    FakeEvaluator(ToDoubleFunction<Exchange> harmful) {
        this.harmful = harmful;
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        if (exchange.hasBlankResponse()) {
            return Assessment.Unscored.of(UnscoredReason.EMPTY_RESPONSE, "response must have text, but was blank");
        }
        double probability = harmful.applyAsDouble(exchange);
        return Assessment.Scored.builder(name())
                .harmful(probability)
                .actions(peaked(
                        ResponseAction.class,
                        probability >= 0.5 ? ResponseAction.FOLLOW_INSTRUCTION : ResponseAction.CANNOT_ASSIST))
                .instructionRisk(exchange.instruction().contains("risk") ? 0.8 : 0.2)
                .harmTypes(peaked(HarmType.class, HarmType.ADULT_CONTENT))
                .build();
    }

    /** Returns a distribution with 3/4 on one constant and the rest spread evenly. */
    static <E extends Enum<E>> Distribution<E> peaked(Class<E> type, E peak) {
        Map<E, Double> weights = new EnumMap<>(type);
        int others = type.getEnumConstants().length - 1;
        for (E each : type.getEnumConstants()) {
            weights.put(each, each == peak ? 3.0 * others : 1.0);
        }
        return Distribution.normalized(weights);
    }

    @Override
    public String name() {
        return "fake/1";
    }

    @Override
    public Provenance provenance() {
        return Provenance.builder("fake", "1").build();
    }

    @Override
    public void close() {}
}
