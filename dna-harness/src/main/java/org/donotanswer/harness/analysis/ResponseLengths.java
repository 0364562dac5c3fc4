package org.donotanswer.harness.analysis;

/**
 * How long some responses are, in words: runs of characters between white space. Percentiles are interpolated linearly; those
 * beyond 16,384 words are the greatest length. Without responses, all but the count are NaN. Immutable, hence thread-safe.
 *
 * @param count how many responses there are
 * @param mean the mean number of words
 * @param p5 the 5th percentile, and so on
 * @param greatest the length of the longest response
 */
public record ResponseLengths(
        long count,
        double mean,
        double p5,
        double p25,
        double p50,
        double p75,
        double p90,
        double p95,
        double p99,
        double greatest) {}
