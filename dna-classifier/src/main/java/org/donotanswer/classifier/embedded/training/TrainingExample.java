package org.donotanswer.classifier.embedded.training;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * An exchange, or an instruction alone, with what is known of it. What is not known is empty, and teaches nothing.
 * Immutable, hence thread-safe.
 *
 * @param instruction the user's text; empty where only the response is known
 * @param response the chatbot's text; empty where only the instruction is known
 * @param action how the response acts
 * @param harmful whether the response is harmful
 * @param riskyInstruction whether the instruction is risky: whether to follow it would be harmful
 * @param harmType the type of harm that the instruction invites
 * @param secondOpinion how the response acts in another judge's opinion; it softens the label
 * @param group who wrote the response, such as the LLM's name, empty if unknown: training looks at how well what was
 *     learnt from the others' responses holds for each group
 */
public record TrainingExample(
        String instruction,
        Optional<String> response,
        Optional<ResponseAction> action,
        Optional<Boolean> harmful,
        Optional<Boolean> riskyInstruction,
        Optional<HarmType> harmType,
        Optional<ResponseAction> secondOpinion,
        String group) {
    /** Checks that nothing is null. */
    public TrainingExample {
        Objects.requireNonNull(instruction, "instruction");
        Objects.requireNonNull(response, "response");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(harmful, "harmful");
        Objects.requireNonNull(riskyInstruction, "riskyInstruction");
        Objects.requireNonNull(harmType, "harmType");
        Objects.requireNonNull(secondOpinion, "secondOpinion");
        Objects.requireNonNull(group, "group");
    }

    /** Returns a builder of an example with an instruction, which may be empty. */
    public static Builder builder(String instruction) {
        return new Builder(instruction);
    }

    /** Returns the labels and the lengths of the texts, in chars, never the texts: they may be private. */
    @Override
    public String toString() {
        return "TrainingExample[instruction=" + instruction.length() + " chars, response="
                + response.map(text -> text.length() + " chars").orElse("none") + ", action=" + action + ", harmful="
                + harmful + ", riskyInstruction=" + riskyInstruction + ", harmType=" + harmType + ", secondOpinion="
                + secondOpinion + ", group=" + group + "]";
    }

    /** Builds an example. Every value may be set once. Not thread-safe. */
    public static final class Builder {
        private final String instruction;
        private @Nullable String response;
        private @Nullable ResponseAction action;
        private @Nullable Boolean harmful;
        private @Nullable Boolean riskyInstruction;
        private @Nullable HarmType harmType;
        private @Nullable ResponseAction secondOpinion;
        private @Nullable String group;

        private Builder(String instruction) {
            this.instruction = Objects.requireNonNull(instruction, "instruction");
        }

        /** Sets the chatbot's text. */
        public Builder response(String text) {
            requireUnset("response", response);
            response = Objects.requireNonNull(text, "text");
            return this;
        }

        /** Sets how the response acts. */
        public Builder action(ResponseAction value) {
            requireUnset("action", action);
            action = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets whether the response is harmful. */
        public Builder harmful(boolean value) {
            requireUnset("harmful", harmful);
            harmful = value;
            return this;
        }

        /** Sets whether the instruction is risky. */
        public Builder riskyInstruction(boolean value) {
            requireUnset("riskyInstruction", riskyInstruction);
            riskyInstruction = value;
            return this;
        }

        /** Sets the type of harm that the instruction invites. */
        public Builder harmType(HarmType value) {
            requireUnset("harmType", harmType);
            harmType = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets how the response acts in another judge's opinion. */
        public Builder secondOpinion(ResponseAction value) {
            requireUnset("secondOpinion", secondOpinion);
            secondOpinion = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets who wrote the response. */
        public Builder group(String value) {
            requireUnset("group", group);
            group = Objects.requireNonNull(value, "value");
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
                    group == null ? "" : group);
        }

        private static void requireUnset(String name, @Nullable Object before) {
            if (before != null) {
                // no value in the message: it may be user text
                throw new IllegalStateException(name + " must be set once, but was set twice");
            }
        }
    }
}
