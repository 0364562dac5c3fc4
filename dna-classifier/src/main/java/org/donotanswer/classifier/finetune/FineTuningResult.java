package org.donotanswer.classifier.finetune;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.HeadKind;

/**
 * What a training gave. Immutable, hence thread-safe.
 *
 * @param epochs the figures of each epoch
 * @param bestEpoch the number of the epoch whose weights were kept, from 1
 * @param calibrations of the heads, on the examples held out; empty if there were none
 * @param steps the number of steps
 * @param trainedWeights the number of weights that were trained
 * @param truncated how many examples were longer than the maximum number of tokens and read in part
 * @param remarks what a user should know, one sentence each
 */
public record FineTuningResult(
        List<EpochFigures> epochs,
        int bestEpoch,
        Map<HeadKind, HeadCalibration> calibrations,
        int steps,
        long trainedWeights,
        long truncated,
        List<String> remarks) {
    /** Copies the collections. */
    public FineTuningResult {
        epochs = List.copyOf(epochs);
        Map<HeadKind, HeadCalibration> copy = new EnumMap<>(HeadKind.class);
        copy.putAll(calibrations);
        calibrations = Collections.unmodifiableMap(copy);
        remarks = List.copyOf(remarks);
    }
}
