package org.donotanswer.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.donotanswer.metrics.Bootstrap.Estimate;

/**
 * Agreement between annotators: percent agreement, Cohen's and Fleiss' kappa and Krippendorff's alpha. Not every
 * annotator need label every item: an item counts if at least two annotators labelled it, and is left out otherwise.
 * Labels are nominal: two labels agree or they do not. Pure functions, hence thread-safe.
 *
 * <p>Every coefficient but {@link #percentAgreement} is (o - e) / (1 - e), where o is the observed agreement and e the
 * agreement expected by chance: it is at most 1, which is perfect agreement, and 0 is chance agreement. The
 * coefficients differ in their model of chance. Each is NaN if it is undefined: if no item counts, or if only one label
 * was ever given, so that chance agrees perfectly.
 *
 * <p>Intervals come from a bootstrap over items; samples without a figure are left out and counted. They show how the
 * figure would vary with other items, not with other annotators.
 */
public final class InterAnnotatorAgreement {
    private InterAnnotatorAgreement() {}

    /**
     * The agreement of two annotators. Immutable, hence thread-safe.
     *
     * @param first one annotator
     * @param second the other annotator, who comes later in {@link Ratings#annotators()}
     * @param items how many items both labelled
     * @param percentAgreement the proportion of these items on which they agree, in [0, 1]; NaN if there are none
     * @param cohensKappa their kappa; NaN if they have no item in common, or gave the same single label to all of them
     */
    public record AnnotatorPair(String first, String second, int items, double percentAgreement, double cohensKappa) {}

    /**
     * Returns the percent agreement: the mean over items of the proportion of pairs of annotators who agree, in [0, 1];
     * NaN if no item has a pair. Every item has the same weight, however many annotators labelled it.
     */
    public static double percentAgreement(Ratings<?> ratings) {
        return all(ratings, InterAnnotatorAgreement::observed);
    }

    /**
     * Returns the {@linkplain #percentAgreement(Ratings) percent agreement} with its interval.
     *
     * @throws IllegalArgumentException if there are no items
     */
    public static Estimate percentAgreement(Ratings<?> ratings, Bootstrap bootstrap) {
        return bootstrap.estimate(ratings.itemCount(), statistic(ratings, InterAnnotatorAgreement::observed));
    }

    /**
     * Returns {@linkplain #percentAgreement(Ratings) percent agreement} with its interval; whole groups of items are
     * drawn.
     *
     * @param groups the group of each of {@link Ratings#items()}
     * @throws IllegalArgumentException if there are no items, or there is not one group for each item
     */
    public static Estimate percentAgreement(Ratings<?> ratings, List<?> groups, Bootstrap bootstrap) {
        return bootstrap.estimate(checked(groups, ratings), statistic(ratings, InterAnnotatorAgreement::observed));
    }

    /**
     * Returns Fleiss' kappa: o is the {@linkplain #percentAgreement(Ratings) percent agreement}; e is the sum over
     * labels of the squared mean proportion of the label among an item's labels. Who gave a label does not matter. If
     * all items have equally many annotators, this is Fleiss' original coefficient; otherwise every item has the same
     * weight.
     *
     * <p>J. L. Fleiss, "Measuring Nominal Scale Agreement among Many Raters", Psychological Bulletin 76 (1971).
     */
    public static double fleissKappa(Ratings<?> ratings) {
        return all(ratings, InterAnnotatorAgreement::fleissKappa);
    }

    /**
     * Returns {@linkplain #fleissKappa(Ratings) Fleiss' kappa} with its interval.
     *
     * @throws IllegalArgumentException if there are no items
     */
    public static Estimate fleissKappa(Ratings<?> ratings, Bootstrap bootstrap) {
        return bootstrap.estimate(ratings.itemCount(), statistic(ratings, InterAnnotatorAgreement::fleissKappa));
    }

    /**
     * Returns {@linkplain #fleissKappa(Ratings) Fleiss' kappa} with its interval; whole groups of items are drawn.
     *
     * @param groups the group of each of {@link Ratings#items()}
     * @throws IllegalArgumentException if there are no items, or there is not one group for each item
     */
    public static Estimate fleissKappa(Ratings<?> ratings, List<?> groups, Bootstrap bootstrap) {
        return bootstrap.estimate(checked(groups, ratings), statistic(ratings, InterAnnotatorAgreement::fleissKappa));
    }

