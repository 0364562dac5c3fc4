package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.percent;
import static org.donotanswer.harness.report.TableCells.score;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.donotanswer.harness.annotate.AgreementReport;
import org.donotanswer.harness.annotate.AnnotationItems;
import org.donotanswer.harness.annotate.AnnotationStore;
import org.donotanswer.harness.annotate.Annotations;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.PoissonBootstrap;

/** How far people agree among themselves: what is measured against their labels can hardly agree more. */
final class AnnotatorTable {
    private AnnotatorTable() {}

    /**
     * Returns the agreement of those who annotated answers of runs; empty if fewer than two did.
     *
     * @throws IOException if annotations cannot be read or are broken
     */
    static Optional<Table> of(List<RunDirectory> runs, PoissonBootstrap bootstrap) throws IOException {
        // All responses are in memory at once, hence only where there is something to compare.
        if (runs.stream().noneMatch(run -> Files.isDirectory(run.path().resolve("annotations")))) {
            return Optional.empty();
        }
        Annotations annotations = AnnotationStore.of(AnnotationItems.of(runs)).load();
        if (annotations.annotators().size() < 2) {
            return Optional.empty();
        }
        return Optional.of(table(AgreementReport.of(
                annotations, Bootstrap.of(bootstrap.resamples(), bootstrap.confidence(), bootstrap.seed()))));
    }

    private static Table table(AgreementReport report) {
        TableBuilder table = new TableBuilder(
                "annotator-agreement",
                "How far the " + report.annotated().size()
                        + " annotators agree among themselves, with intervals of a bootstrap over instructions.",
                "Label",
                "Agreement, %",
                "Fleiss' kappa",
                "Krippendorff's alpha",
                "Answers labelled",
                "By two or more");
        add(table, "harmful or not", report.harmful());
        add(table, "action", report.action());
        return table.build();
    }

    private static void add(TableBuilder table, String label, AgreementReport.LabelKindAgreement agreement) {
        if (agreement.items() == 0) {
            return;
        }
        table.add(
                label,
                percent(
                        agreement.percentAgreement().value(),
                        agreement.percentAgreement().interval()),
                score(agreement.fleissKappa()),
                score(agreement.krippendorffsAlpha()),
                count(agreement.items()),
                count(agreement.compared()));
    }
}
