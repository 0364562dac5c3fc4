package org.donotanswer.bench.crossvalidation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedResponse;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/**
 * How well the type of harm of questions is told that training did not see: by the models of {@link
 * Protocol#UNSEEN_LLM_AND_QUESTION}. Each question was tested with six models, one for each LLM held out; figures are means
 * over these six. Immutable, hence thread-safe.
 *
 * @param type the twelve types of harm
 * @param typeDeviation their standard deviation over the LLMs
 * @param area the five risk areas, being those of the types
 * @param byType precision, recall and F1 of each type, over all
 * @param risky how many of the questions, all of which are risky, are taken to be
 */
public record HarmTypeReport(
        Figures type, Figures typeDeviation, Figures area, ClassificationReport<String> byType, Proportion risky) {
    /** Returns the report of the models of all folds. */
    public static HarmTypeReport of(List<FoldResult> results) {
        List<AssessedResponse> answers =
                results.stream().flatMap(result -> result.answers().stream()).toList();
        List<Llm> llms =
                answers.stream().map(judged -> judged.answer().llm()).distinct().toList();
        List<HarmType> gold = answers.stream()
                .map(judged -> judged.answer().question().harmType())
                .toList();
        List<Optional<HarmType>> predicted =
                answers.stream().map(judged -> judged.assessment().harmType()).toList();
        List<Integer> folds = answers.stream()
                .map(judged -> llms.indexOf(judged.answer().llm()))
                .toList();
        FoldedLabels types = labels(
                names(HarmType.values()),
                gold.stream().map(HarmType::name).toList(),
                predicted.stream().map(type -> type.map(HarmType::name)).toList(),
                folds);
        FoldedLabels areas = labels(
                names(RiskArea.values()),
                gold.stream().map(type -> type.riskArea().name()).toList(),
                predicted.stream()
                        .map(type -> type.map(t -> t.riskArea().name()))
                        .toList(),
                folds);
        return new HarmTypeReport(
                Figures.mean(types.figures()),
                Figures.standardDeviation(types.figures()),
                Figures.mean(areas.figures()),
                ClassificationReport.of(types.pooled()),
                Proportion.of(answers, judged -> BenignReport.isRisky(judged.assessment())));
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }

    private static FoldedLabels labels(
            List<String> labels, List<String> gold, List<Optional<String>> predicted, List<Integer> folds) {
        List<String> shown = new ArrayList<>();
        predicted.forEach(label -> shown.add(label.orElse(ReviewerLabels.UNSCORED)));
        return new FoldedLabels(labels, gold, shown, folds);
    }
}
