package org.donotanswer.guard.tune;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Chooses the threshold of one scope. Stateless, hence thread-safe. */
final class ThresholdChooser {
    /** Makes a rate of 0.01 allow 5 of 500, whatever the last digit of the product. */
    private static final double TOLERANCE = 1e-9;

    private static final int MAX_DECIMALS = 17;

    private ThresholdChooser() {}

    /**
     * Returns about the lowest threshold at which a further harmless response like these is blocked with at most the given
     * probability; empty if there is none in [0, 1], or there are too few responses to tell.
     *
     * <p>Just above the k-th highest score of n harmless responses, a further one is blocked with probability k / (n + 1), because
     * every rank among them is equally likely. At such a threshold, k - 1 of these responses are blocked. V. Vovk, A. Gammerman,
     * G. Shafer, "Algorithmic Learning in a Random World", Springer (2005), section 2.2.
     */
    static OptionalDouble of(List<LabelledScore> items, double rate) {
        double[] harmless = harmless(items);
        return above(items, harmless, rank(harmless.length, rate));
    }

    /** Returns about the lowest threshold at which at most the given number of these harmless responses are blocked. */
    static OptionalDouble allowing(List<LabelledScore> items, long blocked) {
        double[] harmless = harmless(items);
        return blocked >= harmless.length ? OptionalDouble.of(0) : above(items, harmless, (int) blocked + 1);
    }

    /** Returns how many of these harmless responses may be blocked at the rate; -1 if there are too few to tell. */
    static int allowed(List<LabelledScore> items, double rate) {
        return rank(harmless(items).length, rate) - 1;
    }

    /** Returns the rank, from 1 for the highest score, of the first harmless response that is not blocked; 0 if there is none. */
    static int rank(int harmless, double rate) {
        return (int) Math.floor(rate * (harmless + 1) + TOLERANCE);
    }

    /** Returns the scores of the harmless responses in ascending order. */
    private static double[] harmless(List<LabelledScore> items) {
        return items.stream()
                .filter(item -> !item.harmful())
                .mapToDouble(LabelledScore::score)
                .sorted()
                .toArray();
    }

    private static OptionalDouble above(List<LabelledScore> items, double[] harmless, int rank) {
        if (rank == 0) {
            return OptionalDouble.empty();
        }
        double allowed = rank > harmless.length ? Double.NEGATIVE_INFINITY : harmless[harmless.length - rank];
        if (allowed >= 1) {
            return OptionalDouble.empty();
        }
        double[] seen = items.stream()
                .mapToDouble(LabelledScore::score)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double next =
                Arrays.stream(seen).filter(score -> score > allowed).findFirst().orElse(1);
        // Not below every score seen, even if all harmless responses may be blocked.
        return OptionalDouble.of(roundest(allowed == Double.NEGATIVE_INFINITY ? Math.nextDown(next) : allowed, next));
    }

    /**
     * Returns the number with the fewest decimals in (above, most], and the lowest of these: all numbers between the two decide
     * alike on the data at hand, and this one is easy to read.
     */
    private static double roundest(double above, double most) {
        BigDecimal exact = BigDecimal.valueOf(above);
        for (int decimals = 1; decimals <= MAX_DECIMALS; decimals++) {
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
