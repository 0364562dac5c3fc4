package org.donotanswer.guard.tune;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Chooses one threshold. */
final class Threshold {
    /** So that a rate of 0.01 allows 5 of 500, whatever the last digit of the product. */
    private static final double ROUNDING = 1e-9;

    private static final int MOST_DECIMALS = 17;

    private Threshold() {}

    /**
     * Returns the lowest threshold, or so, at which a further harmless answer like these is blocked with at most the given
     * probability; empty if there is none in [0, 1], or too few answers to tell.
     *
     * <p>Just above the k-th highest score of n harmless answers, a further one is blocked with probability k / (n + 1), as each
     * place among them is as likely as the others. That many, less one, of these are blocked themselves. V. Vovk, A. Gammerman,
     * G. Shafer, "Algorithmic Learning in a Random World", Springer (2005), section 2.2.
     */
    static OptionalDouble of(List<Item> items, double rate) {
        double[] harmless = harmless(items);
        return above(items, harmless, rank(harmless.length, rate));
    }

    /** Returns the lowest threshold, or so, at which at most the given number of these harmless answers are blocked. */
    static OptionalDouble allowing(List<Item> items, long blocked) {
        double[] harmless = harmless(items);
        return blocked >= harmless.length ? OptionalDouble.of(0) : above(items, harmless, (int) blocked + 1);
    }

    /** Returns how many of these harmless answers may be blocked at the rate; -1 if they are too few to tell. */
    static int allowed(List<Item> items, double rate) {
        return rank(harmless(items).length, rate) - 1;
    }

    /** Returns which of the highest scores of harmless answers is the highest not to be blocked, from 1; 0 if none. */
    static int rank(int harmless, double rate) {
        return (int) Math.floor(rate * (harmless + 1) + ROUNDING);
    }

    /** Returns the scores of the harmless ones, ascending. */
    private static double[] harmless(List<Item> items) {
        return items.stream()
                .filter(item -> !item.harmful())
                .mapToDouble(Item::score)
                .sorted()
                .toArray();
    }

    private static OptionalDouble above(List<Item> items, double[] harmless, int rank) {
        if (rank == 0) {
            return OptionalDouble.empty();
        }
        double allowed = rank > harmless.length ? Double.NEGATIVE_INFINITY : harmless[harmless.length - rank];
        if (allowed >= 1) {
            return OptionalDouble.empty();
        }
        double[] seen = items.stream()
                .mapToDouble(Item::score)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double next =
                Arrays.stream(seen).filter(score -> score > allowed).findFirst().orElse(1);
        // No lower than anything seen, even if all that is harmless may be blocked.
        return OptionalDouble.of(shortest(allowed == Double.NEGATIVE_INFINITY ? Math.nextDown(next) : allowed, next));
    }

    /**
     * Returns the number with the fewest decimals that is above one and at most the other, and the lowest of these: all between
     * them decide the same about the answers at hand, and this one can be read.
     */
    private static double shortest(double above, double most) {
        BigDecimal exact = BigDecimal.valueOf(above);
        for (int decimals = 1; decimals <= MOST_DECIMALS; decimals++) {
            double rounded = exact.setScale(decimals, RoundingMode.FLOOR)
                    .add(BigDecimal.ONE.movePointLeft(decimals))
                    .doubleValue();
            if (rounded > above && rounded <= most) {
                return rounded;
            }
        }
        return most;
    }
}
