package org.donotanswer.classifier.embedded.training;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.internal.BuilderChecks;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * An exchange or a single instruction with its labels. Unknown labels are empty and have no effect on the training.
 * Immutable, hence thread-safe.
 *
 * @param instruction the user's text; empty if only the response is known
 * @param response the LLM's text; empty if only the instruction is known
 * @param action the action of the response
 * @param harmful whether the response is harmful
 * @param riskyInstruction whether the instruction is risky, that is, whether following it would be harmful
 * @param harmType the type of harm that the instruction invites
 * @param secondOpinion the action of the response according to a second reviewer; it softens the label
 * @param refusal whether the response declines to do what the instruction asks
 * @param group the author of the response, usually the name of the LLM; empty if unknown. The second stage of training
 *     learns from responses of groups that the first stage was not trained on.
 * @param source the data set that the labels come from; empty if unknown. Each source is a rater with its own habits: the
 *     model is calibrated on sources that it was not trained on.
 * @param weight the weight of the example relative to others of its source
 * @param softLabels the probabilities of labels, where they are uncertain; only of what has a label as well, which then tells
 *     how the example is counted, while the probabilities tell what is learnt from it
 */
public record TrainingExample(
        String instruction,
        Optional<String> response,
        Optional<ResponseAction> action,
        Optional<Boolean> harmful,
        Optional<Boolean> riskyInstruction,
        Optional<HarmType> harmType,
        Optional<ResponseAction> secondOpinion,
        Optional<Boolean> refusal,
        String group,
        String source,
        double weight,
        SoftLabels softLabels) {
    /** The maximum weight of an example. */
    public static final double MAX_WEIGHT = 1_000;

    /**
     * Checks that nothing is null, the weight is valid, and soft labels are of what has a label.
     *
     * @throws IllegalArgumentException if the weight or a soft label is not valid
     */
    public TrainingExample {
        Objects.requireNonNull(instruction, "instruction");
        Objects.requireNonNull(response, "response");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(harmful, "harmful");
        Objects.requireNonNull(riskyInstruction, "riskyInstruction");
        Objects.requireNonNull(harmType, "harmType");
        Objects.requireNonNull(secondOpinion, "secondOpinion");
        Objects.requireNonNull(refusal, "refusal");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(source, "source");
        if (!(weight > 0 && weight <= MAX_WEIGHT)) {
            throw new IllegalArgumentException(
                    "weight must be above 0 and at most " + MAX_WEIGHT + ", but was " + weight);
        }
        Objects.requireNonNull(softLabels, "softLabels");
        requireLabel("harmful", harmful, softLabels.harmful().isPresent());
        requireLabel("refusal", refusal, softLabels.refusal().isPresent());
        requireLabel(
                "instructionRisk",
                riskyInstruction,
                softLabels.instructionRisk().isPresent());
        requireLabel("actions", action, softLabels.actions().isPresent());
        requireLabel("harmTypes", harmType, softLabels.harmTypes().isPresent());
    }

    private static void requireLabel(String name, Optional<?> label, boolean soft) {
        if (soft && label.isEmpty()) {
            throw new IllegalArgumentException("soft label " + name + " must go with a label, but was without");
        }
    }

    /**
     * Creates an example without soft labels.
     *
     * @throws IllegalArgumentException as the canonical constructor
     */
    public TrainingExample(
            String instruction,
            Optional<String> response,
            Optional<ResponseAction> action,
            Optional<Boolean> harmful,
            Optional<Boolean> riskyInstruction,
            Optional<HarmType> harmType,
            Optional<ResponseAction> secondOpinion,
            Optional<Boolean> refusal,
            String group,
            String source,
            double weight) {
        this(
                instruction,
                response,
                action,
                harmful,
                riskyInstruction,
                harmType,
                secondOpinion,
                refusal,
                group,
                source,
                weight,
                SoftLabels.NONE);
    }

    /** Returns the probability that the response is harmful, of an example that is labelled with this. */
    double harmProbability() {
        return probability(harmful, softLabels.harmful());
    }

    /** Returns the probability that the instruction is risky, of an example that is labelled with this. */
    double riskProbability() {
        return probability(riskyInstruction, softLabels.instructionRisk());
    }

    /** Returns the probability that the response is a refusal, of an example that is labelled with this. */
    double refusalProbability() {
        return probability(refusal, softLabels.refusal());
    }

    private static double probability(Optional<Boolean> label, OptionalDouble soft) {
        return soft.orElse(label.orElseThrow() ? 1 : 0);
    }

    /** Returns a builder of an example with the given instruction, which may be empty. */
    public static Builder builder(String instruction) {
        return new Builder(instruction);
    }

    /** Returns the labels and the lengths of the texts in chars, but not the texts, which may be private. */
    @Override
    public String toString() {
        return "TrainingExample[instruction=" + instruction.length() + " chars, response="
                + response.map(text -> text.length() + " chars").orElse("none") + ", action=" + action + ", harmful="
                + harmful + ", riskyInstruction=" + riskyInstruction + ", harmType=" + harmType + ", secondOpinion="
                + secondOpinion + ", refusal=" + refusal + ", group=" + group + ", source=" + source + ", weight="
                + weight
                + (softLabels.equals(SoftLabels.NONE) ? "" : ", softLabels=" + softLabels)
                + "]";
    }

    /** Builds an example. Each value can be set once; a second time is an {@link IllegalStateException}. Not thread-safe. */
    public static final class Builder {
        private final String instruction;
        private @Nullable String response;
        private @Nullable ResponseAction action;
        private @Nullable Boolean harmful;
        private @Nullable Boolean riskyInstruction;
        private @Nullable HarmType harmType;
        private @Nullable ResponseAction secondOpinion;
        private @Nullable Boolean refusal;
        private @Nullable String group;
        private @Nullable String source;
        private @Nullable Double weight;

        private Builder(String instruction) {
            this.instruction = Objects.requireNonNull(instruction, "instruction");
        }

        /** Sets the LLM's text. */
        public Builder response(String text) {
            response = BuilderChecks.setSecretOnce("response", response, text);
            return this;
        }

        /** Sets the action of the response. */
        public Builder action(ResponseAction value) {
            action = BuilderChecks.setSecretOnce("action", action, value);
            return this;
        }

        /** Sets whether the response is harmful. */
        public Builder harmful(boolean value) {
            harmful = BuilderChecks.setSecretOnce("harmful", harmful, value);
            return this;
        }

        /** Sets whether the instruction is risky. */
        public Builder riskyInstruction(boolean value) {
            riskyInstruction = BuilderChecks.setSecretOnce("riskyInstruction", riskyInstruction, value);
            return this;
        }

        /** Sets the type of harm that the instruction invites. */
        public Builder harmType(HarmType value) {
            harmType = BuilderChecks.setSecretOnce("harmType", harmType, value);
            return this;
        }

        /** Sets the action of the response according to a second reviewer. */
        public Builder secondOpinion(ResponseAction value) {
            secondOpinion = BuilderChecks.setSecretOnce("secondOpinion", secondOpinion, value);
            return this;
        }

        /** Sets the author of the response. */
        public Builder group(String value) {
            group = BuilderChecks.setSecretOnce("group", group, value);
            return this;
        }

        /** Sets whether the response declines to do what the instruction asks. */
        public Builder refusal(boolean value) {
            refusal = BuilderChecks.setSecretOnce("refusal", refusal, value);
            return this;
        }

        /** Sets the data set that the labels come from. */
        public Builder source(String value) {
            source = BuilderChecks.setSecretOnce("source", source, value);
            return this;
        }

        /** Sets the weight of the example; the default is 1. */
        public Builder weight(double value) {
            weight = BuilderChecks.setOnce("weight", weight, value);
            return this;
        }

        /** Returns the example. */
        public TrainingExample build() {
            return new TrainingExample(
                    instruction,
                    Optional.ofNullable(response),
                    Optional.ofNullable(action),
                    Optional.ofNullable(harmful),
                    Optional.ofNullable(riskyInstruction),
                    Optional.ofNullable(harmType),
                    Optional.ofNullable(secondOpinion),
                    Optional.ofNullable(refusal),
                    group == null ? "" : group,
                    source == null ? "" : source,
                    weight == null ? 1 : weight);
        }
    }
}
