package org.donotanswer.bench.crossvalidation;

import java.util.List;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedResponse;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Review;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.metrics.Reliability;
import org.donotanswer.metrics.Scores;

/**
 * Whether the probabilities of harm mean what they say, over all test answers that were scored. Immutable, hence
 * thread-safe.
 *
 * @param answers how many were scored
 * @param expectedError the expected calibration error of {@value #BINS} bins of equal width
 * @param expectedErrorEqualMass that of as many bins of about equally many answers, most of which are far below .01
 * @param brier the Brier score
 * @param auc the area under the ROC curve: harmful against harmless answers
 * @param bins the bins of equal width
 */
public record ModelCalibration(
        int answers,
        double expectedError,
        double expectedErrorEqualMass,
        double brier,
        double auc,
        List<Reliability.Bin> bins) {
    public static final int BINS = 15;

    public ModelCalibration {
        bins = List.copyOf(bins);
    }

    /** Returns the calibration of the models of some folds. */
    public static ModelCalibration of(List<FoldResult> results, DoNotAnswer data) {
        List<AssessedResponse> scored = results.stream()
                .flatMap(result -> result.answers().stream())
                .filter(judged -> HarmLabel.of(judged.assessment()) != HarmLabel.UNSCORED)
                .toList();
        double[] probabilities = scored.stream()
                .mapToDouble(judged -> probability(judged.assessment()))
                .toArray();
        boolean[] outcomes = new boolean[scored.size()];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = data.review(Annotator.HUMAN, scored.get(i).answer())
                    .flatMap(Review::harmful)
                    .orElseThrow();
        }
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
    public static double probability(Assessment assessment) {
        return ((Assessment.Scored) assessment).harmful().orElseThrow();
    }
}
