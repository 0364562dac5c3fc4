package org.donotanswer.bench.speed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures transformers in one process: forward passes, exchanges end to end, and one evaluator under many threads.
 * Immutable, hence thread-safe; concurrent measurements would slow each other.
 *
 * @param models the models to measure
 * @param architectures the architectures, in order; the first also evaluates exchanges and serves many threads
 * @param quick whether rough figures suffice
 * @param sample the number of exchanges to evaluate; 0 for none
 * @param soakSeconds the duration of the test with many threads; 0 to skip it
 */
public record TransformerBenchmark(
        BenchmarkModels models, List<BenchmarkArchitecture> architectures, boolean quick, int sample, int soakSeconds) {
    private static final int SOAK_EXCHANGES = 64;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there is no architecture, or a number is negative
     */
    public TransformerBenchmark {
        Objects.requireNonNull(models, "models");
        architectures = List.copyOf(architectures);
        if (architectures.isEmpty()) {
            throw new IllegalArgumentException("architectures must have at least one element, but had none");
        }
        if (sample < 0 || soakSeconds < 0) {
            throw new IllegalArgumentException(
                    "sample and soakSeconds must not be negative, but were " + sample + " and " + soakSeconds);
        }
    }

    /**
     * Runs all measurements.
     *
     * @param progress receives a description of each step before it starts
     * @throws IOException if a checkpoint cannot be written or read
     * @throws InterruptedException if the thread is interrupted
     */
    public TransformerReport run(Consumer<String> progress) throws IOException, InterruptedException {
        List<ForwardRow> forward = new ArrayList<>();
        Samples ceiling = new Samples();
        for (BenchmarkArchitecture architecture : architectures) {
            progress.accept(architecture.modelType() + ": writing the checkpoint if needed, and loading it");
            try (ForwardMeasurement measurement = new ForwardMeasurement(architecture, models)) {
                progress.accept(
                        architecture.modelType() + ": one sequence, " + String.join(", ", measurement.engines()));
                forward.addAll(measurement.measure(lengths(architecture), models.tiny() ? 2 : quick ? 5 : 15));
                ceiling.add(measurement.gigaflops().median());
                ceiling.add(measurement.gigaflops().max());
            }
        }
        return new TransformerReport(
                Machine.describe(),
                (models.tiny() ? "tiny" : "of base size") + ", with random weights and two labels",
                models.source(),
                forward.stream().mapToDouble(ForwardRow::ceiling).average().orElse(Double.NaN),
                ceiling.max(),
                forward,
                endToEnd(progress),
                soak(progress));
    }

    private List<Integer> lengths(BenchmarkArchitecture architecture) {
        if (models.tiny()) {
            return List.of(16, 64);
        }
        return architecture == BenchmarkArchitecture.LONGFORMER
                ? List.of(64, 150, 512, 1_024, 2_048, 4_096)
                : List.of(64, 150, 512);
    }

    private List<EndToEndRow> endToEnd(Consumer<String> progress) throws IOException {
        List<EndToEndRow> rows = new ArrayList<>();
        if (sample > 0) {
            List<BenchmarkArchitecture> evaluated = quick
                    ? architectures.subList(0, 1)
                    : architectures.stream()
                            .filter(each -> each == architectures.get(0) || each == BenchmarkArchitecture.LONGFORMER)
                            .toList();
            for (BenchmarkArchitecture architecture : evaluated) {
                progress.accept(architecture.modelType() + ": evaluating exchanges");
                rows.addAll(new EndToEndMeasurement(architecture, models.exchanges(architecture, sample))
                        .measure(models.writeCheckpoint(architecture)));
            }
        }
        return rows;
    }

    private Optional<SoakResult> soak(Consumer<String> progress) throws IOException, InterruptedException {
        if (soakSeconds == 0) {
            return Optional.empty();
        }
        BenchmarkArchitecture architecture = architectures.get(0);
        progress.accept(architecture.modelType() + ": using many threads, " + soakSeconds + " s");
        return Optional.of(new SoakMeasurement(architecture, models.exchanges(architecture, SOAK_EXCHANGES))
                .run(models.writeCheckpoint(architecture), soakSeconds));
    }
}
