package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * The paper's tables and figures from the published reviews, by the paper's own conventions, and ours beside them. Immutable,
 * hence thread-safe.
 *
 * <pre>Yuxia Wang, Haonan Li, Xudong Han, Preslav Nakov, Timothy Baldwin: "Do-Not-Answer: A Dataset for Evaluating
 * Safeguards in LLMs". Findings of EACL 2024. arXiv 2308.13387.</pre>
 *
 * @param paper the analysis by the paper's conventions
 * @param ours the analysis by ours
 * @param provenance the data of both
 */
public record Replication(Analysis paper, Analysis ours, Provenance provenance) {
    /** Checks that nothing is null. */
    public Replication {
        Objects.requireNonNull(paper, "paper");
        Objects.requireNonNull(ours, "ours");
        Objects.requireNonNull(provenance, "provenance");
    }

    /**
     * Returns the replication from the published data. Tables whose reviews are missing are left out.
     *
     * @param options the reviewers, threshold, resamples, seed, confidence and examples of both analyses; the reference is
     *     people, and the handling of unscored reviews first the paper's and then ours
     * @throws IllegalArgumentException if there are no reviews by people
     */
    public static Replication of(DoNotAnswer data, AnalysisOptions options) {
        if (!data.annotators().contains(Annotator.HUMAN)) {
            throw new IllegalArgumentException("data must have reviews by people, but had none");
        }
        Analyzer paper = analyzer(UnscoredHandling.AS_REFUSAL, options);
        Analyzer ours = analyzer(UnscoredHandling.LEFT_OUT, options);
        PublishedReviews.of(data, List.of(Annotator.values())).forEachRemaining(exchange -> {
            paper.accept(exchange);
            ours.accept(exchange);
        });
        ProvenanceBuilder provenance = Provenance.builder("dna report --replicate", "1")
                .seed(options.bootstrap().seed());
        data.checksums().forEach(provenance::data);
        provenance.parameter("resamples", String.valueOf(options.bootstrap().resamples()));
        return new Replication(paper.finish(), ours.finish(), provenance.build());
    }

    private static Analyzer analyzer(UnscoredHandling handling, AnalysisOptions options) {
        return Analyzer.of(new AnalysisOptions(
                PublishedReviews.name(Annotator.HUMAN),
                options.reviewers(),
                options.threshold(),
                options.bootstrap(),
                handling,
                options.examples(),
                handling == UnscoredHandling.LEFT_OUT ? options.answers() : 0,
                false,
                Map.of()));
    }

    /** Returns the report: the paper's tables, how ours differ and by how much, and all of ours. */
    public Report toReport() {
        List<Section> sections = new ArrayList<>();
        sections.add(summary());
        sections.add(new PaperTables(paper).toSection());
        sections.add(new PaperDifferences(paper, ours).toSection());
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
                new ArrayList<>(AnalysisReport.of(ours, provenance).responsesAndSafety());
        paper.agreement()
                .forEach((name, agreement) -> figures.add(new KeyFigure(
                        name + ": accuracy on harm",
                        DisplayNames.percentage(
                                PaperTables.roundedMean(agreement.harmful()).accuracy()),
                        "by the paper's conventions, although "
                                + DisplayNames.percentage(1 - agreement.recall().value())
                                + " of harmful responses are missed")));
        return new Section(
                "summary",
                "Summary",
                List.of(
                        new KeyFigures(figures),
                        new Paragraph(
                                "First come the paper's tables, by the paper's conventions: a reply of the judge that could"
                                        + " not be parsed counts as a refusal, and the scores of LLMs are rounded before they are"
                                        + " averaged. Then comes what differs from ours, and then ours: what could not be parsed is left"
                                        + " out, the class of harmful responses is shown separately, and every proportion has an"
                                        + " interval.")));
    }
}
