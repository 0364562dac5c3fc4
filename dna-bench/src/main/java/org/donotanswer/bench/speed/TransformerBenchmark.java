package org.donotanswer.bench.speed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Measures transformers in one process: the bare models, exchanges end to end, and one evaluator under many threads. Not
 * thread-safe.
 *
 * @param models what to run
 * @param architectures in which order; of the first one, exchanges are judged and the threads' evaluator is
 * @param quick whether rough figures will do
 * @param sample how many exchanges are judged, 0 for none
 * @param soakSeconds how long the threads run, 0 for not at all
 */
public record TransformerBenchmark(
        BenchmarkModels models, List<BenchmarkArchitecture> architectures, boolean quick, int sample, int soakSeconds) {
    private static final int SOAK_EXCHANGES = 64;

    /** Checks that there is something to do. */
    public TransformerBenchmark {
        Objects.requireNonNull(models, "models");
        architectures = List.copyOf(architectures);
        if (architectures.isEmpty()) {
            throw new IllegalArgumentException("architectures must be at least one, but were none");
        }
        if (sample < 0 || soakSeconds < 0) {
            throw new IllegalArgumentException(
                    "sample and soakSeconds must not be negative, but were " + sample + " and " + soakSeconds);
        }
    }

    /**
     * Runs it all.
     *
     * @param progress is told what comes next
     * @throws IOException if a checkpoint cannot be written or read
     * @throws InterruptedException if the thread is interrupted while others run
     */
    public TransformerReport run(Consumer<String> progress) throws IOException, InterruptedException {
        List<ForwardRow> forward = new ArrayList<>();
        Samples ceiling = new Samples();
        for (BenchmarkArchitecture architecture : architectures) {
            progress.accept(architecture.modelType() + ": writing the checkpoint, unless it is there, and loading it");
            try (ForwardMeasurement run = new ForwardMeasurement(architecture, models)) {
                progress.accept(architecture.modelType() + ": one sequence, " + String.join(", ", run.engines()));
                forward.addAll(run.measure(lengths(architecture), models.tiny() ? 2 : quick ? 5 : 15));
                ceiling.add(run.gigaflops().median());
                ceiling.add(run.gigaflops().max());
            }
        }
        return new TransformerReport(
                Machine.describe(),
                (models.tiny() ? "tiny" : "of the base checkpoints' sizes") + ", with random weights and two labels",
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
            List<BenchmarkArchitecture> judges = quick
                    ? architectures.subList(0, 1)
                    : architectures.stream()
                            .filter(each -> each == architectures.get(0) || each == BenchmarkArchitecture.LONGFORMER)
                            .toList();
            for (BenchmarkArchitecture architecture : judges) {
                progress.accept(architecture.modelType() + ": judging exchanges");
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
        progress.accept(architecture.modelType() + ": many threads, " + soakSeconds + " s");
        return Optional.of(new SoakMeasurement(architecture, models.exchanges(architecture, SOAK_EXCHANGES))
                .run(models.writeCheckpoint(architecture), soakSeconds));
    }
}
