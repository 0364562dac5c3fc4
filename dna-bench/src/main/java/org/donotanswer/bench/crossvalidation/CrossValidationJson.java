package org.donotanswer.bench.crossvalidation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.bench.crossvalidation.CrossValidationReport.ProtocolReport;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.EvaluatorComparison;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.HarmfulClass;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.TaskReport;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.ClassScores;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.McNemar;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Reliability;
import org.jspecify.annotations.Nullable;

/** A report of cross-validation as a tree for JSON. What is not defined is null. */
public final class CrossValidationJson {
    private CrossValidationJson() {}

    public static Map<String, Object> of(CrossValidationReport report) {
        Map<String, Object> protocols = new LinkedHashMap<>();
        report.protocols().forEach(protocol -> protocols.put(protocol.protocol().id(), of(protocol)));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("protocols", protocols);
        report.benign().ifPresent(benign -> json.put("benign", of(benign)));
        report.harmType().ifPresent(harmType -> json.put("harmType", of(harmType)));
        Map<String, Object> training = new LinkedHashMap<>();
        report.protocols().forEach(protocol -> training.put(protocol.protocol().id(), training(protocol)));
        json.put("training", training);
        json.put("provenance", report.provenance().toJson());
        return json;
    }

    private static Map<String, Object> of(ProtocolReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (EvaluatorReport judge : report.judges()) {
            Map<String, Object> entry = of(judge);
            if (json.isEmpty()) {
                entry.put("calibration", of(report.calibration()));
            }
            json.put(judge.judge().key(), entry);
        }
        return json;
    }

    private static Map<String, Object> training(ProtocolReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("trainings", report.trainings());
        json.put("seconds", report.trainingSeconds());
        json.put("examplesOfFirst", report.examples());
        json.put("modelOfFirst", report.model().toJson());
        return json;
    }

    private static Map<String, Object> of(EvaluatorReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("action", of(report.action(), report.folds()));
        Map<String, Object> harmful = of(report.harmful(), report.folds());
        putAll(harmful, report.harmfulClass());
        json.put("harmful", harmful);
        json.put("unscored", report.judge().unscored());
        report.scoredOnly().ifPresent(scored -> json.put("scoredOnly", of(scored)));
        if (!report.comparisons().isEmpty()) {
            Map<String, Object> comparisons = new LinkedHashMap<>();
            report.comparisons().forEach(each -> comparisons.put(each.with().key(), of(each)));
            json.put("comparisons", comparisons);
        }
        return json;
    }

    private static Map<String, Object> of(TaskReport report, List<String> folds) {
        Map<String, Object> json = of(report.mean());
        json.put("macroF1Interval", of(report.macroF1()));
        json.put("standardDeviation", of(report.standardDeviation()));
        Map<String, Object> byFold = new LinkedHashMap<>();
        for (int i = 0; i < folds.size(); i++) {
            byFold.put(folds.get(i), of(report.folds().get(i)));
        }
        json.put("folds", byFold);
        return json;
    }

