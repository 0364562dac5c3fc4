package org.donotanswer.bench.jmh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs benchmarks, each in new JVMs with the class path of this one, and keeps the results. Not thread-safe. */
public final class JmhRunner {
    private static final String ALLOCATION = "gc.alloc.rate.norm";

    private final Optional<Path> model;
    private final boolean quick;
    private final List<RunResult> results = new ArrayList<>();

    /**
     * Creates a runner.
     *
     * @param model the file of the embedded model; if empty, the model on the class path
     * @param quick whether rough figures suffice
     */
    public JmhRunner(Optional<Path> model, boolean quick) {
        this.model = model;
        this.quick = quick;
    }

    /**
     * Runs one benchmark.
     *
     * @throws IOException if the benchmark fails
     */
    public RunResult run(Class<?> benchmark, String method) throws IOException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark.getName().replace(".", "\\.") + "\\." + method + "$")
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .jvmArgsAppend(jvmArgs());
        if (quick) {
            boolean create = benchmark == CreateBenchmark.class;
            options.forks(create ? 3 : 1);
            if (!create) {
                options.warmupIterations(2)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(2)
                        .measurementTime(TimeValue.seconds(1));
            }
        }
        try {
            RunResult result = new Runner(options.build()).runSingle();
            results.add(result);
            return result;
        } catch (RunnerException e) {
            throw new IOException("benchmark " + method + " must run, but failed: " + e.getMessage(), e);
        }
    }

    /** Returns the bytes that a benchmark allocated per operation. */
    public static double bytesPerOperation(RunResult result) {
        return result.getSecondaryResults().get(ALLOCATION).getScore();
    }

    private String[] jvmArgs() {
        List<String> args = new ArrayList<>();
        args.add("-D" + BenchmarkExchanges.DATA + "=" + BenchmarkExchanges.directory());
        model.ifPresent(file -> args.add("-D" + EmbeddedBenchmark.MODEL + "=" + file.toAbsolutePath()));
        return args.toArray(String[]::new);
    }

    /**
     * Returns JMH's results of all benchmarks.
     *
     * @throws IOException if they cannot be parsed
     */
    public JsonNode raw() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, stream).writeOut(results);
        }
        return new JsonMapper().readTree(out.toByteArray());
    }
}
