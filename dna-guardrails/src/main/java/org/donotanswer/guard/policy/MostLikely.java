package org.donotanswer.guard.policy;

import org.donotanswer.evaluate.Distribution;

/** Finds the most likely constant of a distribution. Stateless, hence thread-safe. */
final class MostLikely {
    private MostLikely() {}

    /**
     * Returns the result of {@link Distribution#mostLikely()}, but without creating an iterator, because every
     * decision calls this.
     *
     * @param constants all constants of the enum, in order
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
