package org.donotanswer.bench.speed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.donotanswer.classifier.transformer.Precision;

/**
 * Measures the training of classifiers in one process: the time of steps, and the memory over many. Immutable, hence
 * thread-safe; concurrent measurements would slow each other.
 *
 * @param models where the checkpoints are kept, and whether they are tiny
 * @param sizes the classifiers, in order
 * @param variants what is trained of each, in order
 * @param precisions the precisions of each variant, in order
 * @param batch the size of the batches
 * @param rounds the number of steps that are timed of each variant in each precision
 * @param memorySteps the number of steps over which the memory is watched; 0 to skip this
 * @param seed of tokens, labels and dropout
 */
public record FineTuneBenchmark(
        BenchmarkModels models,
        List<FineTuneModel> sizes,
        List<FineTuneVariant> variants,
        List<Precision> precisions,
        FineTuneBatch batch,
        int rounds,
        int memorySteps,
        long seed) {
    /**
     * Copies the lists, and checks the values.
     *
     * @throws IllegalArgumentException if a list is empty, or a number out of range
     */
    public FineTuneBenchmark {
        Objects.requireNonNull(models, "models");
        Objects.requireNonNull(batch, "batch");
        sizes = List.copyOf(sizes);
        variants = List.copyOf(variants);
        precisions = List.copyOf(precisions);
        if (sizes.isEmpty() || variants.isEmpty() || precisions.isEmpty()) {
            throw new IllegalArgumentException("sizes, variants and precisions must have elements, but were " + sizes
                    + ", " + variants + " and " + precisions);
        }
        if (rounds < 1 || memorySteps < 0) {
            throw new IllegalArgumentException("rounds must be at least 1 and memorySteps not negative, but were "
                    + rounds + " and " + memorySteps);
        }
    }

    /**
     * Runs all measurements.
     *
     * @param progress receives a description of each step before it starts
     * @throws IOException if a checkpoint cannot be written or read
     */
    public FineTuneReport run(Consumer<String> progress) throws IOException {
        List<FineTuneRow> rows = new ArrayList<>();
        List<FineTuneMemoryRow> memory = new ArrayList<>();
        for (FineTuneModel size : sizes) {
            for (FineTuneVariant variant : variants) {
                for (Precision precision : precisions) {
                    progress.accept(String.format(
                            Locale.ROOT,
                            "%s: %s, dropout %.1f, %s",
                            size.label(),
                            variant.trained(),
                            variant.dropout(),
                            precision));
                    try (FineTuneMeasurement measurement = open(size, variant, precision)) {
                        rows.add(measurement.measure(rounds));
                    }
                }
            }
            if (memorySteps > 0) {
                progress.accept(size.label() + ": memory");
                try (FineTuneMeasurement measurement = open(size, FineTuneVariant.ALL, Precision.FLOAT32)) {
                    memory.add(measurement.measureMemory(memorySteps));
                }
            }
        }
        return new FineTuneReport(
                Machine.describe(),
                models.tiny() ? "tiny" : "of the sizes of MiniLM-L6 and BERT base",
                batch,
                rounds,
                rows,
                memory);
    }

    private FineTuneMeasurement open(FineTuneModel size, FineTuneVariant variant, Precision precision)
            throws IOException {
        return new FineTuneMeasurement(models, size, variant, precision, batch, seed);
    }
}
