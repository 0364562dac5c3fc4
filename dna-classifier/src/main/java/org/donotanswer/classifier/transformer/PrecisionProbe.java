package org.donotanswer.classifier.transformer;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.donotanswer.classifier.weights.CheckpointWeights;

/**
 * Determines by measurement whether this processor computes a checkpoint faster in a half precision, with the same
 * decisions. On processors without native half-precision products, these are slower or fail. Random tokens stand in for
 * text. The best time of several runs counts, so that other work on the machine has little effect.
 */
final class PrecisionProbe {
    /** The minimum speed-up of a half precision. */
    static final double MIN_SPEEDUP_FACTOR = 2.5;

    /** The maximum change of a probability. */
    static final double MAX_PROBABILITY_DIFFERENCE = 0.01;

    /** Roughly the median and the 95th percentile of the lengths of exchanges. */
    private static final int[] LENGTHS = {104, 380};

    private static final int RUNS = 4;
    private static final int SEQUENCES = 16;
    private static final long SEED = 42;

    private PrecisionProbe() {}

    /** Returns the model in the fastest precision that passes, or in 32 bits if no half precision does. */
    static CheckpointModel fastest(
            Architecture architecture, int labels, CheckpointWeights weights, boolean packed, int threads)
            throws IOException {
        CheckpointModel best =
                CheckpointModel.load(architecture, labels, weights, new Kernels(Precision.FLOAT32, packed), threads);
        boolean done = false;
        try {
            List<TokenSequence> inputs = inputs(architecture);
            float[][] exact = logits(best, inputs);
            double limit = seconds(best, inputs) / MIN_SPEEDUP_FACTOR;
            for (Precision precision : List.of(Precision.FLOAT16, Precision.BFLOAT16)) {
                CheckpointModel half;
                try {
                    half = CheckpointModel.load(architecture, labels, weights, new Kernels(precision, packed), threads);
                } catch (IllegalStateException e) {
                    continue; // not supported by this processor
                }
                boolean better = false;
                try {
                    double seconds = seconds(half, inputs);
                    if (seconds < limit && agree(exact, logits(half, inputs))) {
                        better = true;
                        limit = seconds;
                    }
                } catch (EngineException e) {
                    better = false; // can be packed, but not multiplied
                } finally {
                    (better ? best : half).close();
                }
                if (better) {
                    best = half;
                }
            }
            done = true;
            return best;
        } finally {
            if (!done) {
                best.close();
            }
        }
    }

    private static List<TokenSequence> inputs(Architecture architecture) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<TokenSequence> inputs = new ArrayList<>();
        for (int i = 0; i < SEQUENCES; i++) {
            int length = Math.min(LENGTHS[i % LENGTHS.length], architecture.maxTokens());
            long[] ids = random.longs(length, 0, architecture.vocabularySize()).toArray();
            inputs.add(new TokenSequence(ids, new long[length]));
        }
        if (architecture.maxTokens() > architecture.maxBatchedLength()) { // uses another function of the program
            int length = architecture.maxBatchedLength() + 1;
            inputs.add(new TokenSequence(
                    random.longs(length, 0, architecture.vocabularySize()).toArray(), new long[length]));
        }
        return inputs;
    }

    private static float[][] logits(CheckpointModel model, List<TokenSequence> inputs) {
        return inputs.stream().map(input -> model.logits(List.of(input))[0]).toArray(float[][]::new);
    }

    /** Returns the sum of the best times of each length. */
    private static double seconds(CheckpointModel model, List<TokenSequence> inputs) {
        double sum = 0;
        for (int length = 0; length < LENGTHS.length; length++) {
            long best = Long.MAX_VALUE;
            for (int run = 0; run < RUNS; run++) {
                long start = System.nanoTime();
                model.logits(List.of(inputs.get(length)));
                best = Math.min(best, System.nanoTime() - start);
            }
            sum += best / 1e9;
        }
        return sum;
    }

    /** Returns whether all decisions are equal and all probabilities close. */
    static boolean agree(float[][] exact, float[][] rounded) {
        for (int row = 0; row < exact.length; row++) {
            double[] expected = probabilities(exact[row]);
            double[] found = probabilities(rounded[row]);
            for (int label = 0; label < expected.length; label++) {
                if (!(Math.abs(expected[label] - found[label]) <= MAX_PROBABILITY_DIFFERENCE)) {
                    return false;
                }
            }
            if (largest(expected) != largest(found)) {
                return false;
            }
        }
        return true;
    }

    private static double[] probabilities(float[] logits) {
        if (logits.length == 1) {
            double probability = 1 / (1 + Math.exp(-logits[0]));
            return new double[] {1 - probability, probability};
        }
        double top = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            top = Math.max(top, logit);
        }
        double[] weights = new double[logits.length];
        for (int label = 0; label < weights.length; label++) {
            weights[label] = Math.exp(logits[label] - top);
        }
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    private static int largest(double[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[largest]) {
                largest = i;
            }
        }
        return largest;
    }
}
