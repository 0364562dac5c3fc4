package org.donotanswer.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Items in the order of their estimates, with ranks that claim no more than is known: items that are not clearly
 * different may share a rank. An item's best rank is 1 plus the number of items that are clearly better; its worst rank
 * is the number of ranked items minus the number of items that are clearly worse. The best rank is the one shown in a
 * table, as in competitions (1, 1, 1, 4).
 *
 * <p>Ranks follow clear differences, the order of the list follows the estimates: an item with a lower estimate but a
 * wider interval may have the better rank. Immutable, hence thread-safe.
 *
 * @param <L> what is ranked; immutable values with {@code equals}
 * @param ranked the items with an estimate, better ones first; items with the same estimate in the order given
 * @param unranked the items whose estimate is NaN, in the order given
 */
public record Ranking<L>(List<RankedItem<L>> ranked, List<Candidate<L>> unranked) {
    /** Copies the lists. */
    public Ranking {
        ranked = List.copyOf(ranked);
        unranked = List.copyOf(unranked);
    }

    /** Which estimates are better. Immutable, hence thread-safe. */
    public enum Better {
        /** The higher ones, for example for accuracy. */
        HIGHER,
        /** The lower ones, for example for the proportion of harmful responses. */
        LOWER
    }

    /**
     * An item to rank. Immutable, hence thread-safe.
     *
     * @param <L> what is ranked
     * @param item the item
     * @param estimate its figure; NaN if it has none
     * @param interval the interval of the figure; NaN if it is not known, in which case it is clearly different from no
     *     other
     */
    public record Candidate<L>(L item, double estimate, Interval interval) {
        /** Checks that item and interval are not null. */
        public Candidate {
            Objects.requireNonNull(item, "item");
            Objects.requireNonNull(interval, "interval");
        }

        /** Returns an item with its estimate and interval. */
        public static <L> Candidate<L> of(L item, double estimate, Interval interval) {
            return new Candidate<>(item, estimate, interval);
        }
    }

    /**
     * An item with its ranks. Immutable, hence thread-safe.
     *
     * @param <L> what is ranked
     * @param candidate the item, its estimate and interval
     * @param best the best rank that the item may have, at least 1; tables show this one
     * @param worst the worst rank that the item may have, at least the best one
     */
    public record RankedItem<L>(Candidate<L> candidate, int best, int worst) {
        /**
         * Checks the ranks.
         *
         * @throws IllegalArgumentException if the best rank is less than 1 or the worst less than the best
         */
        public RankedItem {
            Objects.requireNonNull(candidate, "candidate");
            if (best < 1 || worst < best) {
                throw new IllegalArgumentException(
                        "ranks must be at least 1, best first, but were " + best + " and " + worst);
            }
        }

        /** Returns the item. */
        public L item() {
            return candidate.item();
        }
    }

    /**
     * Returns the ranking in which an item is clearly better than another if its interval lies entirely on the better
     * side of the other's. Intervals that touch do not count as different.
     *
     * <p>This is stricter than a test of the difference: of two estimates whose intervals overlap slightly, one may
     * still be significantly better.
     *
     * @throws IllegalArgumentException if an item occurs more than once
     */
    public static <L> Ranking<L> of(Collection<Candidate<L>> candidates, Better better) {
        return rank(
                candidates,
                better,
                (first, second) -> better == Better.HIGHER
                        ? first.interval().lower() > second.interval().upper()
                        : first.interval().upper() < second.interval().lower());
    }

    /**
     * Returns the ranking in which an item is clearly better than another if its estimate is better and a test finds
     * the difference significant, for example {@link Bootstrap#compare} or {@link McNemar}. Intervals are not used.
     *
     * @param significantlyBetter whether the first item differs significantly from the second, whose estimate is worse;
     *     a pure function, called for such pairs only
     * @throws IllegalArgumentException if an item occurs more than once
     */
    public static <L> Ranking<L> of(
            Collection<Candidate<L>> candidates, Better better, BiPredicate<? super L, ? super L> significantlyBetter) {
        Objects.requireNonNull(significantlyBetter, "significantlyBetter");
        return rank(
                candidates,
                better,
                (first, second) ->
                        isBetter(first, second, better) && significantlyBetter.test(first.item(), second.item()));
    }

    private static boolean isBetter(Candidate<?> first, Candidate<?> second, Better better) {
        return better == Better.HIGHER ? first.estimate() > second.estimate() : first.estimate() < second.estimate();
    }

    private static <L> Ranking<L> rank(
            Collection<Candidate<L>> candidates, Better better, BiPredicate<Candidate<L>, Candidate<L>> clearlyBetter) {
        Objects.requireNonNull(better, "better");
        List<Candidate<L>> withEstimate = new ArrayList<>();
        List<Candidate<L>> unranked = new ArrayList<>();
        Set<L> items = new HashSet<>();
        for (Candidate<L> candidate : candidates) {
            if (!items.add(candidate.item())) {
                throw new IllegalArgumentException("items must be distinct, but were repeated: " + candidate.item());
            }
            (Double.isNaN(candidate.estimate()) ? unranked : withEstimate).add(candidate);
        }
        // Adding 0.0 turns -0.0 into 0.0, so that the two zeros compare as equal.
        Comparator<Candidate<L>> ascending = Comparator.comparingDouble(candidate -> candidate.estimate() + 0.0);
        withEstimate.sort(better == Better.HIGHER ? ascending.reversed() : ascending);
        int[] best = new int[withEstimate.size()];
        int[] worst = new int[withEstimate.size()];
        for (int i = 0; i < best.length; i++) {
            for (int j = 0; j < best.length; j++) {
                if (i != j && clearlyBetter.test(withEstimate.get(i), withEstimate.get(j))) {
                    best[j]++;
                    worst[i]++;
                }
            }
        }
        List<RankedItem<L>> ranked = new ArrayList<>();
        for (int i = 0; i < best.length; i++) {
            ranked.add(new RankedItem<>(withEstimate.get(i), best[i] + 1, best.length - worst[i]));
        }
        return new Ranking<>(ranked, unranked);
    }
}
