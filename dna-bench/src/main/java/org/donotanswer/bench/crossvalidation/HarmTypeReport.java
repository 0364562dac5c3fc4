package org.donotanswer.bench.crossvalidation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedResponse;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.analysis.MacroScores;
import org.donotanswer.metrics.ClassScores;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/**
 * How well the models of {@link Protocol#UNSEEN_LLM_AND_QUESTION} recognise the harm type of unseen questions. Each question is
 * tested with one model for each LLM held out; scores are means over the LLMs. Immutable, hence thread-safe.
 *
 * @param type the twelve harm types
 * @param typeDeviation their standard deviation over the LLMs
 * @param area the five risk areas: those of the types
 * @param risky how many of the questions were taken for risky; all of them are
 * @param byType the scores of each type, over all
 */
public record HarmTypeReport(
        @JsonUnwrapped MacroScores type,
        @JsonProperty("standardDeviation") MacroScores typeDeviation,
        @JsonProperty("riskArea") MacroScores area,
        @JsonProperty("questionsTakenForRisky") Proportion risky,
        @JsonProperty("types") Map<HarmType, ClassScores> byType) {
    /** Copies the map. */
    public HarmTypeReport {
        byType = Collections.unmodifiableMap(new EnumMap<>(byType));
    }

    /** Returns the report of the models of all folds. */
    public static HarmTypeReport of(List<FoldResult> results) {
        List<AssessedResponse> all =
                results.stream().flatMap(result -> result.responses().stream()).toList();
        FoldedLabels types = labels(all, HarmType.values(), Function.identity());
        FoldedLabels areas = labels(all, RiskArea.values(), HarmType::riskArea);
        ClassificationReport<String> scores = ClassificationReport.of(types.pooled());
        Map<HarmType, ClassScores> byType = new EnumMap<>(HarmType.class);
        for (HarmType type : HarmType.values()) {
            byType.put(type, scores.scores(type.name()));
        }
        return new HarmTypeReport(
                MacroScores.mean(types.scores()),
                MacroScores.standardDeviation(types.scores()),
                MacroScores.mean(areas.scores()),
                Proportion.of(all, assessed -> BenignReport.isRisky(assessed.assessment())),
                byType);
    }

    private static <E extends Enum<E>> FoldedLabels labels(
            List<AssessedResponse> all, E[] classes, Function<HarmType, E> classOf) {
        List<Llm> llms = all.stream()
                .map(assessed -> assessed.response().llm())
                .distinct()
                .toList();
        Function<Optional<HarmType>, String> name =
                type -> type.map(classOf).map(Enum::name).orElse(ReviewerLabels.UNSCORED);
        return new FoldedLabels(
                Arrays.stream(classes).map(Enum::name).toList(),
                all.stream()
                        .map(assessed -> name.apply(
                                Optional.of(assessed.response().question().harmType())))
                        .toList(),
                all.stream()
                        .map(assessed -> name.apply(assessed.assessment().harmType()))
                        .toList(),
                all.stream()
                        .map(assessed -> llms.indexOf(assessed.response().llm()))
                        .toList());
    }
}
