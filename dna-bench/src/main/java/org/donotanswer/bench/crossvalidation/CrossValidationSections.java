package org.donotanswer.bench.crossvalidation;

import static org.donotanswer.harness.io.NumberFormats.format;
import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.difference;
import static org.donotanswer.harness.report.TableCells.pValue;
import static org.donotanswer.harness.report.TableCells.score;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.donotanswer.bench.crossvalidation.CrossValidationReport.TrainingSummary;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.HarmfulClass;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.TaskReport;
import org.donotanswer.harness.analysis.MacroScores;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.report.ReliabilityChart;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Reliability;
import org.donotanswer.taxonomy.ResponseAction;

/** Lays the results of a cross-validation out as a report. */
final class CrossValidationSections {
    private static final ImmutableMap<String, Function<EvaluatorReport, TaskReport>> TASKS =
            ImmutableMap.of("action", each -> each.action().task(), "harmful", each -> each.harmful()
                    .task());
    private static final ImmutableMap<String, ToDoubleFunction<MacroScores>> SCORES =
            ImmutableMap.of("accuracy", MacroScores::accuracy, "macro-f1", MacroScores::f1);

    private final CrossValidationReport report;

    CrossValidationSections(CrossValidationReport report) {
        this.report = report;
    }

    Report toReport() {
        List<Section> sections = new ArrayList<>();
        sections.add(conventions());
        report.protocols().forEach((protocol, evaluators) -> sections.add(section(protocol, evaluators)));
        report.benign().ifPresent(benign -> sections.add(falseAlarms(benign)));
        report.harmType().ifPresent(harmType -> sections.add(harmTypes(harmType)));
        return new Report("Cross-validation", "", sections, report.provenance());
    }

    private static Section conventions() {
        return new Section(
                "conventions",
                "Conventions",
                List.of(
                        new Paragraph(
                                "All evaluators are measured against the labels of people, on the same responses. A fold"
                                        + " is one LLM's responses, also where questions are held out. Accuracy and macro averages are means over folds; precision, recall"
                                        + " and F1 of harmful responses are those of all folds pooled. Macro averages follow"
                                        + " scikit-learn. A response without a label (unscored: a review by GPT-4 that cannot be parsed,"
                                        + " a response that is not in English) counts as wrong, and never as a refusal or as harmless;"
                                        + " \"if scored\" leaves such responses out."),
                        new Paragraph(
                                "Intervals are of 95 % confidence: Wilson's for precision, recall and other proportions,"
                                        + " percentiles of " + CrossValidationReport.RESAMPLES
                                        + " bootstrap samples of questions for the rest.")));
    }

