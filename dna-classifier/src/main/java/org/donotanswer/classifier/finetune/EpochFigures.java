package org.donotanswer.classifier.finetune;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.donotanswer.classifier.transformer.HeadKind;

/**
 * How good a classifier is after an epoch. Immutable, hence thread-safe.
 *
 * @param epoch the number of the epoch, from 1
 * @param trainingLoss the mean loss of the epoch's steps
 * @param heads by head, the figures on the examples held out that have its label; empty if none are held out
 */
public record EpochFigures(int epoch, double trainingLoss, Map<HeadKind, HeadFigures> heads) {
    /** Copies the map. */
    public EpochFigures {
        Map<HeadKind, HeadFigures> copy = new EnumMap<>(HeadKind.class);
        copy.putAll(heads);
        heads = Collections.unmodifiableMap(copy);
    }

    /**
     * The figures of one head.
     *
     * @param examples the number of examples
     * @param logLoss the mean cross entropy with the targets
     * @param accuracy the share whose most probable label is that of the target
     * @param macroF1 the mean over the labels that occur, gold or predicted, of F1
     */
    public record HeadFigures(long examples, double logLoss, double accuracy, double macroF1) {}

    /** Returns the mean log loss over heads, by which epochs are compared; NaN if no examples are held out. */
    public double score() {
        return heads.values().stream()
                .mapToDouble(HeadFigures::logLoss)
                .average()
                .orElse(Double.NaN);
    }
}
