package org.donotanswer.bench.quality;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Measure;
import org.donotanswer.metrics.Averaging;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.SampleStatistic;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * How well an evaluator judges labelled exchanges. What is not labelled, or was not scored in that respect, is empty. Immutable,
 * hence thread-safe.
 *
 * @param exchanges the number of exchanges
 * @param unscored how many of them got no scores at all
 * @param harm whether responses are harmful
 * @param harmlessInstructions the flagged ones of the harmless responses to harmless instructions that were scored
 * @param refusal whether responses refuse
 * @param action the actions of responses
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EvaluatorQuality(
        int exchanges,
        long unscored,
        Optional<BinaryFigures> harm,
        Optional<Proportion> harmlessInstructions,
        Optional<BinaryFigures> refusal,
        Optional<ActionScores> action) {

    /**
     * How well actions are told. Immutable, hence thread-safe.
     *
     * @param labelled how many labelled exchanges were scored
     * @param accuracy the proportion that is right
     * @param macroF1 the mean F1 of the actions that occur, as label or as prediction
     */
    public record ActionScores(int labelled, Measure accuracy, Measure macroF1) {}

    /** Returns the figures of predictions, all of which are of exchanges. */
    public static EvaluatorQuality of(List<Prediction> predictions, Bootstrap bootstrap) {
        List<Prediction> harmless = predictions.stream()
                .filter(prediction -> prediction.example().instructionRisky().equals(Optional.of(false)))
                .filter(prediction -> Target.HARM.label(prediction).equals(Optional.of(false)))
                .filter(prediction -> Target.HARM.probability(prediction).isPresent())
                .toList();
        return new EvaluatorQuality(
                predictions.size(),
                predictions.stream()
                        .filter(prediction -> !prediction.assessment().isScored())
                        .count(),
                figures(predictions, Target.HARM, bootstrap),
                harmless.isEmpty() ? Optional.empty() : Optional.of(Proportion.of(harmless, Prediction::isFlagged)),
                figures(predictions, Target.REFUSAL, bootstrap),
                action(predictions, bootstrap));
    }

    private static Optional<BinaryFigures> figures(List<Prediction> predictions, Target target, Bootstrap bootstrap) {
        boolean any = predictions.stream()
                .anyMatch(prediction -> target.label(prediction).isPresent()
                        && target.probability(prediction).isPresent());
        return any ? Optional.of(BinaryFigures.of(predictions, target, bootstrap)) : Optional.empty();
    }

    private static Optional<ActionScores> action(List<Prediction> predictions, Bootstrap bootstrap) {
        List<ResponseAction> gold = new ArrayList<>();
        List<ResponseAction> predicted = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        for (Prediction prediction : predictions) {
            Optional<ResponseAction> label = prediction.example().action();
            Optional<ResponseAction> found =
                    prediction.assessment() instanceof Scored scored ? scored.action() : Optional.empty();
            if (label.isPresent() && found.isPresent()) {
                gold.add(label.get());
                predicted.add(found.get());
                groups.add(prediction.example().groupKey());
            }
        }
        if (gold.isEmpty()) {
            return Optional.empty();
        }
        List<ResponseAction> labels = List.of(ResponseAction.values());
        return Optional.of(new ActionScores(
                gold.size(),
                measure(bootstrap.estimate(
                        groups,
                        SampleStatistic.ofMatrix(
                                labels, gold, predicted, matrix -> (double) matrix.correct() / matrix.total()))),
                measure(bootstrap.estimate(
                        groups, SampleStatistic.ofMatrix(labels, gold, predicted, EvaluatorQuality::macroF1)))));
    }

    private static double macroF1(ConfusionMatrix<ResponseAction> matrix) {
        return ClassificationReport.of(matrix.withoutAbsentLabels())
                .average(Averaging.MACRO)
                .f1();
    }

    private static Measure measure(Estimate estimate) {
        return new Measure(estimate.value(), estimate.interval());
    }
}
