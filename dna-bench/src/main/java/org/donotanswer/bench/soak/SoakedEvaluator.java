package org.donotanswer.bench.soak;

import java.io.IOException;
import java.util.Objects;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * An evaluator under load, which is opened again and again. Immutable; thread-safe if its source is.
 *
 * @param name its name in the report
 * @param source opens it
 */
public record SoakedEvaluator(String name, EvaluatorSupplier source) {
    /** Checks that nothing is null. */
    public SoakedEvaluator {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(source, "source");
    }

    /** Opens an evaluator. Implementations are thread-safe. */
    @FunctionalInterface
    public interface EvaluatorSupplier {
        /**
         * Returns a new evaluator, which the caller closes.
         *
         * @throws IOException if its model cannot be read
         */
        SafetyEvaluator open() throws IOException;
    }
}
