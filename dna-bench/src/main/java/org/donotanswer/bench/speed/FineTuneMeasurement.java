package org.donotanswer.bench.speed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.donotanswer.classifier.transformer.Precision;
import org.donotanswer.classifier.transformer.TokenSequence;
import org.donotanswer.classifier.transformer.TrainableClassifier;
import org.donotanswer.classifier.transformer.TrainableClassifier.AdamW;

/**
 * Measures the training of one variant of a classifier on random tokens and labels. Each round is one step, then the
 * ceiling, so that other load on the machine slows them equally. Not thread-safe.
 */
final class FineTuneMeasurement implements AutoCloseable {
    /** The engine chooses kernels and allocates in the first steps. */
    private static final int WARM_STEPS = 2;

    /** A product takes far less time than a step: one would be a poor sample of the time around the step. */
    private static final int PRODUCTS_PER_ROUND = 8;

    private static final double LEARNING_RATE = 1e-5;
    private static final int FIRST_TOKEN = 4;
    private static final int SHORTEST = 8;
    private static final int EARLY_STEPS = 20;

    private final BenchmarkModels models;
    private final FineTuneModel model;
    private final FineTuneVariant variant;
    private final Precision precision;
    private final FineTuneBatch batch;
    private final SplittableRandom random;
    private final TrainableClassifier classifier;
    private final Samples gradients = new Samples();
    private final Samples norm = new Samples();
    private final Samples update = new Samples();
    private final Samples whole = new Samples();
    private long step;

    FineTuneMeasurement(
            BenchmarkModels models,
            FineTuneModel model,
            FineTuneVariant variant,
            Precision precision,
            FineTuneBatch batch,
            long seed)
            throws IOException {
        this.models = models;
        this.model = model;
        this.variant = variant;
        this.precision = precision;
        this.batch = batch;
        random = new SplittableRandom(seed);
        classifier =
                variant.setup(models.writeCheckpoint(model), precision, seed).open();
        classifier.seed(seed);
    }

    /** Measures whole steps on sequences of the full length. */
    FineTuneRow measure(int rounds) {
        Samples ceiling = new Samples();
        try (MatMulCeiling product = new MatMulCeiling()) {
            product.multiply();
            for (int i = 0; i < WARM_STEPS; i++) {
                step(sequences(batch.tokens()), false);
            }
            for (int round = 0; round < rounds; round++) {
                step(sequences(batch.tokens()), true);
                for (int i = 0; i < PRODUCTS_PER_ROUND; i++) {
                    ceiling.add(product.gigaflops());
                }
            }
        }
        CheckpointDimensions dimensions = models.checkpoint(model).dimensions();
        return new FineTuneRow(
                model,
                variant,
                precision,
                classifier.trainedElements(),
                batch.rows() * batch.tokens(),
                Flops.step(BenchmarkArchitecture.BERT, dimensions, batch.rows(), batch.tokens()),
                ceiling.median(),
                ceiling.max(),
                whole.median(),
                whole.min(),
                gradients.median(),
                norm.median(),
                update.median());
    }

    /**
     * Takes steps on batches whose longest sequence varies, up to the full length, and reads the resident memory.
     *
     * @throws IOException if the memory cannot be read
     */
    FineTuneMemoryRow measureMemory(int steps) throws IOException {
        int early = Math.min(EARLY_STEPS, steps);
        double earlyMegabytes = Double.NaN;
        for (int i = 1; i <= steps; i++) {
            step(sequences(random.nextInt(Math.min(SHORTEST, batch.tokens()), batch.tokens() + 1)), false);
            if (i == early) {
                earlyMegabytes = ResidentMemory.megabytes();
            }
        }
        return new FineTuneMemoryRow(model, steps, early, earlyMegabytes, ResidentMemory.megabytes());
    }

    private void step(List<TokenSequence> sequences, boolean timed) {
        float[][] targets = targets();
        long start = System.nanoTime();
        classifier.addGradients(sequences, targets);
        long summed = System.nanoTime();
        double length = classifier.gradientNorm();
        long normed = System.nanoTime();
        if (!Double.isFinite(length)) {
            throw new IllegalStateException("norm of the gradients must be finite, but was " + length);
        }
        classifier.update(AdamW.DEFAULT, ++step, LEARNING_RATE, Math.min(1, 1 / length));
        long end = System.nanoTime();
        if (timed) {
            gradients.add((summed - start) / 1e6);
            norm.add((normed - summed) / 1e6);
            update.add((end - normed) / 1e6);
            whole.add((end - start) / 1e6);
        }
    }

    private List<TokenSequence> sequences(int length) {
        int vocabulary = models.checkpoint(model).dimensions().vocabulary();
        List<TokenSequence> sequences = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            long[] ids = random.longs(length, FIRST_TOKEN, vocabulary).toArray();
            sequences.add(new TokenSequence(ids, new long[length]));
        }
        return sequences;
    }

    /** Returns a random label of each sequence, divided by their number. */
    private float[][] targets() {
        float[][] targets = new float[batch.rows()][classifier.outputs()];
        for (float[] row : targets) {
            row[random.nextInt(row.length)] = 1f / batch.rows();
        }
        return targets;
    }

    @Override
    public void close() {
        classifier.close();
    }
}
