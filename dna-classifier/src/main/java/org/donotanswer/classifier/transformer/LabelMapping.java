package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of the outputs of a checkpoint with one classification head. Immutable, hence thread-safe.
 *
 * <p>A head has any number of outputs. What they mean comes from the caller's labels, or else from the names in {@code
 * id2label} where they tell (see {@link LabelMeaning}): kinds of harm against their absence ({@link EventHead}), refusals
 * against other responses, or the names of the {@link ResponseAction actions} ({@link ActionHead}). If exactly one output is
 * harmless, all others count as harmful. Outputs for mentions of groups of people, beside toxicity, are not counted. If
 * the names do not tell, or are of another task, the checkpoint is refused.
 *
 * <p>Bare labels, {@code LABEL_n} or {@code n}, do not tell. They are read in these cases only:
 *
 * <ul>
 *   <li>1 output: harmful, if the caller says that the head predicts harm;
 *   <li>2 outputs: {@code LABEL_0} is harmless and {@code LABEL_1} harmful, as in {@code LibrAI/longformer-harmful-ro};
 *   <li>6 outputs, if the caller says that the head predicts actions: {@code LABEL_n} is the action with code n in the
 *       human reviews;
 *   <li>7 outputs, in the same case: the same, and {@code LABEL_6} is unused. {@code LibrAI/longformer-action-ro} was
 *       trained with room for seven classes on data with the codes 0 to 5. A checkpoint trained on the GPT-4 reviews' own
 *       seven codes cannot be distinguished from it, so its user has to name the labels.
 * </ul>
 *
 * <p>As in the reference's pipelines, one output is converted by a sigmoid, and several by a softmax or, with the {@code
 * problem_type} {@code multi_label_classification}, by a sigmoid each. The outputs of a regression are no probabilities;
 * they are read, by sigmoids, only if the caller names the labels.
 *
 * <p>A configuration with {@code heads} is read by {@link DeclaredHeads} instead.
 */
final class LabelMapping {
    private static final String MULTI_LABEL = "multi_label_classification";
    private static final String SINGLE_LABEL = "single_label_classification";
    private static final String REGRESSION = "regression";
    private static final String CONFIG = "config.json";

    private final CheckpointHead head;
    private final InputFormat inputFormat;

    private LabelMapping(Builder builder) throws CheckpointException {
        int outputs = builder.outputs;
        HeadKind kind;
        HeadRule rule;
        Map<Integer, String> given = builder.labels;
        boolean independent = isIndependent(outputs, builder.problemType, given != null);
        if (given == null) {
            try {
                List<String> labels = HeadLabels.inOrder(builder.id2label, outputs, CONFIG);
                HeadKind found = HeadLabels.kind(labels, builder.expected, CONFIG);
                rule = found == HeadKind.ACTION
                        ? new ActionHead(HeadLabels.actions(labels, CONFIG), independent)
                        : HeadLabels.event(labels, found, independent, CONFIG);
                inputFormat = inputFormat(builder, labels, rule);
                kind = kind(found, inputFormat, CONFIG);
            } catch (IllegalArgumentException e) {
                throw new CheckpointException(e.getMessage(), e);
            }
        } else {
            HeadKind found = GivenLabels.kind(given);
            boolean actions = found == HeadKind.ACTION;
            List<String> names = HeadLabels.inOrder(builder.id2label, outputs, CONFIG);
            List<String> labels = actions ? HeadLabels.inOrder(given, outputs, GivenLabels.WHERE) : names;
            rule = actions
                    ? new ActionHead(HeadLabels.actions(labels, GivenLabels.WHERE), independent)
                    : GivenLabels.event(given, found, names, independent);
            inputFormat = inputFormat(
                    builder,
                    IntStream.range(0, outputs)
                            .mapToObj(i -> LabelMeaning.of(names.get(i)) == LabelMeaning.INJECTION
                                    ? names.get(i)
                                    : given.getOrDefault(i, names.get(i)))
                            .toList(),
                    rule);
            kind = kind(found, inputFormat, GivenLabels.WHERE);
        }
        head = new CheckpointHead(kind, HeadOutputs.all(outputs), rule);
    }

    /** Returns a builder for a head with the given number of outputs. */
    static Builder builder(int outputs) {
        return new Builder(outputs);
    }

    /** Returns whether each output has its own sigmoid. */
    private static boolean isIndependent(int outputs, @Nullable String problemType, boolean given)
            throws CheckpointException {
        if (problemType == null || problemType.equals(SINGLE_LABEL)) {
            // A softmax over a single output would always be 1.
            return outputs == 1;
        }
        if (problemType.equals(MULTI_LABEL) || (problemType.equals(REGRESSION) && given)) {
            return true;
        }
        String hint = problemType.equals(REGRESSION)
                ? "; to read its scores by sigmoids, say what they mean with labels(..) or --labels, for example 0=harmful"
                : "";
        throw new CheckpointException("problem_type must be " + SINGLE_LABEL + ", " + MULTI_LABEL
                + " or absent, but was " + problemType + " (" + CONFIG + ")" + hint);
    }

