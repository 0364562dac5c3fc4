package org.donotanswer.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.bench.load.ArrivalSchedule.Phase;
import org.donotanswer.bench.load.OpenLoop.Saturation;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.harness.io.Progress;

/** Measures guards under load: first the saturating rate, then latencies below it, then what happens beyond. Not thread-safe. */
public final class GuardLoadBenchmark {
    static final List<Integer> LEVELS = List.of(50, 80, 95);
    static final List<Integer> OVERLOADS = List.of(120, 200);
    static final int CALM_PERCENT = 50;

    /** How many times as long as the overload the load is low again after it. */
    static final int AFTER = 3;

    /** The number of streams that are open at a time. */
    static final int OPEN_STREAMS = 64;

    /** The default number of threads of a guard, and how many calls may wait for them. */
    private static final int GUARD_THREADS = 16;

    private static final int GUARD_WAITING = 1_000;

    /** The growth from one round to the next up to which a rate counts as that of warm code. */
    private static final double WARM = 1.05;

    private static final int MAX_ROUNDS = 6;

    /** Which threads evaluate. */
    private enum EvaluatesOn {
        CALLERS,
        THREADS_OF_GUARD
    }

    /** More callers than a guard takes calls, so that the guard has to refuse some. */
    private static final int MORE_CALLERS = 100;

    private final LoadSettings settings;
    private final int maxWaiting;
    private final List<JudgeRuns> results = new ArrayList<>();

    /** Creates a measurement of guards in which as many calls may wait as by default. */
    public GuardLoadBenchmark(LoadSettings settings) {
        this(settings, GUARD_WAITING);
    }

    /** Creates a measurement of guards in which so many calls may wait. */
    GuardLoadBenchmark(LoadSettings settings, int maxWaiting) {
        this.settings = settings;
        this.maxWaiting = maxWaiting;
    }

    /** The runs with one judge, by percentage of the saturating rate. */
    private static final class JudgeRuns {
        private final LoadJudge judge;
        private String evaluator = "";
        private String evaluatesOn = "";
        private int callers;
        private long saturatingRefused;
        private final List<Double> saturatingChecks = new ArrayList<>();
        private final List<Double> saturatingChunks = new ArrayList<>();
        private final Map<Integer, List<LoadRun>> checks = new LinkedHashMap<>();
        private final Map<Integer, List<LoadRun>> releases = new LinkedHashMap<>();
        private final Map<Integer, List<OverloadRun>> overload = new LinkedHashMap<>();

        JudgeRuns(LoadJudge judge) {
            this.judge = judge;
        }

        JudgeLoad toLoad() {
            List<LoadRow> checkRows = new ArrayList<>();
            checks.forEach((percent, runs) -> checkRows.add(LoadRow.of(percent, runs)));
            List<LoadRow> releaseRows = new ArrayList<>();
            releases.forEach((percent, runs) -> releaseRows.add(LoadRow.of(percent, runs)));
            List<OverloadRow> overloadRows = new ArrayList<>();
            overload.forEach((percent, runs) -> overloadRows.add(OverloadRow.of(percent, runs)));
            return new JudgeLoad(
                    judge.name(),
                    evaluator,
                    evaluatesOn,
                    callers,
                    OPEN_STREAMS,
                    RepetitionSpread.of(saturatingChecks, Double::doubleValue),
                    RepetitionSpread.of(saturatingChunks, Double::doubleValue),
                    saturatingRefused,
                    checkRows,
                    releaseRows,
                    overloadRows);
        }
    }

    /** Returns the number of progress steps for so many judges. */
    public int steps(int judges) {
        return judges * settings.repetitions() * (2 * (1 + LEVELS.size()) + OVERLOADS.size());
    }

