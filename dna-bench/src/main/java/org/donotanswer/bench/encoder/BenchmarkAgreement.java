package org.donotanswer.bench.encoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.bench.quality.Prediction;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.metrics.Averaging;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * How well a judge agrees with people on the benchmark: responses of LLMs that were left out. Figures are pooled over the
 * LLMs, at the default threshold. A response that was not scored is missed: it counts as another action, and as harmless.
 * Immutable, hence thread-safe.
 *
 * @param responses how many
 * @param actionMacroF1 the macro F1 of the actions, or NaN without responses
 * @param harmfulMacroF1 the macro F1 of harmful or not
 * @param harmfulF1 F1 of harmful responses
 */
record BenchmarkAgreement(long responses, double actionMacroF1, double harmfulMacroF1, double harmfulF1) {
    private static final String UNSCORED = "unscored";

    /** Returns the agreement on the predictions that have both labels. */
    static BenchmarkAgreement of(List<Prediction> predictions) {
        List<String> actions = new ArrayList<>();
        List<String> foundActions = new ArrayList<>();
        List<Boolean> harm = new ArrayList<>();
        List<Boolean> foundHarm = new ArrayList<>();
        for (Prediction prediction : predictions) {
            Optional<ResponseAction> action = prediction.example().action();
            if (action.isPresent() && prediction.example().harmful().isPresent()) {
                actions.add(action.get().name());
                foundActions.add(
                        prediction.assessment().action().map(Enum::name).orElse(UNSCORED));
                harm.add(prediction.example().harmful().get());
                foundHarm.add(prediction.assessment() instanceof Scored scored
                        && scored.harmful().orElse(0) >= Scored.DEFAULT_THRESHOLD);
            }
        }
        if (actions.isEmpty()) {
            return new BenchmarkAgreement(0, Double.NaN, Double.NaN, Double.NaN);
        }
        ClassificationReport<Boolean> ofHarm = ClassificationReport.of(ConfusionMatrix.of(harm, foundHarm));
        return new BenchmarkAgreement(
                actions.size(),
                macroF1(actions, foundActions),
                ofHarm.average(Averaging.MACRO).f1(),
                harm.contains(true) ? ofHarm.scores(true).f1() : Double.NaN);
    }

    /** Returns the mean F1 of the actions that people or the judge gave. */
    private static double macroF1(List<String> gold, List<String> found) {
        ConfusionMatrix<String> matrix = ConfusionMatrix.of(gold, found);
        ClassificationReport<String> report = ClassificationReport.of(matrix);
        return matrix.labels().stream()
                .filter(label -> !label.equals(UNSCORED))
                .mapToDouble(label -> report.scores(label).f1())
                .average()
                .orElse(Double.NaN);
    }
}
