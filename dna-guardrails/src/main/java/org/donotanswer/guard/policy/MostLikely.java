package org.donotanswer.guard.policy;

import org.donotanswer.evaluate.Distribution;

/** Finds the most likely constant. */
final class MostLikely {
    private MostLikely() {}

    /**
     * Returns what {@link Distribution#mostLikely()} does, but without the garbage of an iterator: every decision asks.
     *
     * @param constants all constants of the enum, in their order
     */
    static <E extends Enum<E>> E of(Distribution<E> distribution, E[] constants) {
        E best = constants[0];
        double highest = distribution.probability(best);
        for (E constant : constants) {
            double probability = distribution.probability(constant);
            if (probability > highest) {
                best = constant;
                highest = probability;
            }
        }
        return best;
    }
}
