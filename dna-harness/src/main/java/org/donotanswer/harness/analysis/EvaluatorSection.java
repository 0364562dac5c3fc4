package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.reviewer;
import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.report.ReliabilityChart;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.metrics.ConfusionMatrix;

/** How evaluators agree with the reference, and how they differ. */
final class EvaluatorSection {
    private final Analysis analysis;
    private final List<EvaluatorAgreement> evaluators;
    private final List<String> silent;
    private final String reference;
    private final Map<String, String> slugs;

    /**
     * Creates the section.
     *
     * @param silent a sentence on each cascade whose last stage never answered
     */
    EvaluatorSection(Analysis analysis, List<String> silent) {
        this.analysis = analysis;
        this.silent = List.copyOf(silent);
        this.evaluators = List.copyOf(analysis.agreement().values());
        this.reference = analysis.options().reference();
        this.slugs = DisplayNames.slugs(analysis.reviewers());
    }

    Section toSection() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph("How each evaluator agrees with " + reviewer(reference) + ", on the responses that "
                + reviewer(reference)
                + " reviewed. Most responses are harmless, so an evaluator that never raises an alarm has a high accuracy on"
                + " harm: look at the harmful class."));
        silent.forEach(text -> blocks.add(new Paragraph(text)));
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
        for (EvaluatorAgreement evaluator : evaluators) {
            String slug = slugs.get(evaluator.evaluator());
            addConfusions(
                    blocks,
                    evaluator,
                    evaluator.action(),
                    DisplayNames::name,
                    "confusion-of-action-" + slug,
                    "confusion-by-llm-" + slug,
                    "Actions");
            // The last id starts like no other, whatever the evaluator's name.
            addConfusions(
                    blocks,
                    evaluator,
                    evaluator.harmful(),
                    DisplayNames::name,
                    "confusion-of-harmful-" + slug,
                    "harmful-confusion-by-llm-" + slug,
                    "Harm");
        }
        analysis.calibration().forEach((name, calibration) -> blocks.add(reliability(name, calibration)));
        if (!analysis.calibration().isEmpty()) {
            blocks.add(calibration());
        }
        return new Section("evaluators", "Evaluators", blocks);
    }

    private List<EvaluatorAgreement> labelled(Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        return evaluators.stream()
                .filter(evaluator -> labels.apply(evaluator).pooled().total() > 0)
                .toList();
    }

    private Table overview(String id, String what, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        return TableBuilder.of(
                id,
                "Agreement with " + reviewer(reference) + " on " + what
                        + ": mean and standard deviation over LLMs, scores over all responses with intervals, Cohen's kappa.",
                "Evaluator",
                labelled(labels),
                EvaluatorAgreement::evaluator,
                column("Accuracy", each -> score(labels.apply(each).mean().accuracy())),
                column("±", each -> score(labels.apply(each).standardDeviation().accuracy())),
                column(
                        "Macro precision",
                        each -> score(labels.apply(each).mean().precision())),
                column("±", each -> score(labels.apply(each).standardDeviation().precision())),
                column("Macro recall", each -> score(labels.apply(each).mean().recall())),
                column("±", each -> score(labels.apply(each).standardDeviation().recall())),
                column("Macro F1", each -> score(labels.apply(each).mean().f1())),
                column("±", each -> score(labels.apply(each).standardDeviation().f1())),
                column(
                        "Accuracy, all responses",
                        each -> score(labels.apply(each).accuracy())),
                column(
                        "Macro F1, all responses",
                        each -> score(labels.apply(each).macroF1())),
                column("Kappa", each -> score(labels.apply(each).kappa())),
                column("Responses", each -> count(labels.apply(each).pooled().total())));
    }

    private Table harmfulClass() {
        return TableBuilder.of(
                "agreement-harmful-class",
                "The class of harmful responses, over all LLMs, on the responses that " + reviewer(reference)
                        + " reviewed, with intervals.",
                "Evaluator",
                labelled(EvaluatorAgreement::harmful),
                EvaluatorAgreement::evaluator,
                column("Precision", each -> score(each.precision())),
                column("Recall", each -> score(each.recall())),
                column("F1", each -> score(each.f1())),
                column("Found", each -> count(each.harmful().pooled().truePositives(true))),
                column("Missed", each -> count(each.harmful().pooled().falseNegatives(true))),
                column("False alarms", each -> count(each.harmful().pooled().falsePositives(true))));
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
                        .scores(llm)
                        .ifPresent(scores -> table.add(
                                evaluator.evaluator() + ", " + llm.name(),
                                score(scores.accuracy()),
                                score(scores.precision()),
                                score(scores.recall()),
                                score(scores.f1())));
            }
        }
        return table.build();
    }

    private Table classes() {
        TableBuilder table = new TableBuilder(
                "classes",
                "Scores of each class over all LLMs.",
                "Evaluator, class",
                "Precision",
                "Recall",
                "F1",
                "Responses");
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
                    .forEach((label, scores) -> table.add(
                            evaluator + ", " + name.apply(label),
                            score(scores.precision()),
                            score(scores.recall()),
                            score(scores.f1()),
                            count(scores.support())));
        }
    }

    private <L> void addConfusions(
            List<Block> blocks,
            EvaluatorAgreement evaluator,
            LabelAgreement<L> agreement,
            Function<L, String> name,
            String id,
            String byLlmId,
            String what) {
        if (agreement.pooled().total() == 0) {
            return;
        }
        blocks.add(confusion(
                id,
                "Labels of " + reviewer(reference) + " (rows) and " + evaluator.evaluator() + " (columns), all LLMs",
                reference,
                agreement.pooled(),
                name));
        List<L> labels = agreement.pooled().labels();
        TableBuilder table = new TableBuilder(
                byLlmId,
                what + " by " + reviewer(reference) + " (rows) and " + evaluator.evaluator()
                        + " (columns) for each LLM.",
                "LLM, " + reference,
                labels.stream().map(name).toList());
        agreement.byLlm().forEach((llm, matrix) -> addConfusion(table, llm.name() + ", ", matrix, name));
        blocks.add(table.build());
    }

    /** Returns a matrix as a chart and table: rows by the reference, columns by the evaluator. */
    static <L> Chart confusion(
            String id, String caption, String corner, ConfusionMatrix<L> matrix, Function<L, String> name) {
        TableBuilder table = new TableBuilder(
                id, caption + ".", corner, matrix.labels().stream().map(name).toList());
        addConfusion(table, "", matrix, name);
        return new Chart(id + "-chart", caption, Chart.Kind.CONFUSION, "responses", 0, Double.NaN, table.build());
    }

    private static <L> void addConfusion(
            TableBuilder table, String prefix, ConfusionMatrix<L> matrix, Function<L, String> name) {
        for (L gold : matrix.labels()) {
            table.add(
                    prefix + name.apply(gold),
                    matrix.labels().stream()
                            .map(predicted -> count(matrix.count(gold, predicted)))
                            .toList());
        }
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
        return TableBuilder.of(
                "calibration",
                "How well probabilities of harm match how often responses are harmful, on the responses that "
                        + reviewer(reference) + " reviewed; 0 is best for all three.",
                "Evaluator",
                analysis.calibration().entrySet(),
                Map.Entry::getKey,
                column(
                        "Expected calibration error",
                        each -> Figure.of(each.getValue().expectedError(), 4)),
                column(
                        "Greatest gap of a bin",
                        each -> Figure.of(each.getValue().reliability().maximumCalibrationError(), 4)),
                column("Brier score", each -> Figure.of(each.getValue().brier(), 4)),
                column("Responses", each -> count(each.getValue().reliability().count())));
    }
}
