package org.donotanswer.bench.crossvalidation;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.donotanswer.bench.crossvalidation.CrossValidationReport.ProtocolReport;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.EvaluatorComparison;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.HarmfulClass;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.TaskReport;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.metrics.Proportion;

/** A report of cross-validation as tables for a terminal of 100 columns. */
public final class CrossValidationText {
    private final StringBuilder text = new StringBuilder();

    private CrossValidationText() {}

    public static String of(CrossValidationReport report) {
        CrossValidationText writer = new CrossValidationText();
        report.protocols().forEach(writer::append);
        report.benign().ifPresent(writer::append);
        report.harmType().ifPresent(writer::append);
        return writer.text.toString();
    }

    private void line(String format, Object... values) {
        text.append(NumberFormats.format(format, values).stripTrailing()).append('\n');
    }

    private void append(ProtocolReport report) {
        line("%s: %s", report.protocol().id(), report.protocol().summary());
        line("%s answers, %d trainings; 95 %% intervals", NumberFormats.count(report.answers()), report.trainings());
        line("");
        line("%-26s %-21s  %-21s  %s", "", "action", "harmful or not", "harmful answers, pooled");
        line(
                "%-26s %5s %5s %-9s  %5s %5s %-9s  %5s %5s %5s",
                "mean over folds", "acc.", "macro", "F1", "acc.", "macro", "F1", "P", "R", "F1");
        report.judges().forEach(judge -> summary(judge.judge().label(), judge));
        report.judges().forEach(judge -> judge.scoredOnly()
                .ifPresent(scored -> summary("  " + judge.judge().label() + ", if scored", scored)));
        line("");
        folds("action", report.judges(), EvaluatorReport::action);
        folds("harmful or not", report.judges(), EvaluatorReport::harmful);
        comparisons(report.judges().get(0));
        ModelCalibration calibration = report.calibration();
        line(
                "probability of harm: expected calibration error %s, Brier score %s, AUC %s",
                NumberFormats.figure(calibration.expectedError()),
                NumberFormats.figure(calibration.brier()),
                NumberFormats.figure(calibration.auc()));
        line("");
    }

    private void summary(String name, EvaluatorReport judge) {
        TaskReport action = judge.action();
        TaskReport harmful = judge.harmful();
        HarmfulClass pooled = judge.harmfulClass();
        line(
                "%-26s %5s %5s %-9s  %5s %5s %-9s  %5s %5s %5s %s",
                name,
                NumberFormats.figure(action.mean().accuracy()),
                NumberFormats.figure(action.mean().macroF1()),
                NumberFormats.interval(action.macroF1()),
                NumberFormats.figure(harmful.mean().accuracy()),
                NumberFormats.figure(harmful.mean().macroF1()),
                NumberFormats.interval(harmful.macroF1()),
                NumberFormats.figure(pooled.precision()),
                NumberFormats.figure(pooled.recall()),
                NumberFormats.figure(pooled.f1()),
                NumberFormats.interval(pooled.f1Interval()));
    }

    private void folds(String task, List<EvaluatorReport> judges, Function<EvaluatorReport, TaskReport> report) {
        cells(task, judges, judge -> NumberFormats.format("%-13s", judge.judge().key()));
        cells("LLM held out", judges, judge -> NumberFormats.format("%-5s %-7s", "acc.", "F1"));
        List<String> folds = judges.get(0).folds();
        for (int i = 0; i < folds.size(); i++) {
            int fold = i;
            figures(folds.get(i), judges, judge -> report.apply(judge).folds().get(fold));
        }
        figures("mean", judges, judge -> report.apply(judge).mean());
        figures("std. deviation", judges, judge -> report.apply(judge).standardDeviation());
        line("");
    }

    private void figures(String name, List<EvaluatorReport> judges, Function<EvaluatorReport, Figures> figures) {
        cells(name, judges, judge -> {
            Figures shown = figures.apply(judge);
            return NumberFormats.format(
                    "%-5s %-7s", NumberFormats.figure(shown.accuracy()), NumberFormats.figure(shown.macroF1()));
        });
    }

    private void cells(String name, List<EvaluatorReport> judges, Function<EvaluatorReport, String> cell) {
        line(
                "%-18s%s",
                name, judges.stream().map(judge -> "  " + cell.apply(judge)).collect(Collectors.joining()));
    }

    private void comparisons(EvaluatorReport judge) {
        if (judge.comparisons().isEmpty()) {
            return;
        }
        line(
                "%-16s %-21s %-21s %-21s %s",
                judge.judge().label() + " less",
                "action macro F1",
                "harmful macro F1",
                "harmful answers' F1",
                "McNemar p");
        for (EvaluatorComparison each : judge.comparisons()) {
            line(
                    "%-16s %5s %-15s %5s %-15s %5s %-15s %5s %5s",
                    each.with().key(),
                    NumberFormats.difference(each.actionMacroF1().difference()),
                    NumberFormats.differences(each.actionMacroF1().interval()),
                    NumberFormats.difference(each.harmfulMacroF1().difference()),
                    NumberFormats.differences(each.harmfulMacroF1().interval()),
                    NumberFormats.difference(each.harmfulF1().difference()),
                    NumberFormats.differences(each.harmfulF1().interval()),
                    NumberFormats.pValue(each.actionRight().pValue()),
                    NumberFormats.pValue(each.harmfulRight().pValue()));
        }
        line("");
    }

    private void append(BenignReport report) {
        line("false alarms: harmless exchanges flagged as harmful");
        share("everyday, LLM unseen", report.unseenLlm());
        share("everyday, instruction unseen", report.unseenInstruction());
        share("everyday, both unseen", report.unseenBoth());
        share("alarming words, instruction unseen", report.hardUnseenInstruction());
        line("harmless instructions taken for risky");
        share("everyday, unseen", report.riskUnseenInstruction());
        share("alarming words, unseen", report.riskHardUnseenInstruction());
        line(
                "harmful answers against everyday ones, both unseen: AUC %s, %s caught at 1 %% false alarms",
                NumberFormats.figure(report.auc()), NumberFormats.percent(report.caughtAtOnePercent()));
        line("");
    }

    private void share(String name, Proportion share) {
        line(
                "  %-36s %6s of %6s  %8s  %s",
                name,
                NumberFormats.count(share.count()),
                NumberFormats.count(share.total()),
                NumberFormats.percent(share.value()),
                NumberFormats.percent(share.interval(Scoring.CONFIDENCE).lower()) + " - "
                        + NumberFormats.percent(
                                share.interval(Scoring.CONFIDENCE).upper()));
    }

    private void append(HarmTypeReport report) {
        line("instructions of unseen questions: type of harm, if risky (mean over the LLMs held out)");
        figures("12 types of harm", report.type());
        figures("5 risk areas", report.area());
        line("risky questions taken for risky");
        share("unseen", report.risky());
    }

    private void figures(String name, Figures figures) {
        line(
                "  %-36s accuracy %s, macro F1 %s",
                name, NumberFormats.figure(figures.accuracy()), NumberFormats.figure(figures.macroF1()));
    }
}
