package org.donotanswer.bench.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.FigureJson;
import org.jspecify.annotations.Nullable;

/**
 * The JSON output of a benchmark. Immutable, hence thread-safe.
 *
 * @param figures a record, whose components are written first
 * @param jmh JMH's raw results; null if JMH did not run
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