    private static Map<String, Object> of(Figures figures) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("accuracy", number(figures.accuracy()));
        json.put("macroF1", number(figures.macroF1()));
        json.put("macroPrecision", number(figures.macroPrecision()));
        json.put("macroRecall", number(figures.macroRecall()));
        return json;
    }

    private static void putAll(Map<String, Object> json, HarmfulClass harmful) {
        json.put("precision", number(harmful.precision()));
        json.put("precisionInterval", of(harmful.precisionInterval()));
        json.put("recall", number(harmful.recall()));
        json.put("recallInterval", of(harmful.recallInterval()));
        json.put("f1", number(harmful.f1()));
        json.put("f1Interval", of(harmful.f1Interval()));
        json.put("truePositives", harmful.truePositives());
        json.put("falsePositives", harmful.falsePositives());
        json.put("falseNegatives", harmful.falseNegatives());
    }

    private static Map<String, Object> of(EvaluatorComparison comparison) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("actionMacroF1", of(comparison.actionMacroF1()));
        json.put("harmfulMacroF1", of(comparison.harmfulMacroF1()));
        json.put("harmfulF1", of(comparison.harmfulF1()));
        json.put("actionMcNemar", of(comparison.actionRight()));
        json.put("harmfulMcNemar", of(comparison.harmfulRight()));
        return json;
    }

    private static Map<String, Object> of(Bootstrap.Comparison comparison) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("difference", number(comparison.difference()));
        json.put("interval", of(comparison.interval()));
        json.put("pValue", number(comparison.pValue()));
        return json;
    }

    private static Map<String, Object> of(McNemar test) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("onlyThisRight", test.onlyFirst());
        json.put("onlyOtherRight", test.onlySecond());
        json.put("pValue", number(test.pValue()));
        return json;
    }

    private static Map<String, Object> of(ModelCalibration calibration) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("answers", calibration.answers());
        json.put("expectedCalibrationError", number(calibration.expectedError()));
        json.put("expectedCalibrationErrorEqualMass", number(calibration.expectedErrorEqualMass()));
        json.put("brier", number(calibration.brier()));
        json.put("auc", number(calibration.auc()));
        List<Map<String, Object>> bins = new ArrayList<>();
        for (Reliability.Bin bin : calibration.bins()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("lower", bin.lower());
            entry.put("upper", bin.upper());
            entry.put("count", bin.count());
            entry.put("meanProbability", bin.meanProbability());
            entry.put("observedShare", bin.observedProportion());
            bins.add(entry);
        }
        json.put("bins", bins);
        return json;
    }

    private static Map<String, Object> of(BenignReport report) {
        Map<String, Object> flagged = new LinkedHashMap<>();
        flagged.put("unseenLlm", of(report.unseenLlm()));
        flagged.put("unseenInstruction", of(report.unseenInstruction()));
        flagged.put("unseenLlmAndInstruction", of(report.unseenBoth()));
        flagged.put("hardUnseenInstruction", of(report.hardUnseenInstruction()));
        Map<String, Object> risky = new LinkedHashMap<>();
        risky.put("unseenInstruction", of(report.riskUnseenInstruction()));
        risky.put("hardUnseenInstruction", of(report.riskHardUnseenInstruction()));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("flagged", flagged);
        json.put("takenForRisky", risky);
        json.put("unscored", report.unscored());
        json.put("aucHarmfulAgainstBenign", number(report.auc()));
        json.put("caughtAtOnePercentFalseAlarms", number(report.caughtAtOnePercent()));
        return json;
    }

    private static Map<String, Object> of(HarmTypeReport report) {
        Map<String, Object> json = of(report.type());
        json.put("standardDeviation", of(report.typeDeviation()));
        json.put("riskArea", of(report.area()));
        json.put("questionsTakenForRisky", of(report.risky()));
        Map<String, Object> types = new LinkedHashMap<>();
        report.byType().classes().forEach((type, scores) -> {
            if (!type.equals(ReviewerLabels.UNSCORED)) {
                types.put(type, of(scores));
            }
        });
        json.put("types", types);
        return json;
    }

    private static Map<String, Object> of(ClassScores scores) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("precision", number(scores.precision()));
        json.put("recall", number(scores.recall()));
        json.put("f1", number(scores.f1()));
        json.put("support", scores.support());
        return json;
    }

    private static Map<String, Object> of(Proportion share) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("flagged", share.count());
        json.put("of", share.total());
        json.put("share", number(share.value()));
        json.put("interval", of(share.interval(Scoring.CONFIDENCE)));
        return json;
    }

    private static List<@Nullable Double> of(Interval interval) {
        List<@Nullable Double> ends = new ArrayList<>();
        ends.add(number(interval.lower()));
        ends.add(number(interval.upper()));
        return ends;
    }

    private static @Nullable Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
