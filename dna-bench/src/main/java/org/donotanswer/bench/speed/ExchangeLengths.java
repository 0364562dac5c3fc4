package org.donotanswer.bench.speed;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Response;

/**
 * The distribution of exchanges' lengths in tokens: instruction and response as a pair, not truncated, including special
 * tokens. Immutable, hence thread-safe.
 *
 * @param source the exchanges and the tokenizer
 * @param percentiles the minimum, the 1st to the 99th percentile, and the maximum
 */
record ExchangeLengths(String source, List<Integer> percentiles) {
    private static final String COMMITTED = "lengths.json";
    private static final int STEPS = 100;

    ExchangeLengths {
        Objects.requireNonNull(source, "source");
        percentiles = List.copyOf(percentiles);
        if (percentiles.size() != STEPS + 1) {
            throw new IllegalArgumentException(
                    "percentiles must have size " + (STEPS + 1) + ", but was " + percentiles.size());
        }
        for (int i = 0; i < STEPS; i++) {
            if (percentiles.get(i) <= 0 || percentiles.get(i) > percentiles.get(i + 1)) {
                throw new IllegalArgumentException(
                        "percentiles must be positive and ascend, but was " + percentiles.get(i) + " (at " + i + ")");
            }
        }
    }

    /**
     * Returns the lengths of the published responses, which were measured once and are bundled as percentiles for when the
     * data is absent.
     *
     * @throws IOException if they cannot be read
     */
    static ExchangeLengths committed(BenchmarkArchitecture architecture) throws IOException {
        String tokenizer = architecture.tokenizer();
        try (InputStream in = ExchangeLengths.class.getResourceAsStream(COMMITTED)) {
            JsonNode node = new JsonMapper()
                    .readTree(Objects.requireNonNull(in, COMMITTED))
                    .required(tokenizer);
            return new ExchangeLengths(
                    "percentiles of the responses of Do-Not-Answer by " + tokenizer,
                    node.valueStream().map(JsonNode::intValue).toList());
        }
    }

    /**
     * Measures the lengths of the published responses.
     *
     * @param data the directory of the published files
     * @param tokenizer a {@code tokenizer.json}
     * @throws IOException if either cannot be read
     */
    static ExchangeLengths measure(Path data, Path tokenizer) throws IOException {
        List<Response> responses = DoNotAnswer.load(data).responses();
        // By default, the tokenizer truncates to 512 tokens.
        try (HuggingFaceTokenizer tokens = HuggingFaceTokenizer.builder()
                .optTokenizerPath(tokenizer)
                .optTruncation(false)
                .optPadding(false)
                .build()) {
            int[] lengths = responses.stream()
                    .mapToInt(response -> tokens.encode(response.question().text(), response.text())
                            .getIds()
                            .length)
                    .toArray();
            return of("the responses of Do-Not-Answer", lengths);
        }
    }

    /** Returns the nearest-rank percentiles of lengths. */
    static ExchangeLengths of(String source, int[] lengths) {
        int[] sorted = lengths.clone();
        Arrays.sort(sorted);
        return new ExchangeLengths(
                source,
                IntStream.rangeClosed(0, STEPS)
                        .mapToObj(percent -> {
                            int rank = (int) Math.ceil((double) percent / STEPS * sorted.length);
                            return sorted[Math.max(0, rank - 1)];
                        })
                        .toList());
    }

    /**
     * Draws lengths from the distribution, interpolating linearly between percentiles.
     *
     * @param seed the same seed draws the same lengths
     */
    List<Integer> sample(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    double position = random.nextDouble() * STEPS;
                    int below = percentiles.get((int) position);
                    int above = percentiles.get((int) position + 1);
                    return (int) Math.round(below + (position - (int) position) * (above - below));
                })
                .toList();
    }
}
