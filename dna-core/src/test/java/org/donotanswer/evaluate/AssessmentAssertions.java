package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment.Scored;

/** Compares assessments whose probabilities may differ by rounding. */
public final class AssessmentAssertions {
    private AssessmentAssertions() {}

    /** Fails unless both are the same, except that probabilities may differ by up to the tolerance. */
    public static void assertSame(Assessment found, Assessment expected, double tolerance) {
        if (tolerance == 0 || !(found instanceof Scored one) || !(expected instanceof Scored other)) {
            assertThat(found).isEqualTo(expected);
            return;
        }
        assertThat(one.evaluator()).isEqualTo(other.evaluator());
        assertThat(one.truncated()).isEqualTo(other.truncated());
        assertClose(one.harmful(), other.harmful(), tolerance);
        assertClose(one.refusal(), other.refusal(), tolerance);
        assertClose(one.instructionRisk(), other.instructionRisk(), tolerance);
        assertClose(one.actions(), other.actions(), tolerance);
        assertClose(one.harmTypes(), other.harmTypes(), tolerance);
    }

    private static void assertClose(OptionalDouble found, OptionalDouble expected, double tolerance) {
        assertThat(found.isPresent()).isEqualTo(expected.isPresent());
        if (expected.isPresent()) {
            assertThat(found.getAsDouble()).isCloseTo(expected.getAsDouble(), within(tolerance));
        }
    }

    private static <L extends Enum<L>> void assertClose(
            Optional<Distribution<L>> found, Optional<Distribution<L>> expected, double tolerance) {
        assertThat(found.isPresent()).isEqualTo(expected.isPresent());
        expected.ifPresent(distribution -> distribution.probabilities().forEach((label, probability) -> assertThat(
                        found.get().probability(label))
                .as(label.name())
                .isCloseTo(probability, within(tolerance))));
    }
}
