package org.donotanswer.harness.analysis;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.donotanswer.classifier.judge.TokenPrices;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.PublishedFile;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.review.SilentStage;
import org.donotanswer.harness.run.ReviewManifest;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunManifest;
import org.donotanswer.internal.Sha256;

/** Creates reports from files. Immutable, hence thread-safe. */
public final class ReportJob {
    private final AnalysisOptions options;
    private final boolean requireReference;
    private final Map<String, TokenPrices> prices;

    /**
     * Creates a job.
     *
     * @param requireReference whether to fail if the reference reviewed nothing
     */
    public ReportJob(AnalysisOptions options, boolean requireReference) {
        this(options, requireReference, Map.of());
    }

    /**
     * Creates a job.
     *
     * @param requireReference whether to fail if the reference reviewed nothing
     * @param prices what endpoints charge, by the name of an evaluator, of a judge's model, or of an LLM of the runs; they take
     *     precedence over recorded costs
     */
    public ReportJob(AnalysisOptions options, boolean requireReference, Map<String, TokenPrices> prices) {
        this.options = options;
        this.requireReference = requireReference;
        this.prices = ImmutableMap.copyOf(prices);
    }

    /**
     * Returns the report of runs.
     *
     * @throws IOException if a file cannot be read or is broken, or there is nothing to report
     */
    public Report ofRuns(RunSource source, Progress progress) throws IOException {
        if (requireReference && !source.reviewers().contains(options.reference())) {
            throw missingReference(source.reviewers());
        }
        Analysis analysis;
        try (RunExchanges exchanges = source.exchanges()) {
            analysis = analyze(exchanges, progress);
        }
        ProvenanceBuilder provenance = provenance(analysis);
        for (RunDirectory run : source.runs()) {
            add(provenance, run, "");
        }
        for (RunDirectory run : source.benign()) {
            add(provenance, run, " (benign)");
        }
        AnalysisReport report = AnalysisReport.of(analysis, provenance.build());
        new CostTables(source.runs(), prices).toTables().forEach(report::cost);
        silent(source.runs()).forEach(report::silent);
        AnnotatorTable.of(source.runs(), options.bootstrap()).ifPresent(report::data);
        source.runs().forEach(run -> note(report, analysis, run, false));
        source.benign().forEach(run -> note(report, analysis, run, true));
        return report.build("Safety of LLMs on " + questions(source), llms(analysis));
    }

    /** Returns the name of the benchmark only for its published files: others may hold a part of it, or have nothing to do with it. */
    private static String questions(RunSource source) {
        RunManifest manifest = source.runs().get(0).manifest();
        boolean published = PublishedFile.essential().stream()
                .anyMatch(file -> file.sha256().equals(manifest.questions()));
        int count = manifest.questionCount();
        return published ? "Do-Not-Answer" : NumberFormats.format("%,d question%s", count, count == 1 ? "" : "s");
    }

    /** Returns a sentence on each cascade whose last stage never answered. */
    private static List<String> silent(Collection<RunDirectory> runs) throws IOException {
        List<String> sentences = new ArrayList<>();
        for (RunDirectory run : runs) {
            for (String name : run.reviewers().keySet()) {
                SilentStage.describe(run, name)
                        .ifPresent(text -> sentences.add(
                                "Reviews of " + run.manifest().llm() + " by " + name + ": " + text + "."));
            }
        }
        return sentences;
    }

    private static String llms(Analysis analysis) {
        return analysis.llms().stream().map(Llm::name).collect(Collectors.joining(", "));
    }

    private static void add(ProvenanceBuilder provenance, RunDirectory run, String kind) throws IOException {
        String llm = run.manifest().llm().name() + kind;
        provenance.data(llm + ": questions", run.manifest().questions());
        addFile(provenance, run, llm, "responses.jsonl");
        provenance.parameter(llm + ": source", run.manifest().source());
        run.manifest().settings().forEach((name, value) -> provenance.parameter(llm + ": " + name, value));
        for (ReviewManifest reviewer : run.reviewers().values()) {
            addFile(provenance, run, llm, "reviews/" + reviewer.name() + ".jsonl");
            provenance.parameter(llm + ": reviewer " + reviewer.name(), reviewer.evaluator());
        }
    }

