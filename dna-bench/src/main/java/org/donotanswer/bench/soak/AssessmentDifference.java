package org.donotanswer.bench.soak;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;

/** Compares assessments. Stateless, hence thread-safe. */
final class AssessmentDifference {
    private AssessmentDifference() {}

    /** Returns the greatest difference of their probabilities; infinite if anything else differs. */
    static double of(Assessment expected, Assessment actual) {
        if (expected.equals(actual)) {
            return 0;
        }
        if (!(expected instanceof Scored a
                && actual instanceof Scored b
                && a.truncated() == b.truncated()
                && a.evaluator().equals(b.evaluator()))) {
            return Double.POSITIVE_INFINITY;
        }
        double scores = Math.max(
                of(a.harmful(), b.harmful()),
                Math.max(of(a.refusal(), b.refusal()), of(a.instructionRisk(), b.instructionRisk())));
        return Math.max(scores, Math.max(ofAll(a.actions(), b.actions()), ofAll(a.harmTypes(), b.harmTypes())));
    }

    private static double of(OptionalDouble expected, OptionalDouble actual) {
        if (expected.isPresent() != actual.isPresent()) {
            return Double.POSITIVE_INFINITY;
        }
        return expected.isEmpty() ? 0 : Math.abs(expected.getAsDouble() - actual.getAsDouble());
    }

    private static <E extends Enum<E>> double ofAll(
            Optional<Distribution<E>> expected, Optional<Distribution<E>> actual) {
        if (expected.isEmpty() || actual.isEmpty()) {
            return expected.isEmpty() && actual.isEmpty() ? 0 : Double.POSITIVE_INFINITY;
        }
        double greatest = 0;
        for (Map.Entry<E, Double> entry : expected.get().probabilities().entrySet()) {
            greatest =
                    Math.max(greatest, Math.abs(entry.getValue() - actual.get().probability(entry.getKey())));
        }
        return greatest;
    }
}
