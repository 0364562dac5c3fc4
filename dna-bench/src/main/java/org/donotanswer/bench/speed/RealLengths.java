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
 * How long real exchanges are, in tokens: instruction and response as a pair, not truncated, with special tokens. Immutable,
 * hence thread-safe.
 *
 * @param source of what exchanges and by which tokenizer
 * @param percentiles the shortest length, the 1st to the 99th percentile, and the longest
 */
public record RealLengths(String source, List<Integer> percentiles) {
    private static final String COMMITTED = "lengths.json";
    private static final int STEPS = 100;

    /** Copies the percentiles. */
    public RealLengths {
        Objects.requireNonNull(source, "source");
        percentiles = List.copyOf(percentiles);
        if (percentiles.size() != STEPS + 1) {
            throw new IllegalArgumentException(
                    "percentiles must be " + (STEPS + 1) + ", but was " + percentiles.size());
        }
        for (int i = 0; i < STEPS; i++) {
            if (percentiles.get(i) <= 0 || percentiles.get(i) > percentiles.get(i + 1)) {
                throw new IllegalArgumentException(
                        "percentiles must be positive and ascend, but was " + percentiles.get(i) + " (at " + i + ")");
            }
        }
    }

    /**
     * Returns the lengths of the published responses, measured before and kept as percentiles, for where the data is not at
     * hand. Those of DeBERTa are by BERT's tokenizer.
     *
     * @throws IOException if they cannot be read
     */
    public static RealLengths committed(BenchmarkArchitecture architecture) throws IOException {
        String tokenizer =
                switch (architecture) {
                    case BERT, DISTILBERT, DEBERTA_V2 -> "bert-uncased";
                    case ROBERTA, LONGFORMER -> "roberta-bpe";
                };
        try (InputStream in = RealLengths.class.getResourceAsStream(COMMITTED)) {
            JsonNode node = new JsonMapper()
                    .readTree(Objects.requireNonNull(in, COMMITTED))
                    .required(tokenizer);
            return new RealLengths(
                    "percentiles of the responses of Do-Not-Answer by " + tokenizer,
                    node.valueStream().map(JsonNode::intValue).toList());
        }
    }

    /**
     * Returns the lengths of the published responses.
     *
     * @param data the directory of the published files
     * @param tokenizer a {@code tokenizer.json}
     * @throws IOException if either cannot be read
     */
    public static RealLengths measure(Path data, Path tokenizer) throws IOException {
        List<Response> responses = DoNotAnswer.load(data).responses();
        // What is not told is 512 tokens at most.
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

    /** Returns the percentiles of lengths, each being the smallest that as many are not longer than. */
    static RealLengths of(String source, int[] lengths) {
        int[] sorted = lengths.clone();
        Arrays.sort(sorted);
        return new RealLengths(
                source,
                IntStream.rangeClosed(0, STEPS)
                        .mapToObj(percent -> {
                            int rank = (int) Math.ceil((double) percent / STEPS * sorted.length);
                            return sorted[Math.max(0, rank - 1)];
                        })
                        .toList());
    }

    /**
     * Returns lengths that are distributed like the real ones, between percentiles evenly.
     *
     * @param seed of the choice; the same seed gives the same lengths
     */
    public List<Integer> sample(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    double at = random.nextDouble() * STEPS;
                    int below = percentiles.get((int) at);
                    int above = percentiles.get((int) at + 1);
                    return (int) Math.round(below + (at - (int) at) * (above - below));
                })
                .toList();
    }
}
