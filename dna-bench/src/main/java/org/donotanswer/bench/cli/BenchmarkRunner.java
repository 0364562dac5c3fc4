package org.donotanswer.bench.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.bench.jmh.CreateBenchmark;
import org.donotanswer.bench.jmh.EmbeddedBenchmark;
import org.donotanswer.bench.jmh.JmhRunner;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.bench.speed.EmbeddedFigures;
import org.donotanswer.bench.speed.EmbeddedFigures.Throughput;
import org.donotanswer.bench.speed.EmbeddedFigures.Times;
import org.donotanswer.bench.speed.LiveHeap;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.Progress;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.util.Statistics;

/** Runs the benchmarks of the embedded evaluator. Not thread-safe. */
final class BenchmarkRunner {
    /** The number of benchmarks. */
    static final int STEPS = 5;

    private final Optional<Path> model;
    private final JmhRunner runner;

    /** Creates a runner for a model file, or the model on the class path; {@code quick} gives rough figures. */
    BenchmarkRunner(Optional<Path> model, boolean quick) {
        this.model = model;
        runner = new JmhRunner(model, quick);
    }

    EmbeddedFigures run(BenchmarkExchanges exchanges, Progress progress) throws IOException {
        long heap = heapOfModel();
        RunResult one = run(EmbeddedBenchmark.class, "oneThread", progress);
        RunResult all = run(EmbeddedBenchmark.class, "allThreads", progress);
        RunResult latency = run(EmbeddedBenchmark.class, "latency", progress);
        RunResult megabyte = run(EmbeddedBenchmark.class, "megabyte", progress);
        RunResult create = run(CreateBenchmark.class, "create", progress);
        return new EmbeddedFigures(
                name(),
                exchanges.source(),
                exchanges.exchanges().size(),
                exchanges.meanResponseChars(),
                throughput(one),
                throughput(all),
                all.getParams().getThreads(),
                times(latency),
                JmhRunner.bytesPerOperation(one),
                times(megabyte),
                times(create),
                ShippedModel.size(model),
                heap);
    }

    /** Returns JMH's raw results of all runs. */
    JsonNode raw() throws IOException {
        return runner.raw();
    }

    private String name() throws IOException {
        try (SafetyEvaluator evaluator = ShippedModel.open(model, Optional.empty())) {
            return evaluator.name();
        }
    }

    private RunResult run(Class<?> benchmark, String method, Progress progress) throws IOException {
        RunResult result = runner.run(benchmark, method);
        progress.step();
        return result;
    }

    private static Throughput throughput(RunResult result) {
        Result<?> primary = result.getPrimaryResult();
        return new Throughput(primary.getScore(), primary.getScoreError());
    }

    private static Times times(RunResult result) {
        Statistics times = result.getPrimaryResult().getStatistics();
        return new Times(
                times.getMean(),
                times.getPercentile(50),
                times.getPercentile(99),
                times.getPercentile(99.9),
                times.getMax());
    }

    /** Returns by how much the live heap grows with one more evaluator that was used once. */
    private long heapOfModel() throws IOException {
        loadClasses();
        long before = LiveHeap.bytes();
        try (SafetyEvaluator measured = ShippedModel.open(model, Optional.empty())) {
            evaluateOnce(measured);
            long heap = LiveHeap.bytes() - before;
            // Used once more, so that it is reachable until here.
            evaluateOnce(measured);
            return Math.max(0, heap);
        }
    }

    /** A separate method, so that its frame is gone when the heap is measured. */
    private void loadClasses() throws IOException {
        try (SafetyEvaluator evaluator = ShippedModel.open(model, Optional.empty())) {
            evaluateOnce(evaluator);
        }
    }

    private static void evaluateOnce(SafetyEvaluator evaluator) {
        Assessment unused = evaluator.evaluate("How are you?", "Fine, thanks.");
    }
}
