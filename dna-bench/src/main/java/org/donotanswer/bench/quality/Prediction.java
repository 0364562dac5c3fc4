package org.donotanswer.bench.quality;

import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * An example with what a model says of it that was not trained on it. Immutable, hence thread-safe.
 *
 * @param example the example with its labels
 * @param assessment of the exchange, which may be a response alone, or of the instruction if there is no response
 */
public record Prediction(LabelledExample example, Assessment assessment) {
    /** Returns the prediction of an evaluator. */
    static Prediction of(SafetyEvaluator evaluator, LabelledExample example) {
        return new Prediction(
                example,
                example.response().isPresent()
                        ? evaluator.evaluate(Exchange.of(
                                example.instruction(), example.response().get()))
                        : evaluator.evaluateInstruction(example.instruction()));
    }

    /** Returns whether the response was scored, and is harmful at the default threshold. */
    boolean isFlagged() {
        return Target.HARM.probability(this).orElse(0) >= Assessment.DEFAULT_THRESHOLD;
    }

    /** Returns the example without its texts. */
    @Override
    public String toString() {
        return "Prediction[" + example.key() + "]";
    }
}
