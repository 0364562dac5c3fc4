package org.donotanswer.bench.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.donotanswer.bench.soak.SoakReport.EvaluatorFigures;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.internal.DaemonThreads;

/** Carries out a plan, once: oracle, warm-up, load. Not thread-safe. */
public final class SoakRun {
    private static final Logger GUARD_LOGGER = Logger.getLogger(SafetyGuard.class.getName());
    private static final long SAMPLE_MILLIS = 1_000;
    private static final double MINUTE = 60;
    private static final Duration MAX_WARM_UP = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 50;
    private static final long CLOSE_SECONDS = 10;

    private enum Stage {
        WARM_UP,
        MEASURED
    }

    private final SoakPlan plan;
    private final Consumer<String> told;
    private final SoakTally tally;
    private final List<SoakMemory.Sample> samples = new ArrayList<>();
    private final List<SoakMinute> minutes = new ArrayList<>();
    private double seconds;

    /**
     * Creates a run.
     *
     * @param told receives a line at the end of each minute, and for each of the first wrong results; may be called by several
     *     threads, one at a time
     */
    public SoakRun(SoakPlan plan, Consumer<String> told) {
        this.plan = plan;
        this.told = told;
        tally = new SoakTally(result -> tell(result.describe()));
    }

    /**
     * Runs.
     *
     * @throws IOException if an evaluator cannot be opened, or a file not be written
     * @throws InterruptedException if the thread is interrupted
     */
    public SoakReport run() throws IOException, InterruptedException {
        // Guards log the first failure of each evaluator, and here evaluators fail on purpose.
        Level level = GUARD_LOGGER.getLevel();
        GUARD_LOGGER.setLevel(Level.OFF);
        try {
            return runQuietly();
        } finally {
            GUARD_LOGGER.setLevel(level);
        }
    }

    private SoakReport runQuietly() throws IOException, InterruptedException {
        List<SoakOracle> oracles = new ArrayList<>();
        for (SoakedEvaluator evaluator : plan.evaluators()) {
            oracles.add(SoakOracle.of(evaluator, plan.exchanges()));
        }
        SoakTally warmUp = new SoakTally(tally::add);
        load(oracles, warmUp, ~plan.seed(), plan.budget().warmUpOperations(), MAX_WARM_UP, Stage.WARM_UP);
        awaitIdle(plan.budget().pause(), 0, List.of());
        SoakFootprint footprintBefore = SoakFootprint.measure();
        double handlesBefore = ProcessGauge.handles();
        List<String> threadsBefore = ProcessGauge.threads();
        AuditCount audit = load(
                oracles,
                tally,
                plan.seed(),
                plan.budget().operations(),
                plan.budget().duration(),
                Stage.MEASURED);
        awaitIdle(plan.budget().patience(), handlesBefore, threadsBefore);
        // Before garbage is collected, which would close files that nobody closed.
        double handlesAfter = ProcessGauge.handles();
        List<String> threadsAfter = ProcessGauge.threads();
        return new SoakReport(
                figures(oracles),
                plan.exchanges().size(),
                plan.seed(),
                plan.threads(),
                seconds,
                minutes,
                byName(tally.faults()),
                audit,
                SoakMemory.of(samples, seconds),
                footprintBefore,
                SoakFootprint.measure(),
                handlesBefore,
                handlesAfter,
                threadsBefore,
                threadsAfter,
                tally.wrong(),
                tally.kept());
    }

    private List<EvaluatorFigures> figures(List<SoakOracle> oracles) {
        List<EvaluatorFigures> figures = new ArrayList<>();
        for (int i = 0; i < oracles.size(); i++) {
            SoakOracle oracle = oracles.get(i);
            figures.add(new EvaluatorFigures(
                    plan.evaluators().get(i).name(),
                    oracle.evaluator(),
                    oracle.tolerance(),
                    oracle.greatestDifference()));
        }
        return figures;
    }

    private synchronized void tell(String line) {
        told.accept(line);
    }

