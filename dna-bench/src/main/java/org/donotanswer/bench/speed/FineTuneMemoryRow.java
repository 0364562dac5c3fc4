package org.donotanswer.bench.speed;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * The resident memory of the process while a classifier is trained on sequences of varying lengths. Sizes that the system
 * does not report are NaN, and absent from JSON. Immutable, hence thread-safe.
 *
 * @param steps the number of steps
 * @param earlySteps the number of steps after which the memory is first read
 * @param earlyMegabytes the resident memory then
 * @param lastMegabytes the resident memory after all steps
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"model", "steps", "earlySteps", "earlyMegabytes", "lastMegabytes", "growthMegabytes"})
record FineTuneMemoryRow(
        @JsonIgnore FineTuneModel model, int steps, int earlySteps, double earlyMegabytes, double lastMegabytes) {
    @JsonProperty("model")
    String modelLabel() {
        return model.label();
    }

    @JsonProperty
    double growthMegabytes() {
        return lastMegabytes - earlyMegabytes;
    }
}
