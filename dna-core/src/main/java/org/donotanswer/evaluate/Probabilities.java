package org.donotanswer.evaluate;

/** Checks probabilities. Stateless, hence thread-safe. */
final class Probabilities {
    private Probabilities() {}

    static double check(String name, double probability) {
        // Negated, so that NaN fails too.
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException(name + " must be in [0, 1], but was " + probability);
        }
        return probability;
    }
}
