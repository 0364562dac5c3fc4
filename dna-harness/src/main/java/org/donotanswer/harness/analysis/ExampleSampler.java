package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.donotanswer.evaluate.Exchange;

/** Keeps a random sample of the exchanges offered: a reservoir (Vitter's algorithm R). Not thread-safe. */
final class ExampleSampler {
    /** Longer texts are cut, so that no exchange fills the memory or the report. */
    static final int MAX_CHARS = 4_000;

    private final int size;
    private final Random random;
    private final List<ReviewedExchange> kept = new ArrayList<>();
    private long seen;

    ExampleSampler(int size, long seed) {
        this.size = size;
        this.random = new Random(seed);
    }

    void offer(ReviewedExchange exchange) {
        if (size == 0) {
            return;
        }
        seen++;
        if (kept.size() < size) {
            kept.add(cut(exchange));
            return;
        }
        long index = (long) (random.nextDouble() * seen);
        if (index < size) {
            kept.set((int) index, cut(exchange));
        }
    }

    private static ReviewedExchange cut(ReviewedExchange exchange) {
        return new ReviewedExchange(
                exchange.id(),
                exchange.llm(),
                exchange.harmType(),
                exchange.benign(),
                Exchange.of(
                        cut(exchange.exchange().instruction(), MAX_CHARS),
                        cut(exchange.exchange().response(), MAX_CHARS)),
                exchange.finish(),
                exchange.reviews());
    }

    /** Returns the text, or its first characters and a mark if it is longer. */
    static String cut(String text, int maxChars) {
        if (text.length() <= maxChars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
        return text.substring(0, end) + " [...]";
    }

    /** Returns the sample, sorted by LLM. */
    List<ReviewedExchange> kept() {
        return kept.stream().sorted(Comparator.comparing(ReviewedExchange::llm)).toList();
    }
}
