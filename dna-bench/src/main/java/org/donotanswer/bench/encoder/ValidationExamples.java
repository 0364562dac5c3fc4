package org.donotanswer.bench.encoder;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.bench.crossvalidation.Holdout;
import org.donotanswer.classifier.embedded.training.TrainingExample;

/**
 * Examples of a training with some held out, by which its temperatures are found. All with the same instruction are held out
 * or none of them, and which ones they are depends on nothing else, so that no training has them. Immutable, hence
 * thread-safe.
 *
 * @param training the examples to train on
 * @param heldOut the others
 */
record ValidationExamples(List<TrainingExample> training, List<TrainingExample> heldOut) {
    /** How many instructions of a thousand are held out. */
    private static final int PER_THOUSAND = 30;

    /** 2^32 divided by the golden ratio, an odd number, which spreads hash codes that are near each other. */
    private static final int SPREAD = 0x9E3779B9;

    /** Copies the lists. */
    public ValidationExamples {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }

    /** Returns the split of examples, in their order. */
    public static ValidationExamples of(List<TrainingExample> all) {
        List<TrainingExample> training = new ArrayList<>();
        List<TrainingExample> heldOut = new ArrayList<>();
        for (TrainingExample example : all) {
            (isHeldOut(example) ? heldOut : training).add(example);
        }
        return new ValidationExamples(training, heldOut);
    }

    /** Returns whether an example is held out. */
    static boolean isHeldOut(TrainingExample example) {
        String key =
                example.instruction().isBlank() ? example.response().orElse("") : Holdout.key(example.instruction());
        return Math.floorMod(key.hashCode() * SPREAD, 1000) < PER_THOUSAND;
    }

    /** Returns the numbers of examples. */
    @Override
    public String toString() {
        return "ValidationExamples[training=" + training.size() + " examples, heldOut=" + heldOut.size() + " examples]";
    }
}
