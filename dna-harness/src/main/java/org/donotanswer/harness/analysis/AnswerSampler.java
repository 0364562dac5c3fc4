package org.donotanswer.harness.analysis;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.donotanswer.evaluate.Exchange;

/**
 * Keeps exchanges to search: all, while they fit; then a random sample, from which the notable ones are dropped last. Not
 * thread-safe.
 */
final class AnswerSampler {
    /** Longer texts are cut, so that no exchange fills the page. */
    static final int MAX_TEXT_CHARS = 20_000;
    /** The texts of a page that a browser still opens with ease. */
    static final long MAX_CHARS = 48_000_000;

    private final int size;
    private final long maxChars;
    private final Random random;
    /** The one to drop next is the first. */
    private final PriorityQueue<Kept> kept =
            new PriorityQueue<>(Comparator.comparingDouble(Kept::rank).reversed());

    private long chars;
    private long seen;

    AnswerSampler(int size, long seed) {
        this(size, MAX_CHARS, seed);
    }

    AnswerSampler(int size, long maxChars, long seed) {
        this.size = size;
        this.maxChars = maxChars;
        this.random = new Random(seed);
    }

    /** An exchange; those of the highest random rank are dropped first. */
    private record Kept(ReviewedExchange exchange, double rank, long order) {
        long chars() {
            return (long) exchange.exchange().instruction().length()
                    + exchange.exchange().response().length();
        }
    }

    /** Returns whether a response is harmful by anyone, or its reviewers disagree on what it does. */
    static boolean isNotable(Collection<LabelCodes> labels) {
        return labels.stream().anyMatch(codes -> codes.harmful() == 1)
                || labels.stream()
                                .filter(LabelCodes::hasAction)
                                .mapToInt(LabelCodes::action)
                                .distinct()
                                .count()
                        > 1;
    }

    void offer(ReviewedExchange exchange, boolean notable) {
        if (size == 0) {
            return;
        }
        Kept offered = new Kept(cut(exchange), random.nextDouble() + (notable ? 0 : 1), seen++);
        kept.add(offered);
        chars += offered.chars();
        while (kept.size() > size || chars > maxChars) {
            chars -= kept.remove().chars();
        }
    }

    private static ReviewedExchange cut(ReviewedExchange exchange) {
        String instruction = ExampleSampler.cut(exchange.exchange().instruction(), MAX_TEXT_CHARS);
        String response = ExampleSampler.cut(exchange.exchange().response(), MAX_TEXT_CHARS);
        return new ReviewedExchange(
                exchange.id(),
                exchange.llm(),
                exchange.harmType(),
                exchange.benign(),
                Exchange.of(instruction, response),
                exchange.finish(),
                exchange.reviews());
    }

    /** Returns what is kept, in the order in which it was offered. */
    List<ReviewedExchange> kept() {
        return kept.stream()
                .sorted(Comparator.comparingLong(Kept::order))
                .map(Kept::exchange)
                .toList();
    }
}