    /**
     * Returns Krippendorff's alpha for nominal labels: 1 - d / c, where d is the observed disagreement and c the
     * disagreement expected by chance, both from the coincidence matrix, in which every label given has the same
     * weight. Unlike Fleiss' kappa, chance draws labels without replacement, which matters if there are few.
     *
     * <p>K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", University of Pennsylvania (2011), section C.
     */
    public static double krippendorffsAlpha(Ratings<?> ratings) {
        return all(ratings, InterAnnotatorAgreement::krippendorffsAlpha);
    }

    /**
     * Returns {@linkplain #krippendorffsAlpha(Ratings) Krippendorff's alpha} with its interval.
     *
     * @throws IllegalArgumentException if there are no items
     */
    public static Estimate krippendorffsAlpha(Ratings<?> ratings, Bootstrap bootstrap) {
        return bootstrap.estimate(ratings.itemCount(), statistic(ratings, InterAnnotatorAgreement::krippendorffsAlpha));
    }

    /**
     * Returns {@linkplain #krippendorffsAlpha(Ratings) Krippendorff's alpha} with its interval; whole groups of items
     * are drawn.
     *
     * @param groups the group of each of {@link Ratings#items()}
     * @throws IllegalArgumentException if there are no items, or there is not one group for each item
     */
    public static Estimate krippendorffsAlpha(Ratings<?> ratings, List<?> groups, Bootstrap bootstrap) {
        return bootstrap.estimate(
                checked(groups, ratings), statistic(ratings, InterAnnotatorAgreement::krippendorffsAlpha));
    }

    /**
     * Returns Cohen's kappa: (o - e) / (1 - e), where o is the proportion of items on which two annotators agree, and e
     * the proportion on which they would agree by chance if each labelled independently of the other. In [-1, 1]; 1 is
     * perfect agreement, 0 chance agreement. NaN if there are no items, or if both gave the same single label to all of
     * them.
     *
     * <p>J. Cohen, "A Coefficient of Agreement for Nominal Scales", Educational and Psychological Measurement 20
     * (1960).
     *
     * @param matrix one annotator's labels as gold, the other's as predicted
     */
    public static <L> double cohensKappa(ConfusionMatrix<L> matrix) {
        double total = matrix.total();
        double expected = 0;
        for (L label : matrix.labels()) {
            expected += matrix.support(label) / total * (matrix.predicted(label) / total);
        }
        double observed = matrix.correct() / total;
        return (observed - expected) / (1 - expected);
    }

    /**
     * Returns the {@linkplain #cohensKappa(ConfusionMatrix) Cohen's kappa} of two annotators on the items that both
     * labelled.
     *
     * @throws IllegalArgumentException if there is no such annotator
     */
    public static double cohensKappa(Ratings<?> ratings, String first, String second) {
        return cohensKappaOf(ratings, first, second).of(allItems(ratings));
    }

    /**
     * Returns the {@linkplain #cohensKappa(Ratings, String, String) Cohen's kappa} of two annotators with its interval.
     *
     * @throws IllegalArgumentException if there is no such annotator
     */
    public static Estimate cohensKappa(Ratings<?> ratings, String first, String second, Bootstrap bootstrap) {
        return bootstrap.estimate(ratings.itemCount(), cohensKappaOf(ratings, first, second));
    }

    /**
     * Returns the {@linkplain #cohensKappa(Ratings, String, String) Cohen's kappa} of two annotators with its interval;
     * whole groups of items are drawn.
     *
     * @param groups the group of each of {@link Ratings#items()}
     * @throws IllegalArgumentException if there is no such annotator, there are no items, or there is not one group for each item
     */
    public static Estimate cohensKappa(
            Ratings<?> ratings, String first, String second, List<?> groups, Bootstrap bootstrap) {
        return bootstrap.estimate(checked(groups, ratings), cohensKappaOf(ratings, first, second));
    }

    /** Returns the agreement of every pair of annotators, in the order of {@link Ratings#annotators()}; immutable. */
    public static List<AnnotatorPair> pairs(Ratings<?> ratings) {
        List<String> annotators = ratings.annotators();
        List<AnnotatorPair> pairs = new ArrayList<>();
        for (int i = 0; i < annotators.size(); i++) {
            for (int j = i + 1; j < annotators.size(); j++) {
                pairs.add(pair(ratings, annotators.get(i), annotators.get(j)));
            }
        }
        return List.copyOf(pairs);
    }

