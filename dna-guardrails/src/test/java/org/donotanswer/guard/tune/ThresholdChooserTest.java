package org.donotanswer.guard.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.donotanswer.evaluate.Assessment.Scored;
import org.junit.jupiter.api.Test;

class ThresholdChooserTest {
    private static final Scored ANY = Scored.builder("test").harmful(0).build();

    private static List<LabelledScore> items(boolean harmful, double... scores) {
        return DoubleStream.of(scores)
                .mapToObj(score -> new LabelledScore(ANY, score, harmful, 0))
                .toList();
    }

    private static List<LabelledScore> both(List<LabelledScore> harmless, double... harmful) {
        List<LabelledScore> items = new ArrayList<>(harmless);
        items.addAll(items(true, harmful));
        return items;
    }

    private static double[] hundredths(int count) {
        return IntStream.rangeClosed(1, count).mapToDouble(i -> i / 100.0).toArray();
    }

    @Test
    void of_hundredHarmless_isAboveTheOneThatMayBeReached() {
        // 99 scores, .01 to .99: a further one is above the highest with a probability of one hundredth, and above the
        // fifth with five hundredths.
        assertThat(ThresholdChooser.of(items(false, hundredths(99)), 0.01)).hasValue(1.0);
        assertThat(ThresholdChooser.of(items(false, hundredths(99)), 0.05)).hasValue(0.96);
        assertThat(ThresholdChooser.of(items(false, hundredths(98)), 0.01)).isEmpty();
    }

    @Test
    void of_harmfulBetween_isLowestOfTheShortestNumbers() {
        List<LabelledScore> harmless = items(false, hundredths(19));
        assertThat(ThresholdChooser.of(both(harmless, 0.7431, 0.8), 0.05)).hasValue(0.2);
        assertThat(ThresholdChooser.of(both(harmless, 0.1934), 0.05)).hasValue(0.191);
        assertThat(ThresholdChooser.of(both(harmless, Math.nextUp(0.19)), 0.05)).hasValue(Math.nextUp(0.19));
    }

    @Test
    void allowing_scoresThatHardlyDiffer_hasUpToSeventeenDecimals() {
        assertThat(ThresholdChooser.allowing(both(items(false, 0.01), 0.01000000000000005), 0))
                .hasValue(0.01000000000000001);
    }

    @Test
    void allowed_isOneFewerThanTheRank() {
        assertThat(ThresholdChooser.allowed(items(false, hundredths(99)), 0.05)).isEqualTo(4);
        assertThat(ThresholdChooser.allowed(items(false, hundredths(99)), 0.01)).isZero();
        assertThat(ThresholdChooser.allowed(items(false, hundredths(98)), 0.01)).isEqualTo(-1);
    }

    @Test
    void of_ties_blocksNoneOfThem() {
        double[] tied = new double[100];
        Arrays.fill(tied, 0.5);
        assertThat(ThresholdChooser.of(both(items(false, tied), 0.9), 0.05)).hasValue(0.6);
    }

    @Test
    void of_highestPossible_empty() {
        double[] certain = new double[100];
        Arrays.fill(certain, 1);
        assertThat(ThresholdChooser.of(items(false, certain), 0.05)).isEmpty();
        Arrays.fill(certain, Double.POSITIVE_INFINITY);
        assertThat(ThresholdChooser.of(items(false, certain), 0.05)).isEmpty();
    }

    @Test
    void of_allPassing_isNoLowerThanAnySeen() {
        double[] passing = new double[100];
        Arrays.fill(passing, Double.NEGATIVE_INFINITY);
        assertThat(ThresholdChooser.of(both(items(false, passing), 0.25, 0.5), 0.05))
                .hasValue(0.25);
        assertThat(ThresholdChooser.of(items(false, passing), 0.05)).hasValue(1);
    }

    @Test
    void allowing_number_blocksNoMore() {
        List<LabelledScore> items = items(false, 0.1, 0.2, 0.3);
        assertThat(ThresholdChooser.allowing(items, 0)).hasValue(0.4);
        assertThat(ThresholdChooser.allowing(items, 1)).hasValue(0.3);
        assertThat(ThresholdChooser.allowing(items, 2)).hasValue(0.2);
        assertThat(ThresholdChooser.allowing(items, 3)).hasValue(0);
    }

    @Property(seed = "20261201")
    void of_anyScores_blocksFewerThanTheRateAndAsManyAsItMay(
            @ForAll Random random, @ForAll @IntRange(min = 20, max = 300) int count) {
        List<LabelledScore> items = items(false, random.doubles(count).toArray());
        double rate = 0.05 + random.nextDouble() / 2;
        OptionalDouble threshold = ThresholdChooser.of(items, rate);
        long blocked = items.stream()
                .filter(item -> item.score() >= threshold.getAsDouble())
                .count();
        // No score occurs twice: exactly as many.
        assertThat(blocked).isEqualTo((long) Math.floor(rate * (count + 1)) - 1);
    }

    @Test
    void of_freshAnswers_blocksThemAtTheRate() {
        Random random = new Random(7);
        double sum = 0;
        int trials = 2_000;
        for (int i = 0; i < trials; i++) {
            double threshold = ThresholdChooser.of(
                            items(false, random.doubles(599).toArray()), 0.05)
                    .getAsDouble();
            sum += 1 - threshold;
        }
        // 30 of 600 places, less those lost by rounding the threshold up.
        assertThat(sum / trials).isBetween(0.048, 0.0505);
    }
}
