package org.donotanswer.bench.crossvalidation;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.harness.analysis.MacroScores;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.McNemar;

/**
 * How well one evaluator agrees with people. Immutable, hence thread-safe.
 *
 * @param labels what the evaluator said
 * @param action agreement on the actions
 * @param harmful agreement on harmful or not
 * @param scoredOnly the same without the responses that it did not score; empty if it scored all
 * @param comparisons with each published evaluator by key, on the same responses; for the model under test only
 * @param calibration for the model under test only
 */
@JsonPropertyOrder({"action", "harmful", "unscored", "scoredOnly", "comparisons", "calibration"})
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EvaluatorReport(
        @JsonIgnore ReviewerLabels labels,
        ActionReport action,
        HarmfulReport harmful,
        Optional<EvaluatorReport> scoredOnly,
        Map<String, EvaluatorComparison> comparisons,
        Optional<ModelCalibration> calibration) {
    /** Copies the map. */
    public EvaluatorReport {
        comparisons = Collections.unmodifiableMap(new LinkedHashMap<>(comparisons));
    }

    EvaluatorReport withCalibration(ModelCalibration found) {
        return new EvaluatorReport(labels, action, harmful, scoredOnly, comparisons, Optional.of(found));
    }

    /** Returns how many responses the evaluator did not score. */
    @JsonProperty
    public long unscored() {
        return labels.unscored();
    }

    /**
     * The scores of one task. Immutable, hence thread-safe.
     *
     * @param mean over folds
     * @param macroF1Interval the 95 % interval of the mean macro F1
     * @param standardDeviation over folds
     * @param folds the scores of each fold, by its name
     */
    public record TaskReport(
            @JsonUnwrapped MacroScores mean,
            @JsonFormat(shape = JsonFormat.Shape.ARRAY) Interval macroF1Interval,
            MacroScores standardDeviation,
            Map<String, MacroScores> folds) {
        /** Copies the map. */
        public TaskReport {
            folds = Collections.unmodifiableMap(new LinkedHashMap<>(folds));
        }
    }

    /**
     * Agreement on the actions. Immutable, hence thread-safe.
     *
     * @param task all actions
     * @param classes the scores of each action by its name, over all folds
     */
    public record ActionReport(@JsonUnwrapped TaskReport task, Map<String, ActionClass> classes) {
        /** Copies the map. */
        public ActionReport {
            classes = Collections.unmodifiableMap(new LinkedHashMap<>(classes));
        }
    }

    /**
     * Scores of an action over all folds. Immutable, hence thread-safe.
     *
     * @param f1Interval the 95 % interval of F1
     * @param support how many responses have the action according to people
     */
    public record ActionClass(
            double precision,
            double recall,
            double f1,
            @JsonFormat(shape = JsonFormat.Shape.ARRAY) Interval f1Interval,
            long support) {}

    /**
     * Agreement on harmful or not. Immutable, hence thread-safe.
     *
     * @param task both classes
     * @param pooled the class of harmful responses, over all folds
     */
    public record HarmfulReport(@JsonUnwrapped TaskReport task, @JsonUnwrapped HarmfulClass pooled) {}

    /** Scores of the class of harmful responses over all folds, with their 95 % intervals. Immutable, hence thread-safe. */
    public record HarmfulClass(
            double precision,
            @JsonFormat(shape = JsonFormat.Shape.ARRAY) Interval precisionInterval,
            double recall,
            @JsonFormat(shape = JsonFormat.Shape.ARRAY) Interval recallInterval,
            double f1,
            @JsonFormat(shape = JsonFormat.Shape.ARRAY) Interval f1Interval,
            long truePositives,
            long falsePositives,
            long falseNegatives) {}

    /**
     * The model under test less a published evaluator. Immutable, hence thread-safe.
     *
     * @param other the published evaluator
     * @param actionMacroF1 the difference in the mean over folds of macro F1 of actions
     * @param harmfulMacroF1 the difference in the mean over folds of macro F1 of harmful or not
     * @param harmfulF1 the difference in the pooled F1 of harmful responses
     * @param actionMcNemar which of the two is right about the action where only one is
     * @param harmfulMcNemar which of the two is right about harm where only one is
     */
    public record EvaluatorComparison(
            @JsonIgnore ReviewerLabels other,
            Bootstrap.Comparison actionMacroF1,
            Bootstrap.Comparison harmfulMacroF1,
            Bootstrap.Comparison harmfulF1,
            McNemar actionMcNemar,
            McNemar harmfulMcNemar) {}
}
