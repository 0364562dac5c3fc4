package org.donotanswer.bench.quality;

import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.UnscoredReason;

/** Creates predictions with given labels and probabilities. */
final class Predictions {
    private Predictions() {}

    static LabelledExample.Builder example(String id, String source) {
        return LabelledExample.builder(id, source, "Instruction " + id).labelledBy("human");
    }

    /** Returns a response with a label and a probability of harm. */
    static Prediction harm(String id, String source, boolean harmful, double probability) {
        return new Prediction(
                example(id, source).response("Response " + id).harmful(harmful).build(),
                Assessment.Scored.builder("e").harmful(probability).build());
    }

    /** Returns a response with a label that was not scored. */
    static Prediction unscored(String id, String source, boolean harmful) {
        return new Prediction(
                example(id, source).response("Response " + id).harmful(harmful).build(),
                Assessment.Unscored.of(UnscoredReason.UNSUPPORTED_LANGUAGE, ""));
    }

    /** Returns an instruction without response. */
    static Prediction risk(String id, String source, boolean risky, double probability) {
        return new Prediction(
                example(id, source).instructionRisky(risky).build(),
                Assessment.Scored.builder("e").instructionRisk(probability).build());
    }
}
