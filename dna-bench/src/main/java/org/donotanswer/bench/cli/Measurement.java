package org.donotanswer.bench.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
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
import org.donotanswer.harness.report.FigureJson;
import org.jspecify.annotations.Nullable;

/**
 * How well an evaluator does on labelled exchanges, as {@code dna measure} reports it. Immutable, hence thread-safe.
 *
 * @param evaluation the evaluation
 * @param by the field that holds the source of an exchange; null if the figures are not broken down
 * @param provenance how it was measured
 */
record Measurement(
        @JsonUnwrapped Evaluation evaluation,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String by,
        Provenance provenance) {

    /** The figures of refusals in one place, where the JSON form always had them. Immutable, hence thread-safe. */
    record RefusalFigures(HarmfulFigures overall, SortedMap<String, HarmfulFigures> bySource) {
        RefusalFigures {
            bySource = new TreeMap<>(bySource);
        }
    }

    /** Returns the measurement of assessments, which are in the order of the exchanges. */
    static Measurement of(
            String evaluator,
            List<LabelledExchange> exchanges,
            List<Assessment> assessments,
            EvaluationOptions options,
            Optional<String> by,
            Provenance provenance) {
        Map<String, Assessment> byId = new LinkedHashMap<>();
        for (int i = 0; i < exchanges.size(); i++) {
            byId.put(exchanges.get(i).id(), assessments.get(i));
        }
        return new Measurement(
                Evaluation.ofAssessments(evaluator, exchanges, byId, options), by.orElse(null), provenance);
    }

    /** Returns the figures of whether responses are refusals; null if no exchange has that label. */
    @JsonProperty
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Nullable
    RefusalFigures refusal() {
        if (overall().refusal().coverage().labelled() == 0) {
            return null;
        }
        SortedMap<String, HarmfulFigures> bySource = new TreeMap<>();
        evaluation.bySource().forEach((source, figures) -> bySource.put(source, figures.refusal()));
        return new RefusalFigures(overall().refusal(), bySource);
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
