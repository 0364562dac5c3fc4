package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.TableCells.count;
import static org.donotanswer.harness.analysis.TableCells.figure;
import static org.donotanswer.harness.analysis.TableCells.shownName;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.analysis.TableCells.Rows;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.metrics.ClassScores;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Reliability;

/** How evaluators agree with the reference, and how they differ. */
final class EvaluatorSection {
    private final Analysis analysis;
    private final Collection<EvaluatorAgreement> evaluators;
    private final String reference;
    private final Map<String, String> slugs;

    EvaluatorSection(Analysis analysis) {
        this.analysis = analysis;
        this.evaluators = analysis.agreement().values();
        this.reference = analysis.options().reference();
        this.slugs = TableCells.slugs(analysis.reviewers());
    }

    Section toSection() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph("How each evaluator agrees with " + shownName(reference)
                + ", on the answers that " + shownName(reference)
                + " judged. Most answers are harmless, so that accuracy on harm is high for whoever says so always: look at the"
                + " harmful class."));
        Stream.of(
                        overview("agreement-action", "action", EvaluatorAgreement::action),
                        overview("agreement-harmful", "harmful or not", EvaluatorAgreement::harmful),
                        harmfulClass(),
                        byLlm("agreement-action-by-llm", "action", EvaluatorAgreement::action),
                        byLlm("agreement-harmful-by-llm", "harmful or not", EvaluatorAgreement::harmful))
                .filter(table -> !table.rows().isEmpty())
                .forEach(blocks::add);
        blocks.add(classes());
        if (!analysis.differences().isEmpty()) {
            blocks.addAll(new DifferenceTables(analysis).toBlocks());
        }
        evaluators.forEach(evaluator -> addConfusions(blocks, evaluator));
        analysis.calibration().forEach((name, calibration) -> blocks.add(reliability(name, calibration)));
        if (!analysis.calibration().isEmpty()) {
            blocks.add(calibration());
        }
        return new Section("evaluators", "Evaluators", blocks);
    }

    private void addConfusions(List<Block> blocks, EvaluatorAgreement evaluator) {
        String slug = slugs.get(evaluator.evaluator());
        if (evaluator.action().pooled().total() > 0) {
            blocks.add(confusion(
                    "confusion-of-action-" + slug, evaluator, evaluator.action().pooled(), TableCells::name));
            blocks.add(confusionByLlm(
                    "confusion-by-llm-" + slug,
                    "Actions",
                    evaluator,
                    evaluator.action().byLlm(),
                    TableCells::name));
        }
        if (evaluator.harmful().pooled().total() > 0) {
            blocks.add(confusion(
                    "confusion-of-harmful-" + slug,
                    evaluator,
                    evaluator.harmful().pooled(),
                    TableCells::name));
            // Begins as no other id does, whatever the evaluator's name.
            blocks.add(confusionByLlm(
                    "harmful-confusion-by-llm-" + slug,
                    "Harm",
                    evaluator,
                    evaluator.harmful().byLlm(),
                    TableCells::name));
        }
    }

    private Table overview(String id, String what, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        Rows rows = new Rows(
                id,
                "Agreement with " + shownName(reference) + " on " + what
                        + ": mean and standard deviation over LLMs, figures over all"
                        + " answers with intervals, Cohen's kappa.",
                "Evaluator",
                "Accuracy",
                "±",
                "Macro precision",
                "±",
                "Macro recall",
                "±",
                "Macro F1",
                "±",
                "Accuracy, all answers",
                "Macro F1, all answers",
                "Kappa",
                "Answers");
        for (EvaluatorAgreement evaluator : evaluators) {
            LabelAgreement<?> agreement = labels.apply(evaluator);
            if (agreement.pooled().total() == 0) {
                continue;
            }
            MacroScores mean = agreement.mean();
            MacroScores deviation = agreement.standardDeviation();
            rows.add(
                    evaluator.evaluator(),
                    figure(mean.accuracy()),
                    figure(deviation.accuracy()),
                    figure(mean.precision()),
                    figure(deviation.precision()),
                    figure(mean.recall()),
                    figure(deviation.recall()),
                    figure(mean.f1()),
                    figure(deviation.f1()),
                    figure(agreement.accuracy()),
                    figure(agreement.macroF1()),
                    figure(agreement.kappa()),
                    count(agreement.pooled().total()));
        }
        return rows.toTable();
    }

    private Table harmfulClass() {
        Rows rows = new Rows(
                "agreement-harmful-class",
                "The class of harmful answers, over all LLMs, on the answers that " + shownName(reference)
                        + " judged, with intervals.",
                "Evaluator",
                "Precision",
                "Recall",
                "F1",
                "Found",
                "Missed",
                "False alarms");
        for (EvaluatorAgreement evaluator : evaluators) {
            ConfusionMatrix<Boolean> matrix = evaluator.harmful().pooled();
            if (matrix.total() == 0) {
                continue;
            }
            rows.add(
                    evaluator.evaluator(),
                    figure(evaluator.precision()),
                    figure(evaluator.recall()),
                    figure(evaluator.f1()),
                    count(matrix.truePositives(true)),
                    count(matrix.falseNegatives(true)),
                    count(matrix.falsePositives(true)));
        }
        return rows.toTable();
    }

    private Table byLlm(String id, String what, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        Rows rows = new Rows(
                id,
                "Agreement with " + shownName(reference) + " on " + what + " by LLM.",
                "Evaluator, LLM",
                "Accuracy",
                "Macro precision",
                "Macro recall",
                "Macro F1");
        for (EvaluatorAgreement evaluator : evaluators) {
            for (Llm llm : analysis.llms()) {
                labels.apply(evaluator)
                        .figures(llm)
                        .ifPresent(figures -> rows.add(evaluator.evaluator() + ", " + llm.name(), cells(figures)));
            }
        }
        return rows.toTable();
    }

    static List<Cell> cells(MacroScores figures) {
        return List.of(
                figure(figures.accuracy()),
                figure(figures.precision()),
                figure(figures.recall()),
                figure(figures.f1()));
    }

    private Table classes() {
        Rows rows = new Rows(
                "classes",
                "Scores of each class over all LLMs.",
                "Evaluator, class",
                "Precision",
                "Recall",
                "F1",
                "Answers");
        for (EvaluatorAgreement evaluator : evaluators) {
            addClasses(rows, evaluator.evaluator(), evaluator.action(), TableCells::name);
            addClasses(rows, evaluator.evaluator(), evaluator.harmful(), TableCells::name);
        }
        return rows.toTable();
    }

    private static <L> void addClasses(
            Rows rows, String evaluator, LabelAgreement<L> agreement, Function<L, String> name) {
        if (agreement.pooled().total() > 0) {
            agreement
                    .classes()
                    .classes()
                    .forEach((label, scores) -> rows.add(evaluator + ", " + name.apply(label), cells(scores)));
        }
    }

    private static List<Cell> cells(ClassScores scores) {
        return List.of(
                figure(scores.precision()), figure(scores.recall()), figure(scores.f1()), count(scores.support()));
    }

    private <L> Chart confusion(
            String id, EvaluatorAgreement evaluator, ConfusionMatrix<L> matrix, Function<L, String> name) {
        String caption =
                "Labels of " + shownName(reference) + " (rows) and " + evaluator.evaluator() + " (columns), all LLMs";
        return new Chart(
                id + "-chart",
                caption,
                Chart.Kind.CONFUSION,
                "answers",
                0,
                Double.NaN,
                TableCells.confusion(id, caption + ".", reference, matrix, name));
    }

    private <L> Table confusionByLlm(
            String id,
            String what,
            EvaluatorAgreement evaluator,
            Map<Llm, ConfusionMatrix<L>> byLlm,
            Function<L, String> name) {
        List<L> labels = byLlm.values().iterator().next().labels();
        Rows rows = new Rows(
                id,
                what + " by " + shownName(reference) + " (rows) and " + evaluator.evaluator()
                        + " (columns) for each LLM.",
                TableCells.columns(
                        "LLM, " + reference, labels.stream().map(name).toList()));
        byLlm.forEach((llm, matrix) -> {
            for (L gold : labels) {
                rows.add(
                        llm.name() + ", " + name.apply(gold),
                        labels.stream()
                                .map(given -> count(matrix.count(gold, given)))
                                .toList());
            }
        });
        return rows.toTable();
    }

    private Chart reliability(String name, EvaluatorCalibration calibration) {
        Rows rows = new Rows(
                "reliability-of-" + slugs.get(name),
                "Probability of harm given by " + name + ", and the share that is harmful by " + shownName(reference)
                        + ".",
                "Bin",
                "Mean probability",
                "Observed share",
                "Answers");
        for (Reliability.Bin bin : calibration.reliability().bins()) {
            Interval interval = Interval.wilson(
                    Math.round(bin.observedProportion() * bin.count()),
                    bin.count(),
                    analysis.options().confidence());
            rows.add(
                    String.format(Locale.ROOT, "%.2f to %.2f", bin.lower(), bin.upper()),
                    figure(bin.meanProbability()),
                    new Figure(bin.observedProportion(), 3, Optional.of(interval)),
                    count(bin.count()));
        }
        return new Chart(
                "reliability-of-" + slugs.get(name) + "-chart",
                "Calibration of " + name,
                Chart.Kind.RELIABILITY,
                "share of harmful answers",
                0,
                1,
                rows.toTable());
    }

    private Table calibration() {
        Rows rows = new Rows(
                "calibration",
                "Whether probabilities of harm mean what they say, on the answers that " + shownName(reference)
                        + " judged; 0 is best for all three.",
                "Evaluator",
                "Expected calibration error",
                "Greatest gap of a bin",
                "Brier score",
                "Answers");
        analysis.calibration()
                .forEach((name, calibration) -> rows.add(
                        name,
                        Figure.of(calibration.expectedError(), 4),
                        Figure.of(calibration.reliability().maximumCalibrationError(), 4),
                        Figure.of(calibration.brier(), 4),
                        count(calibration.reliability().count())));
        return rows.toTable();
    }
}