    private static AnnotatorPair pair(Ratings<?> ratings, String first, String second) {
        ConfusionMatrix<?> matrix = matrix(ratings, ratings.column(first), ratings.column(second), allItems(ratings));
        double total = matrix.total();
        return new AnnotatorPair(
                first, second, Math.toIntExact(matrix.total()), matrix.correct() / total, cohensKappa(matrix));
    }

    private static SampleStatistic cohensKappaOf(Ratings<?> ratings, String first, String second) {
        int[] firstLabels = ratings.column(first);
        int[] secondLabels = ratings.column(second);
        return items -> cohensKappa(matrix(ratings, firstLabels, secondLabels, items));
    }

    private static <L> ConfusionMatrix<L> matrix(Ratings<L> ratings, int[] first, int[] second, int[] items) {
        int[] both = Arrays.stream(items)
                .filter(item -> first[item] != Ratings.MISSING && second[item] != Ratings.MISSING)
                .toArray();
        return new ConfusionMatrix.LabelIndex<L>(ratings.labels()).matrix(first, second, both);
    }

    /**
     * Returns the proportion of agreeing pairs among an item's labels, given how often each label occurs; NaN without a
     * pair.
     */
    static double agreeingProportion(int[] counts) {
        long given = 0;
        long agreeing = 0;
        for (long count : counts) {
            given += count;
            agreeing += count * (count - 1);
        }
        return given < 2 ? Double.NaN : (double) agreeing / (given * (given - 1));
    }

    private static double observed(int[][] counts) {
        return Arrays.stream(counts)
                        .mapToDouble(InterAnnotatorAgreement::agreeingProportion)
                        .sum()
                / counts.length;
    }

    private static double fleissKappa(int[][] counts) {
        double expected = 0;
        for (int label = 0; label < labels(counts); label++) {
            double proportion = 0;
            for (int[] item : counts) {
                proportion += (double) item[label] / Arrays.stream(item).sum();
            }
            proportion /= counts.length;
            expected += proportion * proportion;
        }
        double observed = observed(counts);
        return (observed - expected) / (1 - expected);
    }

    private static double krippendorffsAlpha(int[][] counts) {
        long[] totals = totals(counts);
        double given = Arrays.stream(totals).sum();
        double chance = given * given;
        for (double total : totals) {
            chance -= total * total;
        }
        chance /= given * (given - 1);
        double observed = 0;
        for (int[] item : counts) {
            observed += (1 - agreeingProportion(item)) * Arrays.stream(item).sum() / given;
        }
        return 1 - observed / chance;
    }

    private static int labels(int[][] counts) {
        return counts.length == 0 ? 0 : counts[0].length;
    }

    private static long[] totals(int[][] counts) {
        long[] totals = new long[labels(counts)];
        for (int[] item : counts) {
            for (int label = 0; label < totals.length; label++) {
                totals[label] += item[label];
            }
        }
        return totals;
    }

    private static List<?> checked(List<?> groups, Ratings<?> ratings) {
        if (groups.size() != ratings.itemCount()) {
            throw new IllegalArgumentException(
                    "groups must be one for each of the " + ratings.itemCount() + " items, but were " + groups.size());
        }
        return groups;
    }

    private static double all(Ratings<?> ratings, ToDoubleFunction<int[][]> coefficient) {
        return statistic(ratings, coefficient).of(allItems(ratings));
    }

    private static int[] allItems(Ratings<?> ratings) {
        return IntStream.range(0, ratings.itemCount()).toArray();
    }

    /** Returns a coefficient as a statistic of samples, computed from the sampled items that have a pair of labels. */
    private static SampleStatistic statistic(Ratings<?> ratings, ToDoubleFunction<int[][]> coefficient) {
        int[][] counts = IntStream.range(0, ratings.itemCount())
                .mapToObj(ratings::counts)
                .toArray(int[][]::new);
        boolean[] hasPair = new boolean[counts.length];
        for (int item = 0; item < counts.length; item++) {
            hasPair[item] = Arrays.stream(counts[item]).sum() >= 2;
        }
        return items -> coefficient.applyAsDouble(Arrays.stream(items)
                .filter(item -> hasPair[item])
                .mapToObj(item -> counts[item])
                .toArray(int[][]::new));
    }
}
