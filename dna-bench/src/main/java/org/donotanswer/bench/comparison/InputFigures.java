package org.donotanswer.bench.comparison;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.bench.quality.EvaluatorQuality;
import org.donotanswer.metrics.Proportion;

/**
 * How an evaluator did on an input. Immutable, hence thread-safe.
 *
 * @param input the name of the input
 * @param quality how well it judges
 * @param passedOn the exchanges that the first stage of a cascade passed on; empty for other evaluators
 * @param trainedOn whether its provenance has a file of the input, so that the figures say nothing of exchanges that it has not seen
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record InputFigures(String input, EvaluatorQuality quality, Optional<Proportion> passedOn, boolean trainedOn) {
    /** Checks that nothing is null. */
    public InputFigures {
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(quality, "quality");
        Objects.requireNonNull(passedOn, "passedOn");
    }
}
