package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.donotanswer.classifier.transformer.TokenSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxForwardPassTest {
    private static final int THREADS = 4;

    private static OnnxForwardPass open(RandomEncoder encoder, OutlierScales outliers) throws IOException {
        return OnnxForwardPass.open(encoder, RandomEncoder.HEADS, outliers);
    }

    private static TokenSequence window(int tokens, long seed) {
        Random random = new Random(seed);
        long[] types = new long[tokens];
        for (int i = tokens / 2; i < tokens; i++) {
            types[i] = 1;
        }
        return new TokenSequence(random.longs(tokens, 0, RandomEncoder.WORDS).toArray(), types);
    }

    /** Returns the root mean square of the errors over windows of all lengths, relative to that of the logits. */
    private static double error(RandomEncoder encoder, OutlierScales outliers) throws IOException {
        FloatEncoder exact = new FloatEncoder(encoder, EncoderDimensions.of(encoder, RandomEncoder.HEADS));
        double errors = 0;
        double squares = 0;
        try (OnnxForwardPass pass = open(encoder, outliers)) {
            for (int tokens = 1; tokens <= RandomEncoder.POSITIONS; tokens++) {
                double[] expected = exact.logits(window(tokens, tokens));
                float[] actual = pass.logits(window(tokens, tokens));
                assertThat(actual).hasSameSizeAs(expected);
                for (int i = 0; i < expected.length; i++) {
                    errors += Math.pow(actual[i] - expected[i], 2);
                    squares += expected[i] * expected[i];
                }
            }
        }
        return Math.sqrt(errors / squares);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void logits_anyLength_differFromExactOnesByQuantizationOnly(long seed) throws IOException {
        RandomEncoder encoder = new RandomEncoder(seed);

        double error = error(encoder, OutlierScales.NONE);

        assertThat(error).isBetween(1e-5, .05);
    }

    @Test
    void logits_factorsOfUnitsWithoutOutliers_areNearlyAsGood() throws IOException {
        double error = error(new RandomEncoder(1), new OutlierScales(Map.of(3, 2, 31, 3), Map.of(0, 2)));

        assertThat(error).isLessThan(.05);
    }

    @Test
    void logits_knownOutlier_areFarBetterThanUnknown() throws IOException {
        RandomEncoder encoder = new RandomEncoder(1).withOutlier(7, 12);

        double unknown = error(encoder, OutlierScales.NONE);
        double known = error(encoder, new OutlierScales(Map.of(7, 12), Map.of(7, 12)));

        assertThat(known).isLessThan(.05).isLessThan(unknown / 2);
    }

    @Test
    void logits_sameWindowTwice_areEqual() throws IOException {
        try (OnnxForwardPass pass = open(new RandomEncoder(1), OutlierScales.NONE)) {
            float[] first = pass.logits(window(20, 1));
            pass.logits(window(40, 2));

            assertThat(pass.logits(window(20, 1))).containsExactly(first);
        }
    }

    @Test
    void logits_manyThreads_areThoseOfOne() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (OnnxForwardPass pass = open(new RandomEncoder(1), OutlierScales.NONE)) {
            List<float[]> expected = new ArrayList<>();
            for (int tokens = 1; tokens <= RandomEncoder.POSITIONS; tokens++) {
                expected.add(pass.logits(window(tokens, tokens)));
            }
            List<Future<List<float[]>>> results = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                results.add(threads.submit(() -> {
                    List<float[]> logits = new ArrayList<>();
                    for (int tokens = 1; tokens <= RandomEncoder.POSITIONS; tokens++) {
                        logits.add(pass.logits(window(tokens, tokens)));
                    }
                    return logits;
                }));
            }
            for (Future<List<float[]>> result : results) {
                assertThat(result.get(1, TimeUnit.MINUTES)).containsExactlyElementsOf(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void close_whileThreadsCompute_letsEachCallEndOrSaysClosed() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            OnnxForwardPass pass = open(new RandomEncoder(1), OutlierScales.NONE);
            float[] expected = pass.logits(window(30, 1));
            CountDownLatch running = new CountDownLatch(THREADS);
            List<Future<String>> results = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                results.add(threads.submit(() -> {
                    try {
                        while (true) {
                            assertThat(pass.logits(window(30, 1))).containsExactly(expected);
                            running.countDown();
                        }
                    } catch (IllegalStateException e) {
                        return e.getMessage();
                    }
                }));
            }
            assertThat(running.await(1, TimeUnit.MINUTES)).isTrue();

            pass.close();

            for (Future<String> result : results) {
                assertThat(result.get(1, TimeUnit.MINUTES)).isEqualTo("OnnxForwardPass is closed");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void close_twice_hasNoFurtherEffect() throws IOException {
        OnnxForwardPass pass = open(new RandomEncoder(1), OutlierScales.NONE);
        pass.close();
        pass.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> pass.logits(window(3, 1)))
                .withMessage("OnnxForwardPass is closed");
    }

    @Test
    void logits_badWindow_saysWhatIsWrongAndStaysUsable() throws IOException {
        try (OnnxForwardPass pass = open(new RandomEncoder(1), OutlierScales.NONE)) {
            float[] expected = pass.logits(window(5, 1));

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pass.logits(window(41, 1)))
                    .withMessage("number of tokens must be in 0..40, but was 41");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pass.logits(new TokenSequence(new long[] {1, 50}, new long[2])))
                    .withMessage("id of token 1 must be in 0..49, but was 50");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pass.logits(new TokenSequence(new long[] {-1}, new long[1])))
                    .withMessage("id of token 0 must be in 0..49, but was -1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pass.logits(new TokenSequence(new long[1], new long[] {2})))
                    .withMessage("type of token 0 must be in 0..1, but was 2");
            assertThat(pass.logits(window(5, 1))).containsExactly(expected);
        }
    }

    @Test
    void open_tensorMissing_namesIt() {
        RandomEncoder encoder = new RandomEncoder(1).without("pooler.dense.weight");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(encoder, OutlierScales.NONE))
                .withMessage("name must be that of a tensor, but was pooler.dense.weight");
    }

    @Test
    void open_embeddingsMissing_namesThem() {
        RandomEncoder encoder = new RandomEncoder(1).without("embeddings.word_embeddings.weight");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(encoder, OutlierScales.NONE))
                .withMessage("name must be that of a tensor, but was embeddings.word_embeddings.weight");
    }

    @Test
    void open_headsThatDoNotDivide_saysSo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnnxForwardPass.open(new RandomEncoder(1), 5, OutlierScales.NONE))
                .withMessage("heads must divide the hidden size 32, but was 5");
    }

    @Test
    void open_noLayer_saysSo() {
        RandomEncoder encoder = new RandomEncoder(1).without("encoder.layer.0.intermediate.dense.bias");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(encoder, OutlierScales.NONE))
                .withMessage("layers must be at least 1, but was 0");
    }

    @Test
    void loaded_noNativeLibrary_namesThePlatform() {
        UnsatisfiedLinkError cause = new UnsatisfiedLinkError("no onnxruntime in java.library.path");

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> OnnxForwardPass.loaded(() -> {
                    throw cause;
                }))
                .withMessage("ONNX Runtime must have a native library for this platform, but none could be loaded for "
                        + System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                        + " (com.microsoft.onnxruntime:onnxruntime has it for Linux with glibc and macOS on x64 and arm64,"
                        + " and Windows on x64)")
                .withCause(cause);
    }
}
