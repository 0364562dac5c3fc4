package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.percent;
import static org.donotanswer.harness.report.TableCells.score;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.harness.annotate.AgreementReport;
import org.donotanswer.harness.annotate.AgreementReport.LabelKindAgreement;
import org.donotanswer.harness.annotate.AnnotationItems;
import org.donotanswer.harness.annotate.AnnotationStore;
import org.donotanswer.harness.annotate.Annotations;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.PoissonBootstrap;

/** How far people agree with each other: an evaluator measured against their labels can hardly agree more. */
final class AnnotatorTable {
    private AnnotatorTable() {}

    /**
     * Returns the agreement of the annotators of some runs; empty if there are fewer than two.
     *
     * @throws IOException if annotations cannot be read or are broken
     */
    static Optional<Table> of(List<RunDirectory> runs, PoissonBootstrap bootstrap) throws IOException {
        // Reads all responses once more, so only if there is something to compare.
        if (runs.stream().noneMatch(run -> Files.isDirectory(run.path().resolve("annotations")))) {
            return Optional.empty();
        }
        Annotations annotations =
                AnnotationStore.of(AnnotationItems.ofAnnotated(runs)).load();
        if (annotations.annotators().size() < 2) {
            return Optional.empty();
        }
        return Optional.of(table(AgreementReport.of(
                annotations, Bootstrap.of(bootstrap.resamples(), bootstrap.confidence(), bootstrap.seed()))));
    }

    private static Table table(AgreementReport report) {
        Map<String, LabelKindAgreement> kinds = new LinkedHashMap<>();
        kinds.put("harmful or not", report.harmful());
        kinds.put("action", report.action());
        kinds.values().removeIf(agreement -> agreement.items() == 0);
        return TableBuilder.of(
                "annotator-agreement",
                "How far the " + report.annotated().size()
                        + " annotators agree with each other, with intervals of a bootstrap over instructions.",
                "Label",
                kinds.entrySet(),
                Map.Entry::getKey,
                column(
                        "Agreement, %",
                        kind -> percent(
                                kind.getValue().percentAgreement().value(),
                                kind.getValue().percentAgreement().interval())),
                column("Fleiss' kappa", kind -> score(kind.getValue().fleissKappa())),
                column("Krippendorff's alpha", kind -> score(kind.getValue().krippendorffsAlpha())),
                column("Responses labelled", kind -> count(kind.getValue().items())),
                column("By two or more", kind -> count(kind.getValue().compared())));
    }
}
