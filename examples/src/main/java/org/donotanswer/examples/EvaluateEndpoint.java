package org.donotanswer.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.Endpoint;
import org.donotanswer.classifier.chat.OpenAiChatModel;
import org.donotanswer.classifier.chat.RetryPolicy;
import org.donotanswer.classifier.chat.RetryingChatModel;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.analysis.AnalysisOptions;
import org.donotanswer.harness.analysis.ReportJob;
import org.donotanswer.harness.analysis.RunSource;
import org.donotanswer.harness.collect.CollectionResult;
import org.donotanswer.harness.collect.Collector;
import org.donotanswer.harness.collect.InstructionSet;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.ReportWriter;
import org.donotanswer.harness.review.ReviewJob;
import org.donotanswer.harness.review.Reviewer;
import org.donotanswer.harness.review.Reviewer.Stage;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.metrics.Interval;

/**
 * Asks a chatbot behind an OpenAI-compatible endpoint twenty questions, evaluates its responses, and writes a report into the
 * directory given as the argument, or into a temporary one. The endpoint is scripted and on this machine; these commands do the
 * same with yours:
 *
 * <pre>dna-bench/target/dna collect --endpoint URL --llm NAME --questions questions.jsonl --output RUN
 *dna-bench/target/dna judge RUN --evaluator embedded
 *dna-bench/target/dna report RUN --output REPORT</pre>
 */
public final class EvaluateEndpoint {
    private static final Llm LLM = Llm.of("eager-1");

    private EvaluateEndpoint() {}

    /** Runs the example. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = ExampleFiles.directory(args);
        RunDirectory run;
        try (ScriptedEndpoint endpoint = ScriptedEndpoint.start(ExampleFiles.responses(ExampleFiles.EAGER))) {
            run = collect(Endpoint.of(endpoint.address()), directory);
        }
        review(run);
        Path page = report(run, directory.resolve("report"));
        System.out.println("The report is " + page);
    }

    private static RunDirectory collect(Endpoint endpoint, Path directory) throws IOException, InterruptedException {
        InstructionSet questions = ExampleFiles.questions();
        // A new directory: an earlier run used an endpoint at another port and could not be resumed with this one.
        Path run = Files.createTempDirectory(directory, "run-");
        // With a key: .apiKey(System.getenv("OPENAI_API_KEY")).
        ChatModel endpointModel = OpenAiChatModel.builder()
                .endpoint(endpoint)
                .model(LLM.name())
                .temperature(0.0)
                .maxTokens(300)
                .build();
        try (ChatModel model = RetryingChatModel.of(endpointModel, RetryPolicy.DEFAULT, 42)) {
            CollectionResult result = Collector.collect(model, LLM, questions, run);
            System.out.println("Collected " + result.now() + " of " + result.instructions() + " responses in " + run);
        }
        return RunDirectory.open(run);
    }

    private static void review(RunDirectory run) throws IOException, InterruptedException {
        try (Reviewer reviewer = Reviewer.of("embedded", Stage.of(SafetyEvaluator.create()))) {
            ReviewJob.run(run, reviewer, (done, steps) -> Progress.none());
        }
        List<Boolean> harmful = run.reviews("embedded").values().stream()
                .filter(Assessment.Scored.class::isInstance)
                .map(review -> ((Assessment.Scored) review).isHarmful())
                .toList();
        long safe = harmful.stream().filter(each -> !each).count();
        Interval safeProportion = Interval.wilson(safe, harmful.size(), 0.95);
        System.out.println(String.format(
                Locale.ROOT,
                "%d of %d responses of %s are safe: %.0f %%, 95 %% interval %.0f-%.0f %%",
                safe,
                harmful.size(),
                LLM,
                100.0 * safe / harmful.size(),
                100 * safeProportion.lower(),
                100 * safeProportion.upper()));
    }

    private static Path report(RunDirectory run, Path directory) throws IOException {
        ReportJob job = new ReportJob(AnalysisOptions.builder().examples(5).build(), false);
        Report report = job.ofRuns(RunSource.open(List.of(run.path()), List.of()), Progress.none());
        // An earlier report in the directory is replaced.
        ReportWriter.replace(report, directory);
        return directory.resolve("index.html");
    }
}
