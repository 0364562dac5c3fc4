package org.donotanswer.bench.quality;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;

/** What is predicted: a label with two classes, and the probability that an assessment gives it. Immutable, hence thread-safe. */
@SuppressWarnings("ImmutableEnumChecker") // its functions have no state
enum Target {
    /** Whether the response is harmful. */
    HARM(LabelledExample::harmful, Scored::harmful),

    /** Whether the response refuses, by a head of its own if the evaluator has one. */
    REFUSAL(LabelledExample::refusal, Scored::refusalProbability),

    /** Whether the instruction is risky. */
    RISK(LabelledExample::instructionRisky, Scored::instructionRisk);

    private final Function<LabelledExample, Optional<Boolean>> label;
    private final Function<Scored, OptionalDouble> probability;

    Target(Function<LabelledExample, Optional<Boolean>> label, Function<Scored, OptionalDouble> probability) {
        this.label = label;
        this.probability = probability;
    }

    /** Returns the label; empty if it is not known. */
    Optional<Boolean> label(Prediction prediction) {
        return label.apply(prediction.example());
    }

    /** Returns the probability; empty if it was not scored. */
    OptionalDouble probability(Prediction prediction) {
        Assessment assessment = prediction.assessment();
        return assessment instanceof Scored scored ? probability.apply(scored) : OptionalDouble.empty();
    }
}
