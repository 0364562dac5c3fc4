package org.donotanswer.bench.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.bench.speed.GuardrailsFigures;
import org.donotanswer.bench.speed.ReleaseDelay;
import org.donotanswer.bench.speed.StreamLoad;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.harness.io.Progress;
import org.openjdk.jmh.results.RunResult;

/** Measures the cost of guardrails: single evaluations with JMH, streams in this process. Not thread-safe. */
public final class GuardBenchmarkRunner {
    /** The number of progress steps. */
    public static final int STEPS = 9;

    private static final int MAX_TIMED_EXCHANGES = 2_000;

    private final JmhRunner runner;
    private final int streams;

    /**
     * Creates a runner.
     *
     * @param streams the number of concurrent streams
     * @param quick whether rough figures suffice
     * @throws IllegalArgumentException if the number of streams is less than 1
     */
    public GuardBenchmarkRunner(int streams, boolean quick) {
        if (streams < 1) {
            throw new IllegalArgumentException("streams must be at least 1, but was " + streams);
        }
        this.streams = streams;
        runner = new JmhRunner(Optional.empty(), quick);
    }

    /**
     * Runs all measurements.
     *
     * @throws IOException if a benchmark fails
     * @throws InterruptedException if the thread is interrupted
     */
    public GuardrailsFigures run(BenchmarkExchanges exchanges, Progress progress)
            throws IOException, InterruptedException {
        RunResult alone = run("evaluatorAlone", progress);
        RunResult guarded = run("guarded", progress);
        RunResult nothing = run("nothingAlone", progress);
        RunResult nothingGuarded = run("nothingGuarded", progress);
        RunResult onThreads = run("nothingGuardedOnThreads", progress);
        RunResult atOnce = run("responseAtOnce", progress);
        RunResult streamed = run("responseStreamed", progress);
        try (SafetyEvaluator evaluator = SafetyEvaluator.create("embedded");
                SafetyGuard guard = SafetyGuard.of(evaluator)) {
            List<Exchange> all = exchanges.exchanges();
            StreamGuard streamGuard = StreamGuard.of(guard);
            List<Exchange> timed = all.subList(0, Math.min(MAX_TIMED_EXCHANGES, all.size()));
            ReleaseDelay delay = ReleaseDelay.measure(streamGuard, timed, timed);
            progress.step();
            StreamLoad load = StreamLoad.measure(
                    streamGuard, all, streams, Runtime.getRuntime().availableProcessors());
            progress.step();
            return new GuardrailsFigures(
                    evaluator.name(),
                    exchanges.source(),
                    micros(alone),
                    micros(guarded),
                    micros(nothing),
                    micros(nothingGuarded),
                    micros(onThreads),
                    JmhRunner.bytesPerOperation(nothingGuarded) - JmhRunner.bytesPerOperation(nothing),
                    micros(atOnce),
                    micros(streamed),
                    delay,
                    load);
        }
    }

    /**
     * Returns JMH's results of all benchmarks.
     *
     * @throws IOException if they cannot be parsed
     */
    public JsonNode raw() throws IOException {
        return runner.raw();
    }

    private RunResult run(String method, Progress progress) throws IOException {
        RunResult result = runner.run(GuardBenchmark.class, method);
        progress.step();
        return result;
    }

    private static double micros(RunResult result) {
        return result.getPrimaryResult().getScore();
    }
}
