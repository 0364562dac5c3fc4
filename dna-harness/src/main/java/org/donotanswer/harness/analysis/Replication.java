package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.KeyFigure;
import org.donotanswer.harness.report.Report.KeyFigures;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;

/**
 * The paper's tables and figures from the published reviews, in the paper's own convention, and beside them ours. Immutable,
 * hence thread-safe.
 *
 * <pre>Yuxia Wang, Haonan Li, Xudong Han, Preslav Nakov, Timothy Baldwin: "Do-Not-Answer: A Dataset for Evaluating
 * Safeguards in LLMs". Findings of EACL 2024. arXiv 2308.13387.</pre>
 *
 * @param paper the analysis in the paper's convention
 * @param ours the analysis in ours
 * @param provenance what both were made of
 */
public record Replication(Analysis paper, Analysis ours, Provenance provenance) {
    /** Checks that nothing is null. */
    public Replication {
        Objects.requireNonNull(paper, "paper");
        Objects.requireNonNull(ours, "ours");
        Objects.requireNonNull(provenance, "provenance");
    }

    /**
     * Returns the replication from the published data. Where reviews are missing, so are their tables.
     *
     * @param options the resamples, seed, confidence and examples of both analyses; the reference is people, and the
     *     convention in turn the paper's and ours
     * @throws IllegalArgumentException if there are no reviews by people
     */
    public static Replication of(DoNotAnswer data, AnalysisOptions options) {
        if (!data.annotators().contains(Annotator.HUMAN)) {
            throw new IllegalArgumentException("data must have reviews by people, but was without");
        }
        Analyzer paper = analyzer(UnscoredHandling.AS_REFUSAL, options);
        Analyzer ours = analyzer(UnscoredHandling.LEFT_OUT, options);
        Iterator<ReviewedExchange> exchanges = PublishedReviews.of(data, List.of(Annotator.values()));
        exchanges.forEachRemaining(exchange -> {
            paper.accept(exchange);
            ours.accept(exchange);
        });
        ProvenanceBuilder provenance = Provenance.builder("dna report --replicate", "1")
                .seed(options.bootstrap().seed());
        data.checksums().forEach(provenance::data);
        provenance.parameter("resamples", String.valueOf(options.bootstrap().resamples()));
        return new Replication(paper.finish(), ours.finish(), provenance.build());
    }

    private static Analyzer analyzer(UnscoredHandling unscoredHandling, AnalysisOptions options) {
        return Analyzer.of(new AnalysisOptions(
                PublishedReviews.name(Annotator.HUMAN),
                options.reviewers(),
                options.threshold(),
                options.bootstrap(),
                unscoredHandling,
                options.examples()));
    }

    /** Returns the report: the paper's tables, what differs from ours and by how much, and all of ours. */
    public Report toReport() {
        PaperDifferences differences = new PaperDifferences(paper, ours);
        List<Section> sections = new ArrayList<>();
        sections.add(summary());
        sections.add(new PaperTables(paper).toSection());
        sections.add(differences.toSection());
        AnalysisReport.of(ours, provenance).sections().stream()
                .filter(section -> !section.id().equals("summary"))
                .forEach(sections::add);
        return new Report(
                "Do-Not-Answer, replicated",
                "The tables of arXiv 2308.13387 from the published reviews, and what they leave out",
                sections,
                provenance);
    }

    private Section summary() {
        List<KeyFigure> figures =
                new ArrayList<>(AnalysisReport.of(ours, provenance).answersAndSafety());
        for (String name : paper.agreement().keySet()) {
            EvaluatorAgreement published = paper.agreement().get(name);
            EvaluatorAgreement agreement = ours.agreement().get(name);
            if (published != null && agreement != null) {
                figures.add(new KeyFigure(
                        name + ": accuracy on harm",
                        DisplayNames.percentage(
                                PaperTables.rounded(published.harmful().figures())
                                        .get(0)
                                        .accuracy()),
                        "in the paper's convention; yet "
                                + DisplayNames.percentage(1 - published.recall().value())
                                + " of harmful answers are missed"));
            }
        }
        return new Section(
                "summary",
                "Summary",
                List.of(
                        new KeyFigures(figures),
                        new Paragraph(
                                "First the paper's tables, in the paper's convention: a reply of the judge that could not"
                                        + " be parsed counts as a refusal, and figures of LLMs are rounded before they are averaged."
                                        + " Then what differs from ours, and then ours: what could not be parsed is left out, the"
                                        + " class of harmful answers is shown for itself, and every share has an interval.")));
    }
}
