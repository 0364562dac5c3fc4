package org.donotanswer.bench.encoder;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an encoder judge is trained with. Immutable, hence thread-safe.
 *
 * @param share the factor of the passes of all sources in the training on all of them
 * @param foldShare the same in the trainings that leave sources out, which may be shorter: the second stage needs the logits of
 *     many examples, not the best ones
 * @param continuedShares the same in the passes with which the training on all goes on, one after the other; may be empty
 * @param folds the folds that are trained, each from 0 to {@link LeftOut#FOLDS} - 1, at least one
 * @param testLimit how many examples of each source that is left out are judged at most; of the benchmark, all are
 * @param seed of all that is drawn by chance
 */
public record EncoderPlan(
        double share, double foldShare, List<Double> continuedShares, List<Integer> folds, int testLimit, long seed) {
    /**
     * Copies the lists and checks the values.
     *
     * @throws IllegalArgumentException if a share, a fold or the limit is out of range, or a fold is named twice
     */
    public EncoderPlan {
        folds = List.copyOf(folds);
        requireShare("share", share);
        requireShare("foldShare", foldShare);
        continuedShares = List.copyOf(continuedShares);
        continuedShares.forEach(continued -> requireShare("continuedShare", continued));
        if (testLimit < 1) {
            throw new IllegalArgumentException("testLimit must be at least 1, but was " + testLimit);
        }
        if (folds.isEmpty() || folds.stream().distinct().count() < folds.size()) {
            throw new IllegalArgumentException("folds must be named once each, but were " + folds);
        }
        for (int fold : folds) {
            if (fold < 0 || fold >= LeftOut.FOLDS) {
                throw new IllegalArgumentException("fold must be 0 to " + (LeftOut.FOLDS - 1) + ", but was " + fold);
            }
        }
    }

    private static void requireShare(String name, double share) {
        if (!(share > 0 && share <= TrainingMix.MAX_SHARE)) {
            throw new IllegalArgumentException(
                    name + " must be above 0 and at most " + TrainingMix.MAX_SHARE + ", but was " + share);
        }
    }

    /** Returns the settings by name, without the folds, which may be trained one after the other. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("share", String.valueOf(share));
        settings.put("foldShare", String.valueOf(foldShare));
        settings.put("continuedShares", String.valueOf(continuedShares));
        settings.put("testLimit", String.valueOf(testLimit));
        settings.put("seed", String.valueOf(seed));
        settings.put("options", EncoderRecipe.options(seed).toString());
        settings.put("continuedOptions", EncoderRecipe.continuedOptions(seed).toString());
        return settings;
    }
}
