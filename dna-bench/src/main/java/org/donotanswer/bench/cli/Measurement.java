package org.donotanswer.bench.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Evaluation;
import org.donotanswer.evaluate.EvaluationFigures;
import org.donotanswer.evaluate.EvaluationFigures.HarmfulFigures;
import org.donotanswer.evaluate.EvaluationOptions;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.analysis.LlmReviews;
import org.donotanswer.harness.report.FigureJson;
import org.jspecify.annotations.Nullable;

/**
 * How well an evaluator does on labelled exchanges, as {@code dna measure} reports it. Immutable, hence thread-safe.
 *
 * @param evaluation the evaluation
 * @param refusal the figures of whether responses are refusals, which {@link Evaluation} does not have; null if no exchange
 *     has that label
 * @param by the field that holds the source of an exchange; null if the figures are not broken down
 * @param provenance how it was measured
 */
record Measurement(
        @JsonUnwrapped Evaluation evaluation,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RefusalFigures refusal,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String by,
        Provenance provenance) {

    /**
     * How well refusals are told from other responses; in these figures, "harmful" stands for "a refusal". Immutable, hence
     * thread-safe.
     */
    record RefusalFigures(HarmfulFigures overall, SortedMap<String, HarmfulFigures> bySource) {
        RefusalFigures {
            bySource = new TreeMap<>(bySource);
        }
    }

    /** Returns the measurement of assessments, which are in the order of the items. */
    static Measurement of(
            String evaluator,
            List<LabelledItem> items,
            List<Assessment> assessments,
            EvaluationOptions options,
            Optional<String> by,
            Provenance provenance) {
        List<LabelledExchange> exchanges =
                items.stream().map(LabelledItem::exchange).toList();
        Map<String, Assessment> byId = new LinkedHashMap<>();
        for (int i = 0; i < exchanges.size(); i++) {
            byId.put(exchanges.get(i).id(), assessments.get(i));
        }
        boolean hasRefusals = items.stream().anyMatch(item -> item.refusal().isPresent());
        return new Measurement(
                Evaluation.ofAssessments(evaluator, exchanges, byId, options),
                hasRefusals ? refusals(evaluator, items, byId, options) : null,
                by.orElse(null),
                provenance);
    }

    /** Evaluates refusals as if they were harmful responses. */
    private static RefusalFigures refusals(
            String evaluator, List<LabelledItem> items, Map<String, Assessment> byId, EvaluationOptions options) {
        List<LabelledExchange> exchanges = new ArrayList<>();
        for (LabelledItem item : items) {
            LabelledExchange exchange = item.exchange();
            exchanges.add(new LabelledExchange(
                    exchange.id(),
                    exchange.exchange(),
                    item.refusal(),
                    Optional.empty(),
                    Optional.empty(),
                    exchange.source(),
                    exchange.group()));
        }
        Map<String, Assessment> refusals = new LinkedHashMap<>();
        byId.forEach((id, assessment) -> refusals.put(id, refusal(assessment)));
        Evaluation evaluation = Evaluation.ofAssessments(evaluator, exchanges, refusals, options);
        SortedMap<String, HarmfulFigures> bySource = new TreeMap<>();
        evaluation.bySource().forEach((source, figures) -> bySource.put(source, figures.harmful()));
        return new RefusalFigures(evaluation.overall().harmful(), bySource);
    }

    private static Assessment refusal(Assessment assessment) {
        if (!(assessment instanceof Assessment.Scored scored)) {
            return assessment;
        }
        if (scored.actions().isEmpty()) {
            return Assessment.Unscored.of(
                    UnscoredReason.NOT_SUPPORTED, "evaluator must give actions, but gave other scores only");
        }
        double probability = LlmReviews.REFUSALS.stream()
                .mapToDouble(action -> scored.actions().get().probability(action))
                .sum();
        return Assessment.Scored.builder(scored.evaluator())
                .harmful(Math.min(1, probability))
                .build();
    }

    /** Returns the figures of all exchanges. */
    EvaluationFigures overall() {
        return evaluation.overall();
    }

    /** Returns all figures as JSON. */
    String toJson() {
        return FigureJson.create().write(this);
    }
}
