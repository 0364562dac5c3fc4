package org.donotanswer.bench.soak;

import com.google.common.math.Quantiles;
import java.util.Arrays;
import java.util.List;

/**
 * How resident memory developed. The components' names are JSON keys; NaN is unknown. Immutable, hence thread-safe.
 *
 * @param earlyMegabytes the median after the first minutes, in units of 2^20 bytes
 * @param lateMegabytes the median of the last quarter
 * @param driftPercent the growth from the one to the other
 * @param slopeMegabytesPerHour the slope of the regression line after the first minutes
 */
public record SoakMemory(
        double earlyMegabytes, double lateMegabytes, double driftPercent, double slopeMegabytesPerHour) {
    private static final double SETTLED_SECONDS = 300;
    private static final double SECONDS_PER_HOUR = 3_600;

    /** A measurement. Immutable, hence thread-safe. */
    record Sample(double seconds, double megabytes) {}

    /** Compares the last quarter with the quarter that begins after five minutes, or after a quarter if that is shorter. */
    static SoakMemory of(List<Sample> all, double seconds) {
        List<Sample> samples =
                all.stream().filter(sample -> !Double.isNaN(sample.megabytes)).toList();
        double settled = Math.min(SETTLED_SECONDS, seconds / 4);
        double early = median(between(samples, settled, settled + seconds / 4));
        double late = median(between(samples, seconds * 3 / 4, Double.POSITIVE_INFINITY));
        return new SoakMemory(
                early,
                late,
                100 * (late - early) / early,
                slope(between(samples, settled, Double.POSITIVE_INFINITY)) * SECONDS_PER_HOUR);
    }

    private static List<Sample> between(List<Sample> samples, double from, double to) {
        return samples.stream()
                .filter(sample -> sample.seconds >= from && sample.seconds <= to)
                .toList();
    }

    /** Returns the median of the memory; NaN of none. */
    static double median(List<Sample> samples) {
        List<Double> values = samples.stream().map(Sample::megabytes).toList();
        return values.isEmpty() ? Double.NaN : Quantiles.median().compute(values);
    }

    private static double slope(List<Sample> samples) {
        double meanX = mean(samples.stream().mapToDouble(Sample::seconds).toArray());
        double meanY = mean(samples.stream().mapToDouble(Sample::megabytes).toArray());
        double products = 0;
        double squares = 0;
        for (Sample sample : samples) {
            products += (sample.seconds - meanX) * (sample.megabytes - meanY);
            squares += (sample.seconds - meanX) * (sample.seconds - meanX);
        }
        return squares == 0 ? Double.NaN : products / squares;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
