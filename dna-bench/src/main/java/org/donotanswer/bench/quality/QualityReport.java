package org.donotanswer.bench.quality;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.bench.crossvalidation.CrossValidationJson;
import org.donotanswer.bench.crossvalidation.CrossValidationReport;
import org.donotanswer.bench.crossvalidation.EvaluatorReport;
import org.donotanswer.bench.crossvalidation.Protocol;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.ReportWriter;

/**
 * All figures of the embedded model's quality. Parts that were not measured are empty. Immutable, hence thread-safe.
 *
 * @param leftOut on sources that a model was not trained on
 * @param benchmark on the benchmark, beside the published evaluators
 * @param regression of the model in the jar on the regression set
 * @param evasions of the model in the jar on changed responses of the regression set
 * @param speed of the model in the jar
 * @param provenance of the figures
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record QualityReport(
        Optional<LeftOutFigures> leftOut,
        @JsonIgnore Optional<CrossValidationReport> benchmark,
        Optional<RegressionFigures> regression,
        List<EvasionFigures> evasions,
        Optional<SpeedFigures> speed,
        Provenance provenance) {
    /** The confidence of all intervals. */
    public static final double CONFIDENCE = 0.95;

    /** How many samples the bootstrap draws. */
    public static final int RESAMPLES = 1000;

    private static final String PROVENANCE = "\n## Provenance\n";

    /** Copies the list. */
    public QualityReport {
        evasions = List.copyOf(evasions);
    }

    /** Returns the evaluators on the benchmark by key for each protocol; empty if it was not measured. */
    @JsonProperty
    Map<Protocol, Map<String, EvaluatorReport>> protocols() {
        return benchmark.map(CrossValidationReport::protocols).orElse(Map.of());
    }

    /** Returns all figures as indented JSON. A figure that is not defined is null. */
    public String toJson() {
        return CrossValidationJson.JSON.write(this);
    }

    /**
     * Returns the figures as Markdown.
     *
     * @param more Markdown to include after the figures, with a title, which becomes that of a section; empty for none
     */
    public String toMarkdown(String more) {
        String markdown = ReportWriter.toMarkdown(toReport())
                // The report escapes links.
                .replaceAll("\\b((?:benchmark|cross-validation)\\.md)", "[$1]($1)");
        if (more.isBlank()) {
            return markdown;
        }
        String section = more.strip().replaceAll("(?m)^#", "##");
        return markdown.replace(PROVENANCE, "\n" + section + "\n" + PROVENANCE);
    }

    /** Returns the figures as tables. */
    public Report toReport() {
        List<Section> sections = new ArrayList<>();
        sections.add(new SummarySection(this).toSection());
        leftOut.ifPresent(figures -> sections.add(new LeftOutSection(figures).toSection()));
        benchmark.ifPresent(figures -> sections.add(PartSections.benchmark(figures)));
        regression.ifPresent(figures -> sections.add(PartSections.regression(figures)));
        if (!evasions.isEmpty()) {
            sections.add(PartSections.evasions(evasions));
        }
        speed.ifPresent(figures -> sections.add(PartSections.speed(figures)));
        return new Report(
                "How well the embedded model judges what it has not seen",
                "Made by dna quality. The whole command, its seed and the checksums of all data are at the end.",
                sections,
                provenance);
    }
}
