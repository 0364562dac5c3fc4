package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.CheckpointClassifier;
import org.donotanswer.classifier.transformer.Precision;

/**
 * Measures the forward pass of one architecture. Every round alternates between all engines and the ceiling, so that other
 * load on the machine slows them equally. Not thread-safe.
 */
final class ForwardMeasurement implements AutoCloseable {
    private static final String ONNX = "ONNX";
    /** The threads of ONNX Runtime and OpenMP spin after a call and would slow the next engine. */
    private static final long PAUSE_MILLIS = 60;

    private static final int MAX_REPEATED_LENGTH = 512;
    private static final int MAX_WARM_LENGTH = 1_024;

    private final BenchmarkArchitecture architecture;
    private final BenchmarkModels models;
    private final Map<String, ForwardEngine> engines = new LinkedHashMap<>();
    private final MatMulCeiling ceiling = new MatMulCeiling();
    private final Samples gigaflops = new Samples();

    ForwardMeasurement(BenchmarkArchitecture architecture, BenchmarkModels models) throws IOException {
        this.architecture = architecture;
        this.models = models;
        boolean opened = false;
        try {
            open(models.writeCheckpoint(architecture));
            opened = true;
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    private void open(Path directory) throws IOException {
        for (Precision precision : List.of(Precision.FLOAT32, Precision.FLOAT16, Precision.BFLOAT16)) {
            try {
                CheckpointClassifier classifier = CheckpointClassifier.open(directory, precision, 0);
                engines.put(precision.name(), engine(classifier));
                classifier.logits(models.tokens(architecture, 1, 2));
            } catch (IllegalStateException e) {
                if (precision == Precision.FLOAT32) {
                    throw e;
                }
                // This processor lacks the precision.
                ForwardEngine unusable = engines.remove(precision.name());
                if (unusable != null) {
                    unusable.close();
                }
            }
        }
        if (architecture == BenchmarkArchitecture.BERT
                || architecture == BenchmarkArchitecture.ROBERTA
                || architecture == BenchmarkArchitecture.DISTILBERT) {
            engines.put(ONNX, ForwardEngine.onnx().open(directory));
        }
    }

    private static ForwardEngine engine(CheckpointClassifier classifier) {
        return new ForwardEngine() {
            @Override
            public void run(long[][] ids) {
                classifier.logits(ids);
            }

            @Override
            public void close() {
                classifier.close();
            }
        };
    }

    /** Measures each length and returns a row for it. */
    List<ForwardRow> measure(List<Integer> lengths, int rounds) throws InterruptedException {
        Map<String, Samples> samples = new LinkedHashMap<>();
        for (int length : lengths) {
            long[][] ids = models.tokens(architecture, 1, length);
            engines.forEach((name, engine) -> {
                samples.put(name + length, new Samples());
                // An engine optimises the model in its first runs.
                for (int i = 0; i < (length > MAX_WARM_LENGTH ? 2 : 4); i++) {
                    engine.run(ids);
                }
            });
        }
        ceiling.multiply();
        for (int round = 0; round < rounds; round++) {
            for (int length : lengths) {
                long[][] ids = models.tokens(architecture, 1, length);
                Thread.sleep(PAUSE_MILLIS);
                gigaflops.add(ceiling.gigaflops());
                for (int repeat = 0; repeat < Math.max(1, Math.min(4, MAX_REPEATED_LENGTH / length)); repeat++) {
                    for (Map.Entry<String, ForwardEngine> engine : engines.entrySet()) {
                        Thread.sleep(PAUSE_MILLIS);
                        long start = System.nanoTime();
                        engine.getValue().run(ids);
                        samples.get(engine.getKey() + length).add((System.nanoTime() - start) / 1e6);
                    }
                }
            }
        }
        return lengths.stream().map(length -> row(length, samples)).toList();
    }

    private ForwardRow row(int length, Map<String, Samples> samples) {
        Samples exact = samples.get(Precision.FLOAT32.name() + length);
        return new ForwardRow(
                architecture.modelType(),
                length,
                Flops.forward(architecture, models.checkpoint(architecture).dimensions(), length),
                gigaflops.median(),
                exact.median(),
                exact.min(),
                median(samples, ONNX + length),
                median(samples, Precision.FLOAT16.name() + length),
                median(samples, Precision.BFLOAT16.name() + length));
    }

    private static double median(Map<String, Samples> samples, String name) {
        return samples.containsKey(name) ? samples.get(name).median() : Double.NaN;
    }

    /** Returns the names of the engines. */
    List<String> engines() {
        return new ArrayList<>(engines.keySet());
    }

    /** Returns the GFLOP/s of the ceiling. */
    Samples gigaflops() {
        return gigaflops;
    }

    @Override
    public void close() {
        engines.values().forEach(ForwardEngine::close);
        engines.clear();
        ceiling.close();
    }
}
