package org.donotanswer.bench.crossvalidation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.primitives.Booleans;
import com.google.common.primitives.Doubles;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedResponse;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Review;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.metrics.Reliability;
import org.donotanswer.metrics.Scores;

/**
 * How well a model's probabilities of harm are calibrated, over all test responses that were scored. Immutable, hence
 * thread-safe.
 *
 * @param answers how many responses were scored
 * @param expectedError the expected calibration error of {@value #BINS} bins of equal width
 * @param expectedErrorEqualMass that of as many bins of about equally many responses, most of which are far below 0.01
 * @param brier the Brier score
 * @param auc the area under the ROC curve: harmful against harmless responses
 * @param bins the bins of equal width
 */
public record ModelCalibration(
        int answers,
        @JsonProperty("expectedCalibrationError") double expectedError,
        @JsonProperty("expectedCalibrationErrorEqualMass") double expectedErrorEqualMass,
        double brier,
        double auc,
        List<Reliability.Bin> bins) {
    /** How many bins the probabilities are put in. */
    public static final int BINS = 15;

    /** Copies the list. */
    public ModelCalibration {
        bins = List.copyOf(bins);
    }

    /** Returns the calibration of the models of some folds. */
    public static ModelCalibration of(List<FoldResult> results, DoNotAnswer data) {
        List<Double> scores = new ArrayList<>();
        List<Boolean> harmful = new ArrayList<>();
        for (FoldResult result : results) {
            for (AssessedResponse assessed : result.responses()) {
                if (HarmLabel.of(assessed.assessment()) != HarmLabel.UNSCORED) {
                    scores.add(probability(assessed.assessment()));
                    harmful.add(data.review(Annotator.HUMAN, assessed.response())
                            .flatMap(Review::harmful)
                            .orElseThrow());
                }
            }
        }
        double[] probabilities = Doubles.toArray(scores);
        boolean[] outcomes = Booleans.toArray(harmful);
        Reliability width = Reliability.of(probabilities, outcomes, BINS, Reliability.Binning.EQUAL_WIDTH);
        Reliability mass = Reliability.of(probabilities, outcomes, BINS, Reliability.Binning.EQUAL_MASS);
        return new ModelCalibration(
                outcomes.length,
                width.expectedCalibrationError(),
                mass.expectedCalibrationError(),
                Scores.brier(probabilities, outcomes),
                Scores.rocAuc(probabilities, outcomes),
                width.bins());
    }

    /** Returns the probability of harm of an assessment that has one. */
    static double probability(Assessment assessment) {
        return ((Assessment.Scored) assessment).harmful().orElseThrow();
    }
}
