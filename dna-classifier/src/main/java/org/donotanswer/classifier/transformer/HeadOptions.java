package org.donotanswer.classifier.transformer;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.donotanswer.classifier.weights.CheckpointException;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says about the head of a checkpoint. Immutable, hence thread-safe.
 *
 * @param kind what it predicts, or null if the checkpoint has to tell
 * @param labels what outputs mean, by their numbers or their names in the configuration; empty if the checkpoint has to
 *     tell
 */
record HeadOptions(@Nullable HeadKind kind, Map<String, String> labels) {
    HeadOptions {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /**
     * Returns the given labels by output.
     *
     * @throws IllegalArgumentException if they are for outputs that the checkpoint lacks
     */
    Map<Integer, String> labels(Map<Integer, String> id2label) {
        return GivenLabels.byOutput(labels, id2label);
    }

    /**
     * Returns the meaning of a checkpoint's outputs.
     *
     * @param format how an exchange is fed to it, or null for what suits the head
     * @throws CheckpointException if neither the caller nor the configuration tells what they mean
     * @throws IllegalArgumentException if the given labels do not suit the checkpoint
     */
    LabelMapping mapping(CheckpointConfig config, @Nullable InputFormat format) throws CheckpointException {
        Map<Integer, String> id2label = config.labels();
        LabelMapping.Builder mapping = LabelMapping.builder(id2label.size())
                .id2label(id2label)
                .problemType(config.optionalText("problem_type").orElse(null))
                .expected(kind)
                .inputFormat(format);
        if (!labels.isEmpty()) {
            mapping.labels(labels(id2label));
        }
        return mapping.build();
    }
}
