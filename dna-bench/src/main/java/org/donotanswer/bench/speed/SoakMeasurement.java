package org.donotanswer.bench.speed;

import java.io.IOException;
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

/** Uses one evaluator from many threads for a long time, checks the results and samples the memory. Not thread-safe. */
final class SoakMeasurement {
    /** The maximum difference from the result of one thread; batches, and so rounding errors, differ. */
    static final double TOLERANCE = 1e-4;

    private static final int THREADS = 32;
    private static final int QUARTERS = 4;

    private final BenchmarkArchitecture architecture;
    private final List<Exchange> exchanges;

    /** The results of one thread. */
    private record Tally(long evaluations, long wrong, double maxDifference) {
        Tally plus(Tally other) {
            return new Tally(
                    evaluations + other.evaluations, wrong + other.wrong, Math.max(maxDifference, other.maxDifference));
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
            // Thread stacks and allocator pools grow at first.
            Tally warmUp = awaitAll(start(threads, evaluator, expected, Math.max(1, seconds / 8.0)));
            List<Double> resident = new ArrayList<>();
            addResident(resident);
            List<Future<Tally>> running = start(threads, evaluator, expected, seconds);
            for (int quarter = 1; quarter < QUARTERS; quarter++) {
                TimeUnit.MILLISECONDS.sleep(seconds * 1_000L / QUARTERS);
                addResident(resident);
            }
            Tally tally = awaitAll(running);
            addResident(resident);
            return new SoakResult(
                    architecture.modelType(),
                    THREADS,
                    seconds,
                    tally.evaluations(),
                    tally.wrong() + warmUp.wrong(),
                    Math.max(tally.maxDifference(), warmUp.maxDifference()),
                    resident);
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Future<Tally>> start(
            ExecutorService threads, TransformerEvaluator evaluator, List<Assessment> expected, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Future<Tally>> running = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            SplittableRandom random = new SplittableRandom(thread);
            running.add(threads.submit(() -> {
                Tally tally = new Tally(0, 0, 0);
                while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
                    int index = random.nextInt(exchanges.size());
                    tally = tally.plus(compare(expected.get(index), evaluator.evaluate(exchanges.get(index))));
                }
                return tally;
            }));
        }
        return running;
    }

    private static Tally compare(Assessment expected, Assessment actual) {
        if (expected instanceof Assessment.Scored a && actual instanceof Assessment.Scored b) {
            double difference = EndToEndMeasurement.difference(a, b);
            return new Tally(1, difference <= TOLERANCE ? 0 : 1, difference);
        }
        return new Tally(1, expected.equals(actual) ? 0 : 1, 0);
    }

    private static Tally awaitAll(List<Future<Tally>> running) throws InterruptedException {
        Tally sum = new Tally(0, 0, 0);
        for (Future<Tally> each : running) {
            try {
                sum = sum.plus(each.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(
                        "evaluator must not fail, but threw "
                                + e.getCause().getClass().getName(),
                        e.getCause());
            }
        }
        return sum;
    }

    private static void addResident(List<Double> resident) throws IOException {
        double megabytes = ResidentMemory.megabytes();
        if (!Double.isNaN(megabytes)) {
            resident.add(megabytes);
        }
    }
}