    private static void addFile(ProvenanceBuilder provenance, RunDirectory run, String llm, String name)
            throws IOException {
        Path file = run.path().resolve(name);
        if (Files.exists(file)) {
            provenance.data(llm + ": " + name, Sha256.of(file));
        }
    }

    private static void note(AnalysisReport report, Analysis analysis, RunDirectory run, boolean benign) {
        LlmResponses responses = analysis.responses().get(run.manifest().llm());
        long answered = responses == null ? 0 : benign ? responses.benign() : responses.risky();
        if (answered != run.manifest().questionCount()) {
            report.note(NumberFormats.format(
                    "%s responded to %,d of %,d %s: the run is incomplete.",
                    run.manifest().llm(),
                    answered,
                    run.manifest().questionCount(),
                    benign ? "benign instructions" : "questions"));
        }
    }

    /**
     * Returns the report of a file of JSON lines; see {@link JsonLinesExchanges}.
     *
     * @throws IOException if the file cannot be read or is broken, or there is nothing to report
     */
    public Report ofLines(Path file, Progress progress) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        Analysis analysis;
        try (InputStream in = Files.newInputStream(file);
                JsonLinesExchanges exchanges = new JsonLinesExchanges(in, file.toString())) {
            analysis = analyze(exchanges, progress);
        }
        if (requireReference && !analysis.hasReference()) {
            throw missingReference(analysis.reviewers());
        }
        ProvenanceBuilder provenance = provenance(analysis).data(String.valueOf(file.getFileName()), Sha256.of(file));
        AnalysisReport report = AnalysisReport.of(analysis, provenance.build()).harmField("harmType");
        if (analysis.exchanges() > JsonLinesExchanges.MAX_REMEMBERED) {
            report.note(NumberFormats.format(
                    "Repeated responses were detected only among the first %,d.", JsonLinesExchanges.MAX_REMEMBERED));
        }
        return report.build("Safety of LLMs", llms(analysis));
    }

    private Analysis analyze(Iterator<ReviewedExchange> exchanges, Progress progress) throws IOException {
        Analyzer analyzer = Analyzer.of(options);
        try {
            exchanges.forEachRemaining(exchange -> {
                analyzer.accept(exchange);
                progress.step();
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IllegalArgumentException e) {
            // The files have too many LLMs or reviewers.
            throw new IOException(e.getMessage(), e);
        }
        Analysis analysis = analyzer.finish();
        if (analysis.exchanges() == 0) {
            throw new IOException("exchanges must be at least 1, but were 0");
        }
        if (analysis.reviewers().isEmpty()) {
            throw new IOException("exchanges must have reviews, but had none");
        }
        for (String name : options.accuracies().keySet()) {
            if (!analysis.reviewers().contains(name)) {
                throw new IOException("accuracy must be that of one of the reviewers "
                        + new TreeSet<>(analysis.reviewers()) + ", but was that of " + name);
            }
        }
        return analysis;
    }

    private IOException missingReference(Collection<String> reviewers) {
        return new IOException("reference must be one of the reviewers " + new TreeSet<>(reviewers) + ", but was "
                + options.reference());
    }

    private ProvenanceBuilder provenance(Analysis analysis) {
        ProvenanceBuilder provenance = Provenance.builder("dna report", "1")
                .seed(options.bootstrap().seed())
                .parameter("resamples", String.valueOf(options.bootstrap().resamples()))
                .parameter("threshold", String.valueOf(options.threshold()))
                .parameter("reference", analysis.hasReference() ? options.reference() : "none");
        if (options.randomSample()) {
            provenance.parameter("random sample", "true");
        }
        prices.forEach((name, each) -> provenance.parameter(
                "price of " + name,
                each.inputPerMillion() + "/" + each.outputPerMillion() + " " + each.currency()
                        + " for a million tokens"));
        options.accuracies()
                .forEach((name, accuracy) -> provenance.parameter(
                        "accuracy of " + name,
                        NumberFormats.format(
                                "%d/%d,%d/%d",
                                accuracy.truePositives(),
                                accuracy.positives(),
                                accuracy.trueNegatives(),
                                accuracy.negatives())));
        return provenance;
    }
}