    private static <E extends Enum<E>, V> Map<String, V> byName(Map<E, V> map) {
        Map<String, V> byName = new TreeMap<>();
        map.forEach((key, value) -> byName.put(key.name(), value));
        return byName;
    }

    /** Opens everything, has all threads use it, and closes everything. */
    private AuditCount load(
            List<SoakOracle> oracles, SoakTally counts, long seed, long operations, Duration duration, Stage stage)
            throws IOException, InterruptedException {
        SoakContext context = new SoakContext(plan, oracles);
        ExecutorService threads = Executors.newFixedThreadPool(plan.threads(), DaemonThreads.numbered("soak-worker-"));
        try {
            long start = System.nanoTime();
            AtomicLong left = new AtomicLong(operations);
            BooleanSupplier wanted = () -> System.nanoTime() - start < duration.toNanos()
                    && left.getAndDecrement() > 0
                    && !threads.isShutdown();
            List<Future<?>> workers = new ArrayList<>();
            for (int thread = 0; thread < plan.threads(); thread++) {
                SoakWorker worker = new SoakWorker(context, counts, seed, thread);
                workers.add(threads.submit(() -> {
                    worker.run(wanted);
                    return null;
                }));
            }
            for (Future<?> worker : workers) {
                await(worker, start, stage);
            }
            if (stage == Stage.MEASURED) {
                seconds = (System.nanoTime() - start) / 1e9;
                addMinute(seconds);
            }
            threads.shutdown();
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            closeAfter(e, threads, context);
            throw e;
        }
        return close(context, counts);
    }

    /** Ends the load and closes everything, although a failure is on its way. */
    private static void closeAfter(Throwable failure, ExecutorService threads, SoakContext context) {
        threads.shutdownNow();
        try {
            // Whoever still works would use what is closed.
            boolean ignored = threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            context.close();
        } catch (IOException | InterruptedException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static AuditCount close(SoakContext context, SoakTally counts) throws IOException {
        try {
            return context.close();
        } catch (SoakMismatchException e) {
            counts.add(new WrongResult("", "audit log", -1, String.valueOf(e.getMessage())));
            return AuditCount.NONE;
        }
    }

    /** Waits for the worker; meanwhile, takes samples if the load is measured. */
    private void await(Future<?> worker, long start, Stage stage) throws IOException, InterruptedException {
        while (true) {
            try {
                worker.get(SAMPLE_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (stage == Stage.MEASURED) {
                    sample((System.nanoTime() - start) / 1e9);
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(
                        "load must go on, but a thread threw "
                                + e.getCause().getClass().getName(),
                        e.getCause());
            }
        }
    }

    private void sample(double now) throws IOException {
        samples.add(new SoakMemory.Sample(now, ProcessGauge.residentMegabytes()));
        if (now >= (minutes.size() + 1) * MINUTE) {
            addMinute(now);
            tell(minutes.get(minutes.size() - 1).describe());
        }
    }

    private void addMinute(double now) {
        List<SoakMemory.Sample> recent = samples.stream()
                .filter(sample -> sample.seconds() > now - MINUTE)
                .toList();
        Map<SoakFault, Long> faults = new EnumMap<>(SoakFault.class);
        tally.faults()
                .forEach((fault, outcomes) -> faults.put(
                        fault,
                        outcomes.values().stream().mapToLong(Long::longValue).sum()));
        minutes.add(new SoakMinute(
                now / MINUTE,
                SoakMemory.median(recent),
                ProcessGauge.handles(),
                ProcessGauge.threads().size(),
                byName(tally.operations()),
                byName(faults),
                tally.wrong()));
    }

    /** Waits until threads that end by themselves have ended, and with them their files. */
    private static void awaitIdle(Duration patience, double handles, List<String> threads) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end
                && (ProcessGauge.handles() > handles
                        || !ProcessGauge.added(threads, ProcessGauge.threads()).isEmpty())) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
