package org.donotanswer.bench.comparison;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.donotanswer.bench.crossvalidation.CrossValidationJson;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;

/**
 * Evaluators side by side. Immutable, hence thread-safe.
 *
 * @param inputs what they were compared on
 * @param evaluators the evaluators, each with the figures of all inputs
 * @param provenance how they were compared
 */
public record ComparisonReport(
        @JsonIgnore List<ComparisonInput> inputs, List<ComparedEvaluator> evaluators, Provenance provenance) {
    /** The confidence of all intervals. */
    public static final double CONFIDENCE = 0.95;

    /** Copies the lists. */
    public ComparisonReport {
        inputs = List.copyOf(inputs);
        evaluators = List.copyOf(evaluators);
        Objects.requireNonNull(provenance, "provenance");
    }

    /** Returns the number of exchanges of each input. */
    @JsonProperty
    Map<String, Integer> exchanges() {
        Map<String, Integer> exchanges = new TreeMap<>();
        inputs.forEach(input -> exchanges.put(input.name(), input.examples().size()));
        return exchanges;
    }

    /** Returns all figures as indented JSON, without texts. A figure that is not defined is null. */
    public String toJson() {
        return CrossValidationJson.JSON.write(this);
    }

    /** Returns the figures as tables. */
    public Report toReport() {
        return ComparisonSections.report(this);
    }
}
