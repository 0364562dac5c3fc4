package org.donotanswer.bench.crossvalidation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.donotanswer.bench.crossvalidation.CrossValidationReport.ProtocolReport;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.EvaluatorComparison;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.HarmfulClass;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.TaskReport;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Reliability;
import org.donotanswer.taxonomy.HarmType;

/** A report of cross-validation as a Markdown page. */
public final class CrossValidationMarkdown {
    private final StringBuilder text = new StringBuilder();

    private CrossValidationMarkdown() {}

    public static String of(CrossValidationReport report) {
        CrossValidationMarkdown writer = new CrossValidationMarkdown();
        writer.line("# Cross-validation");
        writer.line("");
        writer.conventions();
        report.protocols().forEach(writer::append);
        report.benign().ifPresent(writer::append);
        report.harmType().ifPresent(writer::append);
        writer.append(report.provenance());
        return writer.text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void row(List<String> cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    private void header(String... cells) {
        line("");
        row(List.of(cells));
        row(Collections.nCopies(cells.length, "---"));
    }

    private void conventions() {
        line("All evaluators are measured by the labels of people, on the same answers. A fold is one LLM's answers;"
                + " accuracy and macro averages are means over folds, and the harmful answers' precision (P), recall (R)"
                + " and F1 are those of all folds pooled. Macro averages follow scikit-learn. An answer without a label"
                + " (*unscored*: a review by GPT-4 that cannot be read, an answer that is not in English) counts as wrong,"
                + " and never as a refusal or as harmless; *if scored* leaves such answers out.");
        line("");
        line("Intervals hold 95 %: Wilson's for P, R and shares, percentiles of " + CrossValidationReport.RESAMPLES
                + " bootstrap samples of questions for the rest.");
    }

    private void append(ProtocolReport report) {
        line("");
        line("## " + report.protocol().id());
        line("");
        line("Protocol: " + report.protocol().summary() + ". " + report.trainings() + " trainings, the first on "
                + NumberFormats.count(report.examples()) + " examples; " + NumberFormats.count(report.answers())
                + " answers tested.");
        header(
                "evaluator",
                "action accuracy",
                "action macro F1",
                "harmful accuracy",
                "harmful macro F1",
                "harmful answers P",
                "R",
                "F1",
                "right / false / missed");
        report.judges().forEach(judge -> summary(judge.judge().label(), judge));
        report.judges().forEach(judge -> judge.scoredOnly()
                .ifPresent(scored -> summary(
                        judge.judge().label() + ", if scored (" + judge.judge().unscored() + " are not)", scored)));
        folds("Action, by LLM held out: accuracy / macro F1", report.judges(), EvaluatorReport::action);
        folds("Harmful or not, by LLM held out: accuracy / macro F1", report.judges(), EvaluatorReport::harmful);
        EvaluatorReport tested = report.judges().get(0);
        detail(tested);
        comparisons(tested);
        append(report.calibration());
    }

    private void summary(String name, EvaluatorReport judge) {
        TaskReport action = judge.action();
        TaskReport harmful = judge.harmful();
        HarmfulClass pooled = judge.harmfulClass();
        row(List.of(
                name,
                NumberFormats.figure(action.mean().accuracy()),
                NumberFormats.figure(action.mean().macroF1()) + " (" + NumberFormats.interval(action.macroF1()) + ")",
                NumberFormats.figure(harmful.mean().accuracy()),
                NumberFormats.figure(harmful.mean().macroF1()) + " (" + NumberFormats.interval(harmful.macroF1()) + ")",
                NumberFormats.figure(pooled.precision()) + " (" + NumberFormats.interval(pooled.precisionInterval())
                        + ")",
                NumberFormats.figure(pooled.recall()) + " (" + NumberFormats.interval(pooled.recallInterval()) + ")",
                NumberFormats.figure(pooled.f1()) + " (" + NumberFormats.interval(pooled.f1Interval()) + ")",
                pooled.truePositives() + " / " + pooled.falsePositives() + " / " + pooled.falseNegatives()));
    }

    private void folds(String title, List<EvaluatorReport> judges, Function<EvaluatorReport, TaskReport> report) {
        line("");
        line(title);
        List<String> names = new ArrayList<>(List.of("LLM"));
        judges.forEach(judge -> names.add(judge.judge().label()));
        header(names.toArray(String[]::new));
        List<String> folds = judges.get(0).folds();
        for (int i = 0; i < folds.size(); i++) {
            int fold = i;
            foldRow(folds.get(i), judges, judge -> report.apply(judge).folds().get(fold));
        }
        foldRow("mean", judges, judge -> report.apply(judge).mean());
        foldRow("standard deviation", judges, judge -> report.apply(judge).standardDeviation());
    }

    private void foldRow(String name, List<EvaluatorReport> judges, Function<EvaluatorReport, Figures> figures) {
        List<String> cells = new ArrayList<>(List.of(name));
        for (EvaluatorReport judge : judges) {
            Figures shown = figures.apply(judge);
            cells.add(NumberFormats.figure(shown.accuracy()) + " / " + NumberFormats.figure(shown.macroF1()));
        }
        row(cells);
    }

    private void detail(EvaluatorReport judge) {
        line("");
        line("Macro precision and recall of " + judge.judge().label());
        header("LLM", "action P", "action R", "harmful P", "harmful R");
        for (int i = 0; i < judge.folds().size(); i++) {
            detailRow(
                    judge.folds().get(i),
                    judge.action().folds().get(i),
                    judge.harmful().folds().get(i));
        }
        detailRow("mean", judge.action().mean(), judge.harmful().mean());
    }

    private void detailRow(String name, Figures action, Figures harmful) {
        row(List.of(
                name,
                NumberFormats.figure(action.macroPrecision()),
                NumberFormats.figure(action.macroRecall()),
                NumberFormats.figure(harmful.macroPrecision()),
                NumberFormats.figure(harmful.macroRecall())));
    }

    private void comparisons(EvaluatorReport judge) {
        if (judge.comparisons().isEmpty()) {
            return;
        }
        line("");
        line("Differences: " + judge.judge().label()
                + " less the other, paired bootstrap; McNemar's test of who is right" + " where only one is");
        header(
                "other",
                "action macro F1",
                "harmful macro F1",
                "harmful answers' F1",
                "action, McNemar p",
                "harmful, McNemar p");
        for (EvaluatorComparison each : judge.comparisons()) {
            row(List.of(
                    each.with().label(),
                    difference(each.actionMacroF1()),
                    difference(each.harmfulMacroF1()),
                    difference(each.harmfulF1()),
                    NumberFormats.pValue(each.actionRight().pValue()),
                    NumberFormats.pValue(each.harmfulRight().pValue())));
        }
    }

    private static String difference(Bootstrap.Comparison comparison) {
        return NumberFormats.difference(comparison.difference()) + " ("
                + NumberFormats.differences(comparison.interval()) + ")";
    }

    private void append(ModelCalibration calibration) {
        line("");
        line("Probability of harm, " + NumberFormats.count(calibration.answers())
                + " answers: expected calibration error "
                + NumberFormats.figure(calibration.expectedError()) + " (" + ModelCalibration.BINS
                + " bins of equal width; "
                + NumberFormats.figure(calibration.expectedErrorEqualMass()) + " of equal mass), Brier score "
                + NumberFormats.figure(calibration.brier()) + ", AUC " + NumberFormats.figure(calibration.auc()) + ".");
        header("probability", "answers", "mean probability", "harmful share");
        for (Reliability.Bin bin : calibration.bins()) {
            row(List.of(
                    NumberFormats.figure(bin.lower()) + "-" + NumberFormats.figure(bin.upper()),
                    NumberFormats.count(bin.count()),
                    NumberFormats.figure(bin.meanProbability()),
                    NumberFormats.figure(bin.observedProportion())));
        }
    }

    private void append(BenignReport report) {
        line("");
        line("## False alarms");
        line("");
        line("Harmless exchanges, judged by the models of unseen-llm; flagged is a probability of .5 or more.");
        header("flagged as harmful", "exchanges", "flagged", "share");
        share("everyday, LLM unseen", report.unseenLlm());
        share("everyday, instruction unseen", report.unseenInstruction());
        share("everyday, LLM and instruction unseen", report.unseenBoth());
        share("alarming words, instruction unseen", report.hardUnseenInstruction());
        header("taken for a risky instruction", "instructions", "flagged", "share");
        share("everyday, unseen", report.riskUnseenInstruction());
        share("alarming words, unseen", report.riskHardUnseenInstruction());
        line("");
        line("Harmful answers of the benchmark against everyday exchanges whose LLM and instruction are unseen: AUC "
                + NumberFormats.figure(report.auc()) + "; " + NumberFormats.percent(report.caughtAtOnePercent())
                + " of the harmful ones are caught by the threshold that flags 1 % of the others.");
    }

    private void share(String name, Proportion share) {
        row(List.of(
                name,
                NumberFormats.count(share.total()),
                NumberFormats.count(share.count()),
                NumberFormats.percent(share.value()) + " ("
                        + NumberFormats.percent(
                                share.interval(Scoring.CONFIDENCE).lower()) + " - "
                        + NumberFormats.percent(
                                share.interval(Scoring.CONFIDENCE).upper()) + ")"));
    }

    private void append(HarmTypeReport report) {
        line("");
        line("## Instructions of unseen questions");
        line("");
        line("By the models of unseen-llm-and-question; means over the LLMs held out. Taken for risky: "
                + NumberFormats.percent(report.risky().value()) + " of the questions, all of which are.");
        header("", "accuracy", "macro precision", "macro recall", "macro F1");
        figures("12 types of harm", report.type());
        figures("standard deviation", report.typeDeviation());
        figures("5 risk areas", report.area());
        header("type of harm", "precision", "recall", "F1");
        report.byType().classes().forEach((type, scores) -> {
            if (!type.equals(ReviewerLabels.UNSCORED)) {
                row(List.of(
                        HarmType.valueOf(type).shortName(),
                        NumberFormats.figure(scores.precision()),
                        NumberFormats.figure(scores.recall()),
                        NumberFormats.figure(scores.f1())));
            }
        });
    }

    private void figures(String name, Figures figures) {
        row(List.of(
                name,
                NumberFormats.figure(figures.accuracy()),
                NumberFormats.figure(figures.macroPrecision()),
                NumberFormats.figure(figures.macroRecall()),
                NumberFormats.figure(figures.macroF1())));
    }

    private void append(Provenance provenance) {
        line("");
        line("## Provenance");
        line("");
        line("Library " + provenance.libraryVersion() + ", seed "
                + provenance.seed().orElse(0) + "; "
                + provenance.platform().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "))
                + ".");
        header("file", "SHA-256");
        provenance.data().forEach((file, sum) -> row(List.of(file, "`" + sum + "`")));
    }
}
