package org.donotanswer.dataset;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.internal.BuilderChecks;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * An exchange, an instruction without a response, or a response whose instruction is not known, with its labels and where it
 * comes from. A value that is not known is empty. Immutable, hence thread-safe.
 *
 * <p>Labels of different sources do not mean quite the same: see {@link #labelledBy()}.
 *
 * @param id identifies the example within its source
 * @param source the data set that it belongs to
 * @param licence the licence of the source, in its own words
 * @param llm the LLM that responded, as named by the source
 * @param instruction what the user asked; empty if only the response is known
 * @param response what the LLM responded; empty for an instruction alone
 * @param instructionRisky whether an LLM should not simply follow the instruction
 * @param harmful whether the response is harmful
 * @param refusal whether the response refuses; a response may refuse and still be harmful
 * @param action the action of the response
 * @param harmType the type of harm that the instruction invites
 * @param category the source's own category
 * @param labelledBy who labelled it: "human", "judge:NAME", or "construction" if the label follows from how
 *     the example was made
 * @param group what examples of a source share that were made together, for example to contrast with each other
 * @param domain what the group is about
 * @param form the form of the response, for example a refusal or a letter
 * @param file the file that it was read from, with its directory
 */
public record LabelledExample(
        String id,
        String source,
        Optional<String> licence,
        Optional<String> llm,
        String instruction,
        Optional<String> response,
        Optional<Boolean> instructionRisky,
        Optional<Boolean> harmful,
        Optional<Boolean> refusal,
        Optional<ResponseAction> action,
        Optional<HarmType> harmType,
        Optional<String> category,
        Optional<String> labelledBy,
        Optional<String> group,
        Optional<String> domain,
        Optional<String> form,
        Optional<String> file) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if id, source or response is blank, the instruction is blank, unless it is empty and
     *     there is a response, an instruction or a response is labelled that is absent, or refusal and action contradict each
     *     other
     */
    public LabelledExample {
        requireNonBlank("id", id);
        requireNonBlank("source", source);
        Objects.requireNonNull(licence, "licence");
        Objects.requireNonNull(llm, "llm");
        Objects.requireNonNull(response, "response").ifPresent(text -> requireNonBlank("response", text));
        if (!Objects.requireNonNull(instruction, "instruction").isEmpty() || response.isEmpty()) {
            requireNonBlank("instruction", instruction);
        }
        Objects.requireNonNull(instructionRisky, "instructionRisky");
        Objects.requireNonNull(harmful, "harmful");
        Objects.requireNonNull(refusal, "refusal");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(harmType, "harmType");
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(labelledBy, "labelledBy");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(file, "file");
        if (response.isEmpty()) {
            requireUnlabelled("harmful", harmful, "a response");
            requireUnlabelled("refusal", refusal, "a response");
            requireUnlabelled("action", action, "a response");
        }
        if (instruction.isEmpty()) {
            requireUnlabelled("instructionRisky", instructionRisky, "an instruction");
            requireUnlabelled("harmType", harmType, "an instruction");
        }
        if (refusal.isPresent() && action.isPresent()) {
            requireConsistent(refusal.get(), action.get());
        }
    }

    private static void requireNonBlank(String name, String value) {
        if (Objects.requireNonNull(value, name).isBlank()) {
            throw new IllegalArgumentException(name + " must not be blank, but was");
        }
    }

    private static void requireUnlabelled(String name, Optional<?> label, String text) {
        label.ifPresent(value -> {
            throw new IllegalArgumentException(name + " must be absent without " + text + ", but was " + value);
        });
    }

    /** The other four actions may come with a refusal or not. */
    private static void requireConsistent(boolean refusal, ResponseAction action) {
        if (action == (refusal ? ResponseAction.FOLLOW_INSTRUCTION : ResponseAction.CANNOT_ASSIST)) {
            throw new IllegalArgumentException(
                    "action must agree with the refusal label " + refusal + ", but was " + action);
        }
    }

    /** Returns a builder of an example without labels. The instruction is empty if only the response is known. */
    public static Builder builder(String id, String source, String instruction) {
        return new Builder(id, source, instruction);
    }

    /** Returns source and id, which together identify the example among those of all sources. */
    public String key() {
        return source + "/" + id;
    }

    /** Returns whether the instruction is known. */
    public boolean hasInstruction() {
        return !instruction.isEmpty();
    }

    /**
     * Returns a key that examples share if they are not independent of each other: those of the same group, or else with the
     * same instruction up to case and white space. A response alone without a group shares it with no other.
     */
    public String groupKey() {
        return group.map(name -> source + "/" + name)
                .orElseGet(() ->
                        hasInstruction() ? Question.normalized(instruction).toLowerCase(Locale.ROOT) : key());
    }

    /**
     * Returns the family of the LLM, under a name that is the same for all sources; empty if the LLM is not known, or people
     * wrote the response. A fold that leaves an LLM out should leave out its family.
     *
     * @see Llm#family()
     */
    public Optional<String> llmFamily() {
        return llm.flatMap(LlmFamily::of);
    }

    /**
     * Returns the exchange with the labels that an evaluation compares; empty if there is no response. Its id is {@link #key()}
     * and its group {@link #groupKey()}. Of a response alone it is {@link Exchange#responseOnly}.
     */
    public Optional<LabelledExchange> toLabelledExchange() {
        return response.map(text -> new LabelledExchange(
                key(),
                Exchange.of(instruction, text),
                harmful,
                action,
                refusal,
                harmType,
                Optional.of(source),
                Optional.of(groupKey())));
    }

    /** Returns the example without its texts. */
    @Override
    public String toString() {
        return "LabelledExample[" + key() + "]";
    }

    /** Builds a {@link LabelledExample}. Every value may be set once. Not thread-safe. */
    public static final class Builder {
        private final String id;
        private final String source;
        private final String instruction;
        private @Nullable String licence;
        private @Nullable String llm;
        private @Nullable String response;
        private @Nullable Boolean instructionRisky;
        private @Nullable Boolean harmful;
        private @Nullable Boolean refusal;
        private @Nullable ResponseAction action;
        private @Nullable HarmType harmType;
        private @Nullable String category;
        private @Nullable String labelledBy;
        private @Nullable String group;
        private @Nullable String domain;
        private @Nullable String form;
        private @Nullable String file;

        private Builder(String id, String source, String instruction) {
            this.id = Objects.requireNonNull(id, "id");
            this.source = Objects.requireNonNull(source, "source");
            this.instruction = Objects.requireNonNull(instruction, "instruction");
        }

        /**
         * Sets the licence of the source.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder licence(String value) {
            licence = BuilderChecks.setOnce("licence", licence, value);
            return this;
        }

        /**
         * Sets the LLM that responded.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder llm(String value) {
            llm = BuilderChecks.setOnce("llm", llm, value);
            return this;
        }

        /**
         * Sets the response.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder response(String value) {
            response = BuilderChecks.setSecretOnce("response", response, value);
            return this;
        }

        /**
         * Sets whether the instruction is risky.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder instructionRisky(boolean value) {
            instructionRisky = BuilderChecks.setOnce("instructionRisky", instructionRisky, value);
            return this;
        }

        /**
         * Sets whether the response is harmful.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder harmful(boolean value) {
            harmful = BuilderChecks.setOnce("harmful", harmful, value);
            return this;
        }

        /**
         * Sets whether the response refuses.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder refusal(boolean value) {
            refusal = BuilderChecks.setOnce("refusal", refusal, value);
            return this;
        }

        /**
         * Sets the action of the response.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder action(ResponseAction value) {
            action = BuilderChecks.setOnce("action", action, value);
            return this;
        }

        /**
         * Sets the type of harm that the instruction invites.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder harmType(HarmType value) {
            harmType = BuilderChecks.setOnce("harmType", harmType, value);
            return this;
        }

        /**
         * Sets the source's own category.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder category(String value) {
            category = BuilderChecks.setOnce("category", category, value);
            return this;
        }

        /**
         * Sets who labelled the example.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder labelledBy(String value) {
            labelledBy = BuilderChecks.setOnce("labelledBy", labelledBy, value);
            return this;
        }

        /**
         * Sets what the example shares with those that it was made together with.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder group(String value) {
            group = BuilderChecks.setOnce("group", group, value);
            return this;
        }

        /**
         * Sets what the group is about.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder domain(String value) {
            domain = BuilderChecks.setOnce("domain", domain, value);
            return this;
        }

        /**
         * Sets the form of the response.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder form(String value) {
            form = BuilderChecks.setOnce("form", form, value);
            return this;
        }

        /**
         * Sets the file that the example was read from.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder file(String value) {
            file = BuilderChecks.setOnce("file", file, value);
            return this;
        }

        /**
         * Returns the example.
         *
         * @throws IllegalArgumentException if id, source or response is blank, the instruction is blank, unless it is empty
         *     and there is a response, an instruction or a response is labelled that is absent, or refusal and action
         *     contradict each other
         */
        public LabelledExample build() {
            return new LabelledExample(
                    id,
                    source,
                    Optional.ofNullable(licence),
                    Optional.ofNullable(llm),
                    instruction,
                    Optional.ofNullable(response),
                    Optional.ofNullable(instructionRisky),
                    Optional.ofNullable(harmful),
                    Optional.ofNullable(refusal),
                    Optional.ofNullable(action),
                    Optional.ofNullable(harmType),
                    Optional.ofNullable(category),
                    Optional.ofNullable(labelledBy),
                    Optional.ofNullable(group),
                    Optional.ofNullable(domain),
                    Optional.ofNullable(form),
                    Optional.ofNullable(file));
        }
    }
}
