package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.donotanswer.classifier.transformer.Precision;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;

/** Uses one evaluator from many threads for long, and watches results and memory. Not thread-safe. */
final class SoakMeasurement {
    /** How far a result may be from that of one thread: it is computed in other batches. */
    static final double TOLERANCE = 1e-4;

    private static final int THREADS = 32;
    private static final int QUARTERS = 4;
    private static final Path STATUS = Path.of("/proc/self/status");

    private final BenchmarkArchitecture architecture;
    private final List<Exchange> exchanges;

    /** What one thread saw. */
    private record Seen(long evaluations, long wrong, double greatest) {
        Seen plus(Seen other) {
            return new Seen(evaluations + other.evaluations, wrong + other.wrong, Math.max(greatest, other.greatest));
        }
    }

    SoakMeasurement(BenchmarkArchitecture architecture, List<Exchange> exchanges) {
        this.architecture = architecture;
        this.exchanges = exchanges;
    }

    SoakResult run(Path checkpoint, int seconds) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (TransformerEvaluator evaluator = EndToEndMeasurement.open(checkpoint, Precision.FLOAT32)) {
            List<Assessment> expected =
                    exchanges.stream().map(evaluator::evaluate).toList();
            // Threads' stacks and the allocator's pools come in the first moments.
            Seen warm = await(start(threads, evaluator, expected, Math.max(1, seconds / 8.0)));
            List<Double> resident = new ArrayList<>();
            addResident(resident);
            List<Future<Seen>> running = start(threads, evaluator, expected, seconds);
            for (int quarter = 1; quarter < QUARTERS; quarter++) {
                TimeUnit.MILLISECONDS.sleep(seconds * 1_000L / QUARTERS);
                addResident(resident);
            }
            Seen seen = await(running);
            addResident(resident);
            return new SoakResult(
                    architecture.modelType(),
                    THREADS,
                    seconds,
                    seen.evaluations(),
                    seen.wrong() + warm.wrong(),
                    Math.max(seen.greatest(), warm.greatest()),
                    resident);
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Future<Seen>> start(
            ExecutorService threads, TransformerEvaluator evaluator, List<Assessment> expected, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Future<Seen>> running = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            SplittableRandom random = new SplittableRandom(thread);
            running.add(threads.submit(() -> {
                Seen seen = new Seen(0, 0, 0);
                while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
                    int index = random.nextInt(exchanges.size());
                    seen = seen.plus(compare(expected.get(index), evaluator.evaluate(exchanges.get(index))));
                }
                return seen;
            }));
        }
        return running;
    }

    private static Seen compare(Assessment expected, Assessment found) {
        if (expected instanceof Assessment.Scored one && found instanceof Assessment.Scored other) {
            double difference = EndToEndMeasurement.difference(one, other);
            return new Seen(1, difference <= TOLERANCE ? 0 : 1, difference);
        }
        return new Seen(1, expected.equals(found) ? 0 : 1, 0);
    }

    private static Seen await(List<Future<Seen>> running) throws InterruptedException {
        Seen sum = new Seen(0, 0, 0);
        for (Future<Seen> each : running) {
            try {
                sum = sum.plus(each.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("evaluator must not fail, but was " + e.getCause(), e.getCause());
            }
        }
        return sum;
    }

    private static void addResident(List<Double> resident) throws IOException {
        if (!Files.isReadable(STATUS)) {
            return;
        }
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("VmRSS:")) {
                resident.add(Double.parseDouble(line.replaceAll("\\D", "")) / 1024);
            }
        }
    }
}