    /**
     * Measures guards with the judges, in turn in each repetition.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public GuardLoadFigures measure(List<LoadJudge> judges, BenchmarkExchanges exchanges, Progress progress)
            throws InterruptedException {
        judges.forEach(judge -> results.add(new JudgeRuns(judge)));
        for (int repetition = 0; repetition < settings.repetitions(); repetition++) {
            for (JudgeRuns runs : results) {
                try (SafetyEvaluator evaluator = runs.judge.create()) {
                    measure(runs, evaluator, exchanges, settings.seed() + repetition, progress);
                }
            }
        }
        return new GuardLoadFigures(
                exchanges.source(),
                settings,
                WaitingMemory.bytesPerCall(),
                results.stream().map(JudgeRuns::toLoad).toList());
    }

    private void measure(
            JudgeRuns runs, SafetyEvaluator evaluator, BenchmarkExchanges exchanges, long seed, Progress progress)
            throws InterruptedException {
        CountedEvaluator counted = new CountedEvaluator(evaluator);
        int processors = Runtime.getRuntime().availableProcessors();
        EvaluatesOn where = evaluator.isNonBlocking() ? EvaluatesOn.CALLERS : EvaluatesOn.THREADS_OF_GUARD;
        int threads = settings.threads() == 0 ? GUARD_THREADS : settings.threads();
        SafetyGuard.Builder builder = SafetyGuard.builder().evaluator(counted);
        if (where == EvaluatesOn.THREADS_OF_GUARD) {
            builder.maxConcurrent(threads).maxWaiting(maxWaiting);
        }
        runs.evaluator = evaluator.name();
        boolean onCallers = where == EvaluatesOn.CALLERS;
        runs.evaluatesOn = onCallers ? "the callers' threads" : threads + " threads of the guard";
        runs.callers = onCallers ? processors : threads + maxWaiting + MORE_CALLERS;
        try (SafetyGuard guard = builder.build()) {
            measureChecks(runs, guard, counted, onCallers ? processors : 2 * threads, exchanges, seed, progress);
            measureStreams(runs, guard, where, exchanges, seed, progress);
        }
    }

    private void measureChecks(
            JudgeRuns runs,
            SafetyGuard guard,
            CountedEvaluator counted,
            int busyCallers,
            BenchmarkExchanges exchanges,
            long seed,
            Progress progress)
            throws InterruptedException {
        double saturating = saturate(runs, busyCallers, new CheckWorkload(guard, counted, exchanges.exchanges()));
        runs.saturatingChecks.add(saturating);
        progress.step();
        OpenLoop loop = loop(runs.callers);
        double evaluationsPerCall = 1;
        for (int percent : LEVELS) {
            CheckWorkload workload = new CheckWorkload(guard, counted, exchanges.exchanges());
            long begun = counted.begun();
            LoadRun run = level(loop, rate(saturating, percent), workload, seed);
            add(runs.checks, percent, run);
            if (run.ends() > 0 && run.unchecked() == 0) {
                evaluationsPerCall = (double) (counted.begun() - begun) / run.ends();
            }
            progress.step();
        }
        for (int percent : OVERLOADS) {
            CheckWorkload workload = new CheckWorkload(guard, counted, exchanges.exchanges());
            long begun = counted.begun();
            LoadRecorder recorder = overload(loop, saturating, percent, workload, seed);
            OverloadRun run = OverloadRun.of(
                    rate(saturating, percent),
                    recorder,
                    settings.duration(),
                    settings.duration(),
                    counted.begun() - begun,
                    evaluationsPerCall,
                    workload.maxWaiting());
            add(runs.overload, percent, run);
            progress.step();
        }
    }

    private void measureStreams(
            JudgeRuns runs,
            SafetyGuard guard,
            EvaluatesOn where,
            BenchmarkExchanges exchanges,
            long seed,
            Progress progress)
            throws InterruptedException {
        // Two callers at the same stream would only take turns.
        int busyCallers = where == EvaluatesOn.CALLERS ? Math.min(runs.callers, OPEN_STREAMS) : OPEN_STREAMS;
        StreamGuard streams = StreamGuard.of(guard);
        double saturating;
        try (StreamWorkload workload = new StreamWorkload(streams, exchanges.exchanges(), OPEN_STREAMS)) {
            saturating = saturate(runs, busyCallers, workload);
        }
        runs.saturatingChunks.add(saturating);
        progress.step();
        // A caller waits for the guard if that has threads of its own, and then each stream may need one.
        OpenLoop loop = loop(where == EvaluatesOn.CALLERS ? busyCallers : 2 * OPEN_STREAMS);
        for (int percent : LEVELS) {
            try (StreamWorkload workload = new StreamWorkload(streams, exchanges.exchanges(), OPEN_STREAMS)) {
                add(runs.releases, percent, level(loop, rate(saturating, percent), workload, seed));
            }
            progress.step();
        }
    }

    /** Returns the saturating rate, measured again until it hardly grows, as it does while Java compiles the code. */
    private double saturate(JudgeRuns runs, int callers, Workload workload) throws InterruptedException {
        OpenLoop loop = loop(callers);
        double before;
        Saturation last = loop.saturate(settings.duration(), workload);
        int rounds = 1;
        do {
            before = last.perSecond();
            last = loop.saturate(settings.duration(), workload);
            rounds++;
        } while (last.perSecond() > WARM * before && rounds < MAX_ROUNDS);
        runs.saturatingRefused += last.refused();
        return last.perSecond();
    }

    private LoadRun level(OpenLoop loop, double perSecond, Workload workload, long seed) throws InterruptedException {
        ArrivalSchedule schedule = ArrivalSchedule.poisson(List.of(new Phase(perSecond, settings.duration())), seed);
        return LoadRun.of(perSecond, loop.run(schedule, settings.duration(), workload));
    }

    private LoadRecorder overload(OpenLoop loop, double saturating, int percent, Workload workload, long seed)
            throws InterruptedException {
        Duration after = settings.duration().multipliedBy(AFTER);
        List<Phase> phases = List.of(
                new Phase(rate(saturating, CALM_PERCENT), settings.duration()),
                new Phase(rate(saturating, percent), settings.duration()),
                new Phase(rate(saturating, CALM_PERCENT), after));
        return loop.run(
                ArrivalSchedule.poisson(phases, seed),
                settings.duration().multipliedBy(2).plus(after),
                workload);
    }

    private OpenLoop loop(int callers) {
        return new OpenLoop(LoadClock.system(), callers, settings.slotLength());
    }

    private static double rate(double saturating, int percent) {
        return saturating * percent / 100;
    }

    private static <T> void add(Map<Integer, List<T>> runs, int percent, T run) {
        runs.computeIfAbsent(percent, key -> new ArrayList<>()).add(run);
    }
}
