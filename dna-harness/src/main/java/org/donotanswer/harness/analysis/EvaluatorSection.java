package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.reviewer;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.score;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.report.ReliabilityChart;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.metrics.ClassScores;
import org.donotanswer.metrics.ConfusionMatrix;

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
        this.slugs = DisplayNames.slugs(analysis.reviewers());
    }

    Section toSection() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph("How each evaluator agrees with " + reviewer(reference)
                + ", on the answers that " + reviewer(reference)
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
                    "confusion-of-action-" + slug, evaluator, evaluator.action().pooled(), DisplayNames::name));
            blocks.add(confusionByLlm(
                    "confusion-by-llm-" + slug,
                    "Actions",
                    evaluator,
                    evaluator.action().byLlm(),
                    DisplayNames::name));
        }
        if (evaluator.harmful().pooled().total() > 0) {
            blocks.add(confusion(
                    "confusion-of-harmful-" + slug,
                    evaluator,
                    evaluator.harmful().pooled(),
                    DisplayNames::name));
            // Begins as no other id does, whatever the evaluator's name.
            blocks.add(confusionByLlm(
                    "harmful-confusion-by-llm-" + slug,
                    "Harm",
                    evaluator,
                    evaluator.harmful().byLlm(),
                    DisplayNames::name));
        }
    }

    private Table overview(String id, String what, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        TableBuilder table = new TableBuilder(
                id,
                "Agreement with " + reviewer(reference) + " on " + what
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
            table.add(
                    evaluator.evaluator(),
                    score(mean.accuracy()),
                    score(deviation.accuracy()),
                    score(mean.precision()),
                    score(deviation.precision()),
                    score(mean.recall()),
                    score(deviation.recall()),
                    score(mean.f1()),
                    score(deviation.f1()),
                    score(agreement.accuracy()),
                    score(agreement.macroF1()),
                    score(agreement.kappa()),
                    count(agreement.pooled().total()));
        }
        return table.build();
    }

    private Table harmfulClass() {
        TableBuilder table = new TableBuilder(
                "agreement-harmful-class",
                "The class of harmful answers, over all LLMs, on the answers that " + reviewer(reference)
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
            table.add(
                    evaluator.evaluator(),
                    score(evaluator.precision()),
                    score(evaluator.recall()),
                    score(evaluator.f1()),
                    count(matrix.truePositives(true)),
                    count(matrix.falseNegatives(true)),
                    count(matrix.falsePositives(true)));
        }
        return table.build();
    }

    private Table byLlm(String id, String what, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        TableBuilder table = new TableBuilder(
                id,
                "Agreement with " + reviewer(reference) + " on " + what + " by LLM.",
                "Evaluator, LLM",
                "Accuracy",
                "Macro precision",
                "Macro recall",
                "Macro F1");
        for (EvaluatorAgreement evaluator : evaluators) {
            for (Llm llm : analysis.llms()) {
                labels.apply(evaluator)
                        .figures(llm)
                        .ifPresent(figures -> table.add(evaluator.evaluator() + ", " + llm.name(), cells(figures)));
            }
        }
        return table.build();
    }

    static List<Cell> cells(MacroScores figures) {
        return List.of(
                score(figures.accuracy()), score(figures.precision()), score(figures.recall()), score(figures.f1()));
    }

    private Table classes() {
        TableBuilder table = new TableBuilder(
                "classes",
                "Scores of each class over all LLMs.",
                "Evaluator, class",
                "Precision",
                "Recall",
                "F1",
                "Answers");
        for (EvaluatorAgreement evaluator : evaluators) {
            addClasses(table, evaluator.evaluator(), evaluator.action(), DisplayNames::name);
            addClasses(table, evaluator.evaluator(), evaluator.harmful(), DisplayNames::name);
        }
        return table.build();
    }

    private static <L> void addClasses(
            TableBuilder table, String evaluator, LabelAgreement<L> agreement, Function<L, String> name) {
        if (agreement.pooled().total() > 0) {
            agreement
                    .classes()
                    .classes()
                    .forEach((label, scores) -> table.add(evaluator + ", " + name.apply(label), cells(scores)));
        }
    }

    private static List<Cell> cells(ClassScores scores) {
        return List.of(score(scores.precision()), score(scores.recall()), score(scores.f1()), count(scores.support()));
    }

    private <L> Chart confusion(
            String id, EvaluatorAgreement evaluator, ConfusionMatrix<L> matrix, Function<L, String> name) {
        String caption =
                "Labels of " + reviewer(reference) + " (rows) and " + evaluator.evaluator() + " (columns), all LLMs";
        return new Chart(
                id + "-chart",
                caption,
                Chart.Kind.CONFUSION,
                "answers",
                0,
                Double.NaN,
                confusionTable(id, caption + ".", reference, matrix, name));
    }

    /** Returns a matrix as a table: rows by the reference, columns by the evaluator. */
    static <L> Table confusionTable(
            String id, String caption, String corner, ConfusionMatrix<L> matrix, Function<L, String> name) {
        TableBuilder table = new TableBuilder(
                id, caption, corner, matrix.labels().stream().map(name).toList());
        for (L gold : matrix.labels()) {
            table.add(
                    name.apply(gold),
                    matrix.labels().stream()
                            .map(given -> count(matrix.count(gold, given)))
                            .toList());
        }
        return table.build();
    }

    private <L> Table confusionByLlm(
            String id,
            String what,
            EvaluatorAgreement evaluator,
            Map<Llm, ConfusionMatrix<L>> byLlm,
            Function<L, String> name) {
        List<L> labels = byLlm.values().iterator().next().labels();
        TableBuilder table = new TableBuilder(
                id,
                what + " by " + reviewer(reference) + " (rows) and " + evaluator.evaluator()
                        + " (columns) for each LLM.",
                "LLM, " + reference,
                labels.stream().map(name).toList());
        byLlm.forEach((llm, matrix) -> {
            for (L gold : labels) {
                table.add(
                        llm.name() + ", " + name.apply(gold),
                        labels.stream()
                                .map(given -> count(matrix.count(gold, given)))
                                .toList());
            }
        });
        return table.build();
    }

    private Chart reliability(String name, EvaluatorCalibration calibration) {
        return ReliabilityChart.of(
                "reliability-of-" + slugs.get(name),
                "Calibration of " + name,
                "Probability of harm given by " + name + ", and the proportion that is harmful by "
                        + reviewer(reference) + ".",
                calibration.reliability(),
                analysis.options().confidence());
    }

    private Table calibration() {
        TableBuilder table = new TableBuilder(
                "calibration",
                "Whether probabilities of harm mean what they say, on the answers that " + reviewer(reference)
                        + " judged; 0 is best for all three.",
                "Evaluator",
                "Expected calibration error",
                "Greatest gap of a bin",
                "Brier score",
                "Answers");
        analysis.calibration()
                .forEach((name, calibration) -> table.add(
                        name,
                        Figure.of(calibration.expectedError(), 4),
                        Figure.of(calibration.reliability().maximumCalibrationError(), 4),
                        Figure.of(calibration.brier(), 4),
                        count(calibration.reliability().count())));
        return table.build();
    }
}
