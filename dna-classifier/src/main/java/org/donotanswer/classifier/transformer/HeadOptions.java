package org.donotanswer.classifier.transformer;

import java.util.Collections;
import java.util.List;
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
     * Returns the heads of a checkpoint that are used.
     *
     * @param own how an exchange is fed to it by its configuration, or null
     * @param given how the caller feeds an exchange to it, or null for what suits the heads
     * @throws CheckpointException if neither the caller nor the configuration tells what the outputs mean, or there is no
     *     head of the caller's kind
     * @throws IllegalArgumentException if the given labels or format do not suit the checkpoint
     */
    CheckpointHeads heads(CheckpointConfig config, @Nullable InputFormat own, @Nullable InputFormat given)
            throws CheckpointException {
        List<CheckpointHead> declared = DeclaredHeads.read(config, config.labels());
        if (declared.isEmpty()) {
            return CheckpointHeads.of(required(mapping(config, given != null ? given : own), config));
        }
        if (!labels.isEmpty()) {
            throw new IllegalArgumentException("labels must not be given for a checkpoint with heads in config.json, "
                    + "which say what its outputs mean, but were " + labels + " (" + config.file() + ")");
        }
        return CheckpointHeads.of(declared, config, kind, own, given);
    }

    /** Returns the mapping if its head is of the caller's kind. */
    private LabelMapping required(LabelMapping mapping, CheckpointConfig config) throws CheckpointException {
        if (kind != null && mapping.kind() != kind) {
            throw new CheckpointException("kind of the head must be " + kind + ", but was " + mapping.kind() + " ("
                    + config.file().getParent() + ")");
        }
        return mapping;
    }

    private LabelMapping mapping(CheckpointConfig config, @Nullable InputFormat format) throws CheckpointException {
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
