package org.donotanswer.bench.comparison;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.bench.speed.FreshJvmFigures;

/**
 * An evaluator with all of its figures. Immutable, hence thread-safe.
 *
 * @param name what tables call it
 * @param version its name with its version, as assessments have it
 * @param requirements what an application needs for it
 * @param jvm its speed and memory; empty if they were not measured
 * @param inputs how it did on each input, in the order of the inputs
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ComparedEvaluator(
        String name,
        String version,
        Requirements requirements,
        Optional<FreshJvmFigures> jvm,
        List<InputFigures> inputs) {
    /** Copies the list. */
    public ComparedEvaluator {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(requirements, "requirements");
        Objects.requireNonNull(jvm, "jvm");
        inputs = List.copyOf(inputs);
    }
}
