package org.donotanswer.bench.speed;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.donotanswer.classifier.transformer.TokenSequence;
import org.donotanswer.evaluate.Exchange;

/**
 * Measures the forward pass of the encoder judge on one thread, and that of other engines with the same weights: the time, how
 * much the results differ, and the memory of the process. Each round runs all engines, so that other load on the machine slows
 * them equally. Immutable, hence thread-safe; concurrent measurements would slow each other.
 *
 * @param checkpoint the directory of a fine-tuned BERT classifier
 * @param exchanges what the results are compared on
 * @param lengths the numbers of tokens of the windows that are timed
 * @param rounds the number of rounds
 */
public record EncoderBenchmark(Path checkpoint, List<Exchange> exchanges, List<Integer> lengths, int rounds) {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int WINDOW_TOKENS = 128;
    private static final int FIRST_TOKEN = 4;

    /** Random tokens are taken from the first ids, which all vocabularies have. */
    private static final int TOKENS = 1_000;

    private static final int TOKENS_PER_SAMPLE = 300;
    private static final int WARM_RUNS = 10;
    private static final long SEED = 42;

    /**
     * Copies the lists, and checks the values.
     *
     * @throws IllegalArgumentException if there is no exchange or no length, or rounds is not positive
     */
    public EncoderBenchmark {
        Objects.requireNonNull(checkpoint, "checkpoint");
        exchanges = List.copyOf(exchanges);
        lengths = List.copyOf(lengths);
        if (exchanges.isEmpty() || lengths.isEmpty()) {
            throw new IllegalArgumentException(
                    "exchanges and lengths must have elements, but had " + exchanges.size() + " and " + lengths.size());
        }
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be at least 1, but was " + rounds);
        }
    }

    /**
     * Runs all measurements.
     *
     * @param progress receives a description of each step before it starts
     * @throws IOException if the checkpoint cannot be read
     */
    public EncoderReport run(Consumer<String> progress) throws IOException {
        List<TokenSequence> windows = windows();
        Map<String, WindowEngine> engines = new LinkedHashMap<>();
        try {
            progress.accept("memory");
            engines.put(EncoderReport.JUDGE, WindowEngine.judge(checkpoint));
            windows.forEach(engines.get(EncoderReport.JUDGE)::logits);
            System.gc(); // The mapped file of weights, which counts as resident, is released by it.
            double megabytes = ResidentMemory.megabytes();
            engines.put(EncoderReport.QUANTIZED, WindowEngine.quantizedOnnx(checkpoint));
            engines.put(EncoderReport.FLOAT, WindowEngine.onnx(checkpoint));
            engines.put(EncoderReport.TRANSFORMER, WindowEngine.transformer(checkpoint));
            List<EncoderSpeedRow> speed = new ArrayList<>();
            for (int length : lengths) {
                progress.accept(length + " tokens");
                speed.add(speed(engines, length));
            }
            progress.accept("differences on " + windows.size() + " windows");
            return new EncoderReport(
                    Machine.describe(), rounds, speed, drift(engines, windows), megabytes, heapLimitMegabytes());
        } finally {
            engines.values().forEach(WindowEngine::close);
        }
    }

    private static double heapLimitMegabytes() {
        return Runtime.getRuntime().maxMemory() / (double) (1 << 20);
    }

    private List<EncoderDriftRow> drift(Map<String, WindowEngine> engines, List<TokenSequence> windows)
            throws IOException {
        List<float[]> exact =
                windows.stream().map(engines.get(EncoderReport.FLOAT)::logits).toList();
        EncoderDrift drift = new EncoderDrift(checkpoint, exact.get(0).length);
        List<EncoderDriftRow> rows = new ArrayList<>();
        for (String name : List.of(EncoderReport.QUANTIZED, EncoderReport.JUDGE)) {
            rows.addAll(drift.compare(name, engines.get(name), windows, exact));
        }
        return rows;
    }

    private EncoderSpeedRow speed(Map<String, WindowEngine> engines, int length) {
        long[] ids =
                new SplittableRandom(SEED).longs(length, FIRST_TOKEN, TOKENS).toArray();
        TokenSequence window = new TokenSequence(ids, new long[length]);
        int repeats = Math.max(1, TOKENS_PER_SAMPLE / length);
        Map<String, Samples> samples = new LinkedHashMap<>();
        engines.forEach((name, engine) -> {
            samples.put(name, new Samples());
            millis(engine, window, WARM_RUNS);
        });
        for (int round = 0; round < rounds; round++) {
            engines.forEach((name, engine) -> samples.get(name).add(millis(engine, window, repeats)));
        }
        return new EncoderSpeedRow(
                length,
                samples.get(EncoderReport.TRANSFORMER).median(),
                samples.get(EncoderReport.FLOAT).median(),
                samples.get(EncoderReport.QUANTIZED).median(),
                samples.get(EncoderReport.JUDGE).median());
    }

    /** Returns the processor time of one call; all engines compute on the calling thread, so this is all of it. */
    private static double millis(WindowEngine engine, TokenSequence window, int repeats) {
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < repeats; i++) {
            engine.logits(window);
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / 1e6 / repeats;
    }

    /** Returns the first window of each exchange. */
    private List<TokenSequence> windows() throws IOException {
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                .optTokenizerPath(checkpoint.resolve("tokenizer.json"))
                .optTruncation(true)
                .optPadding(false)
                .optMaxLength(WINDOW_TOKENS)
                .build()) {
            return exchanges.stream()
                    .map(exchange -> tokenizer.encode(exchange.instruction(), exchange.response()))
                    .map(EncoderBenchmark::window)
                    .toList();
        }
    }

    private static TokenSequence window(Encoding encoding) {
        return new TokenSequence(encoding.getIds(), encoding.getTypeIds());
    }
}
