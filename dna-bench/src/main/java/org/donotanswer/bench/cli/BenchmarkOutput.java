package org.donotanswer.bench.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.FigureJson;
import org.jspecify.annotations.Nullable;

/**
 * What a benchmark writes as JSON.
 *
 * @param figures a record, whose components come first
 * @param jmh what JMH reports of its runs; null if JMH did not run
 */
record BenchmarkOutput(
        @JsonUnwrapped Object figures,
        Provenance provenance,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode jmh) {
    /** Returns indented JSON. */
    String toJson() {
        return FigureJson.create().write(this);
    }
}