    /**
     * Returns how an exchange is fed to the checkpoint: as the caller or the configuration says, or else the response
     * alone, but the instruction alone if all that the head detects are attacks on the LLM.
     */
    private static InputFormat inputFormat(Builder builder, List<String> labels, HeadRule rule) {
        if (builder.inputFormat != null) {
            return builder.inputFormat;
        }
        if (builder.expected == HeadKind.INSTRUCTION_RISK) {
            return InputFormat.INSTRUCTION_ONLY;
        }
        if (!(rule instanceof EventHead event) || builder.expected != null) {
            return InputFormat.RESPONSE_ONLY;
        }
        boolean attacks = false;
        for (int i = 0; i < labels.size(); i++) {
            if (event.roles().get(i) == EventHead.Role.EVENT) {
                LabelMeaning meaning = LabelMeaning.of(labels.get(i));
                if (meaning != LabelMeaning.INJECTION && meaning != LabelMeaning.UNKNOWN) {
                    return InputFormat.RESPONSE_ONLY;
                }
                attacks |= meaning == LabelMeaning.INJECTION;
            }
        }
        return attacks ? InputFormat.INSTRUCTION_ONLY : InputFormat.RESPONSE_ONLY;
    }

    /** A head that finds harm in what it reads gives, if it reads the instruction, the instruction's risk. */
    private static HeadKind kind(HeadKind found, InputFormat format, String where) {
        if (format != InputFormat.INSTRUCTION_ONLY) {
            return found;
        }
        if (found != HeadKind.HARMFUL) {
            throw new IllegalArgumentException("input format of a head for the " + found.configName()
                    + " of a response must not be " + format + ", but was (" + where + ")");
        }
        return HeadKind.INSTRUCTION_RISK;
    }

    /** Returns the head. */
    CheckpointHead head() {
        return head;
    }

    HeadKind kind() {
        return head.kind();
    }

    /** Returns the number of logits of a window. */
    int outputs() {
        return head.outputs().total();
    }

    /** Returns how an exchange is fed to the checkpoint. */
    InputFormat inputFormat() {
        return inputFormat;
    }

    /** Returns what this head predicts, from which outputs and how, such as {@code harmful: sigmoid of toxic}. */
    String describe() {
        return head.describe();
    }

    /** Returns whether some outputs are read in a way that their own names do not tell. */
    boolean isAssumed() {
        return head.rule() instanceof EventHead event && event.assumed();
    }

    /**
     * Sets the prediction of this head in an assessment. Sets nothing if it throws.
     *
     * @param windows the windows of the text, at least one
     * @throws NonFiniteLogitsException if a logit is not finite
     */
    void score(ScoredBuilder assessment, List<WindowLogits> windows) throws NonFiniteLogitsException {
        head.score(assessment, windows);
    }

    /** Returns the probability that the response is harmful. */
    double harmful(List<WindowLogits> windows) throws NonFiniteLogitsException {
        requireKind(HeadKind.HARMFUL);
        return ((EventHead) head.rule()).worst(head.outputs().of(windows));
    }

    /** Returns the probabilities of the actions. */
    Distribution<ResponseAction> actions(List<WindowLogits> windows) throws NonFiniteLogitsException {
        requireKind(HeadKind.ACTION);
        return ((ActionHead) head.rule()).probabilities(head.outputs().of(windows));
    }

    private void requireKind(HeadKind required) {
        if (kind() != required) {
            throw new IllegalStateException("kind of the head must be " + required + ", but was " + kind());
        }
    }

    /** Builds a mapping. Each value may be set once. Not thread-safe. */
    static final class Builder {
        private final int outputs;
        private Map<Integer, String> id2label = Map.of();
        private boolean hasId2label;
        private @Nullable String problemType;
        private @Nullable Map<Integer, String> labels;
        private @Nullable HeadKind expected;
        private @Nullable InputFormat inputFormat;

        private Builder(int outputs) {
            this.outputs = outputs;
        }

        /**
         * Sets the labels from config.json. If unset or empty, all outputs have bare labels, as Transformers omits
         * those.
         */
        Builder id2label(Map<Integer, String> value) {
            if (hasId2label) {
                throw new IllegalStateException(
                        "id2label must be set once, but was " + id2label + " and then " + value);
            }
            id2label = Map.copyOf(value);
            hasId2label = true;
            return this;
        }

        /** Sets the {@code problem_type} from config.json; null if it is absent or null there. */
        Builder problemType(@Nullable String value) {
            if (problemType != null) {
                throw new IllegalStateException(
                        "problemType must be set once, but was " + problemType + " and then " + value);
            }
            problemType = value;
            return this;
        }

        /**
         * Sets the caller's labels, which replace those of config.json. If they name only harmful outputs, the others are
         * harmless, and the other way round.
         *
         * @throws IllegalArgumentException if there are none
         */
        Builder labels(Map<Integer, String> value) {
            if (labels != null) {
                throw new IllegalStateException("labels must be set once, but was " + labels + " and then " + value);
            }
            if (value.isEmpty()) {
                throw new IllegalArgumentException("labels must name the outputs, but were empty");
            }
            labels = Map.copyOf(value);
            return this;
        }

        /** Sets what the caller says that the head predicts; null if nothing. Bare labels are read accordingly. */
        Builder expected(@Nullable HeadKind value) {
            expected = value;
            return this;
        }

        /** Sets how the exchange is fed to the checkpoint; null for what suits the head. */
        Builder inputFormat(@Nullable InputFormat value) {
            inputFormat = value;
            return this;
        }

        /**
         * Returns the mapping.
         *
         * @throws CheckpointException if the configuration does not tell what the outputs mean
         * @throws IllegalArgumentException if the caller's labels do not suit the head
         */
        LabelMapping build() throws CheckpointException {
            return new LabelMapping(this);
        }
    }
}