    private Section section(Protocol protocol, Map<String, EvaluatorReport> evaluators) {
        EvaluatorReport tested = evaluators.values().iterator().next();
        TrainingSummary training = report.training().get(protocol);
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph(format(
                "Protocol: %s. %d trainings, the first on %,d examples; %,d responses tested.",
                protocol.summary(),
                training.trainings(),
                training.examples(),
                tested.labels().actions().size())));
        blocks.add(summary(protocol, evaluators.values()));
        TASKS.forEach((task, ofEvaluator) -> SCORES.forEach(
                (name, score) -> blocks.add(byLlm(protocol, task, name, evaluators.values(), ofEvaluator, score))));
        blocks.add(precisionAndRecall(protocol, tested));
        blocks.add(actionClasses(protocol, evaluators.values()));
        blocks.add(actionClassesOfAll(protocol, evaluators.values()));
        if (!tested.comparisons().isEmpty()) {
            blocks.add(comparisons(protocol, tested));
        }
        tested.calibration().ifPresent(calibration -> {
            blocks.add(new Paragraph(format(
                    "Probability of harm, %,d responses: expected calibration error %.3f (%d bins of equal width; %.3f for"
                            + " bins of equal mass), Brier score %.3f, AUC %.3f.",
                    calibration.answers(),
                    calibration.expectedError(),
                    ModelCalibration.BINS,
                    calibration.expectedErrorEqualMass(),
                    calibration.brier(),
                    calibration.auc())));
            blocks.add(ReliabilityChart.of(
                    protocol.id() + "-calibration",
                    "Calibration of " + tested.labels().label(),
                    "Predicted probability of harm against the proportion of harmful responses.",
                    new Reliability(calibration.bins()),
                    Scoring.CONFIDENCE));
        });
        return new Section(protocol.id(), protocol.id(), blocks);
    }

    private static Table summary(Protocol protocol, Iterable<EvaluatorReport> evaluators) {
        TableBuilder table = new TableBuilder(
                protocol.id() + "-evaluators",
                "Agreement with people: actions, harmful or not, and the class of harmful responses.",
                "Evaluator",
                "Action accuracy",
                "Action macro F1",
                "Harmful accuracy",
                "Harmful macro F1",
                "Precision",
                "Recall",
                "F1",
                "Found",
                "False alarms",
                "Missed");
        evaluators.forEach(each -> addScores(table, each.labels().label(), each));
        evaluators.forEach(each -> each.scoredOnly()
                .ifPresent(scored -> addScores(
                        table, each.labels().label() + ", if scored (" + each.unscored() + " are not)", scored)));
        return table.build();
    }

    private static void addScores(TableBuilder table, String name, EvaluatorReport evaluator) {
        TaskReport action = evaluator.action().task();
        TaskReport harmful = evaluator.harmful().task();
        HarmfulClass pooled = evaluator.harmful().pooled();
        table.add(
                name,
                score(action.mean().accuracy()),
                score(action.mean().f1(), action.macroF1Interval()),
                score(harmful.mean().accuracy()),
                score(harmful.mean().f1(), harmful.macroF1Interval()),
                score(pooled.precision(), pooled.precisionInterval()),
                score(pooled.recall(), pooled.recallInterval()),
                score(pooled.f1(), pooled.f1Interval()),
                count(pooled.truePositives()),
                count(pooled.falsePositives()),
                count(pooled.falseNegatives()));
    }

    private static String byLlm(Protocol protocol) {
        return protocol == Protocol.UNSEEN_QUESTION ? " by LLM" : " by LLM held out";
    }

    private static Table byLlm(
            Protocol protocol,
            String task,
            String scoreName,
            Collection<EvaluatorReport> evaluators,
            Function<EvaluatorReport, TaskReport> ofEvaluator,
            ToDoubleFunction<MacroScores> score) {
        List<TaskReport> tasks = evaluators.stream().map(ofEvaluator).toList();
        TableBuilder table = new TableBuilder(
                protocol.id() + "-" + task + "-" + scoreName,
                (task.equals("action") ? "Actions" : "Harmful or not") + byLlm(protocol) + ": "
                        + scoreName.replace("-f", " F") + ".",
                "LLM",
                evaluators.stream().map(each -> each.labels().label()).toList());
        for (String llm : tasks.get(0).folds().keySet()) {
            addScores(table, llm, tasks, each -> each.folds().get(llm), score);
        }
        addScores(table, "mean", tasks, TaskReport::mean, score);
        addScores(table, "standard deviation", tasks, TaskReport::standardDeviation, score);
        return table.build();
    }

    private static void addScores(
            TableBuilder table,
            String name,
            List<TaskReport> tasks,
            Function<TaskReport, MacroScores> scores,
            ToDoubleFunction<MacroScores> score) {
        table.add(
                name,
                tasks.stream()
                        .map(each -> score(score.applyAsDouble(scores.apply(each))))
                        .toList());
    }

    private static Table precisionAndRecall(Protocol protocol, EvaluatorReport evaluator) {
        TableBuilder table = new TableBuilder(
                protocol.id() + "-precision-recall",
                "Macro precision and recall of " + evaluator.labels().label() + byLlm(protocol) + ".",
                "LLM",
                "Action precision",
                "Action recall",
                "Harmful precision",
                "Harmful recall");
        TaskReport action = evaluator.action().task();
        TaskReport harmful = evaluator.harmful().task();
        action.folds()
                .forEach((llm, scores) -> addPrecisionAndRecall(
                        table, llm, scores, harmful.folds().get(llm)));
        addPrecisionAndRecall(table, "mean", action.mean(), harmful.mean());
        return table.build();
    }

    private static void addPrecisionAndRecall(
            TableBuilder table, String name, MacroScores action, MacroScores harmful) {
        table.add(
                name,
                score(action.precision()),
                score(action.recall()),
                score(harmful.precision()),
                score(harmful.recall()));
    }

    private static Table actionClasses(Protocol protocol, Collection<EvaluatorReport> evaluators) {
        EvaluatorReport tested = evaluators.iterator().next();
        return TableBuilder.of(
                protocol.id() + "-action-classes",
                "Each action, over all folds: precision, recall and F1 of "
                        + tested.labels().label() + ".",
                "Action",
                tested.action().classes().entrySet(),
                each -> ResponseAction.valueOf(each.getKey()).shortName(),
                column("Responses", each -> count(each.getValue().support())),
                column("Precision", each -> score(each.getValue().precision())),
                column("Recall", each -> score(each.getValue().recall())),
                column("F1", each -> score(each.getValue().f1(), each.getValue().f1Interval())));
    }

    private static Table actionClassesOfAll(Protocol protocol, Collection<EvaluatorReport> evaluators) {
        TableBuilder table = new TableBuilder(
                protocol.id() + "-action-f1",
                "F1 of each action, over all folds.",
                "Action",
                evaluators.stream().map(each -> each.labels().label()).toList());
        for (ResponseAction action : ResponseAction.values()) {
            table.add(
                    action.shortName(),
                    evaluators.stream()
                            .map(each -> score(
                                    each.action().classes().get(action.name()).f1()))
                            .toList());
        }
        return table.build();
    }

    private static Table comparisons(Protocol protocol, EvaluatorReport evaluator) {
        return TableBuilder.of(
                protocol.id() + "-differences",
                "Differences: " + evaluator.labels().label()
                        + " less the other evaluator, by a paired bootstrap; McNemar's"
                        + " test of who is right where only one is.",
                "Other",
                evaluator.comparisons().values(),
                each -> each.other().label(),
                column("Action macro F1", each -> difference(each.actionMacroF1())),
                column("Harmful macro F1", each -> difference(each.harmfulMacroF1())),
                column("F1 of harmful", each -> difference(each.harmfulF1())),
                column("Action, McNemar p", each -> pValue(each.actionMcNemar().pValue())),
                column(
                        "Harmful, McNemar p",
                        each -> pValue(each.harmfulMcNemar().pValue())));
    }

    private static Section falseAlarms(BenignReport benign) {
        TableBuilder exchanges =
                proportions("flagged-as-harmful", "Harmless exchanges flagged as harmful.", "Exchanges");
        add(exchanges, "everyday, LLM unseen", benign.flagged().unseenLlm());
        add(exchanges, "everyday, instruction unseen", benign.flagged().unseenInstruction());
        add(exchanges, "everyday, LLM and instruction unseen", benign.flagged().unseenLlmAndInstruction());
        add(exchanges, "alarming words, instruction unseen", benign.flagged().hardUnseenInstruction());
        TableBuilder instructions =
                proportions("taken-for-risky", "Harmless instructions taken for risky.", "Instructions");
        add(instructions, "everyday, unseen", benign.takenForRisky().unseenInstruction());
        add(instructions, "alarming words, unseen", benign.takenForRisky().hardUnseenInstruction());
        return new Section(
                "false-alarms",
                "False alarms",
                List.of(
                        new Paragraph(
                                "Harmless exchanges, evaluated by the models of unseen-llm. An exchange is flagged from a"
                                        + " probability of 0.5."),
                        exchanges.build(),
                        instructions.build(),
                        new Paragraph(format(
                                "Harmful responses of the benchmark against everyday exchanges whose LLM and instruction are"
                                        + " unseen: AUC %.3f; the threshold that flags 1 %% of the exchanges catches %s of the"
                                        + " harmful responses.",
                                benign.auc(), NumberFormats.percent(benign.caughtAtOnePercent())))));
    }

    private static TableBuilder proportions(String id, String caption, String items) {
        return new TableBuilder(id, caption, "", items, "Flagged", "Flagged, %");
    }

    /** Adds a proportion with two decimals, as most are below 1 %. */
    private static void add(TableBuilder table, String name, Proportion flagged) {
        Interval interval = flagged.interval(Scoring.CONFIDENCE);
        table.add(
                name,
                count(flagged.total()),
                count(flagged.count()),
                new Figure(
                        100 * flagged.value(),
                        2,
                        flagged.total() == 0
                                ? Optional.empty()
                                : Optional.of(new Interval(100 * interval.lower(), 100 * interval.upper()))));
    }

    private static Section harmTypes(HarmTypeReport harmType) {
        TableBuilder scores = new TableBuilder(
                "harm-type-scores",
                "Harm types and risk areas of unseen questions.",
                "",
                "Accuracy",
                "Macro precision",
                "Macro recall",
                "Macro F1");
        add(scores, "12 harm types", harmType.type());
        add(scores, "standard deviation", harmType.typeDeviation());
        add(scores, "5 risk areas", harmType.area());
        Table types = TableBuilder.of(
                "scores-by-harm-type",
                "Scores of each harm type.",
                "Harm type",
                harmType.byType().entrySet(),
                type -> type.getKey().shortName(),
                column("Precision", type -> score(type.getValue().precision())),
                column("Recall", type -> score(type.getValue().recall())),
                column("F1", type -> score(type.getValue().f1())));
        return new Section(
                "harm-types",
                "Instructions of unseen questions",
                List.of(
                        new Paragraph(format(
                                "By the models of unseen-llm-and-question; means over the LLMs held out. %s of the questions"
                                        + " are taken for risky; all of them are.",
                                NumberFormats.percent(harmType.risky().value()))),
                        scores.build(),
                        types));
    }

    private static void add(TableBuilder table, String name, MacroScores scores) {
        table.add(
                name, score(scores.accuracy()), score(scores.precision()), score(scores.recall()), score(scores.f1()));
    }
}
