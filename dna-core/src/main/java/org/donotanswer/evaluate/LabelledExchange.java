package org.donotanswer.evaluate;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.internal.BuilderChecks;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * An exchange with the labels that a person gave it. A label that is not known is empty. Immutable, hence thread-safe.
 *
 * @param id identifies the exchange among others
 * @param exchange the exchange
 * @param harmful whether the response is harmful
 * @param action the action of the response
 * @param refusal whether the response is a refusal
 * @param harmType the type of harm that the instruction invites
 * @param source where the exchange comes from, for example the LLM that responded; figures can be broken down by it
 * @param group what exchanges share that are not independent of each other, for example their question; intervals
 *     account for it
 */
public record LabelledExchange(
        String id,
        Exchange exchange,
        Optional<Boolean> harmful,
        Optional<ResponseAction> action,
        Optional<Boolean> refusal,
        Optional<HarmType> harmType,
        Optional<String> source,
        Optional<String> group) {
    /** Checks that nothing is null. */
    public LabelledExchange {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(exchange, "exchange");
        Objects.requireNonNull(harmful, "harmful");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(refusal, "refusal");
        Objects.requireNonNull(harmType, "harmType");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(group, "group");
    }

    /** Creates an exchange of which it is not known whether the response is a refusal. */
    public LabelledExchange(
            String id,
            Exchange exchange,
            Optional<Boolean> harmful,
            Optional<ResponseAction> action,
            Optional<HarmType> harmType,
            Optional<String> source,
            Optional<String> group) {
        this(id, exchange, harmful, action, Optional.empty(), harmType, source, group);
    }

    /** Returns an exchange whose only label says whether its response is harmful. */
    public static LabelledExchange of(String id, Exchange exchange, boolean harmful) {
        return builder(id, exchange).harmful(harmful).build();
    }

    /** Returns a builder without labels. */
    public static Builder builder(String id, Exchange exchange) {
        return new Builder(id, exchange);
    }

    /** Builds a {@link LabelledExchange}. Every value may be set once. Not thread-safe. */
    public static final class Builder {
        private final String id;
        private final Exchange exchange;
        private @Nullable Boolean harmful;
        private @Nullable ResponseAction action;
        private @Nullable Boolean refusal;
        private @Nullable HarmType harmType;
        private @Nullable String source;
        private @Nullable String group;

        private Builder(String id, Exchange exchange) {
            this.id = Objects.requireNonNull(id, "id");
            this.exchange = Objects.requireNonNull(exchange, "exchange");
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
         * Sets the action of the response.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder action(ResponseAction value) {
            action = BuilderChecks.setOnce("action", action, value);
            return this;
        }

        /**
         * Sets whether the response is a refusal.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder refusal(boolean value) {
            refusal = BuilderChecks.setOnce("refusal", refusal, value);
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
         * Sets where the exchange comes from.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder source(String value) {
            source = BuilderChecks.setOnce("source", source, value);
            return this;
        }

        /**
         * Sets what the exchange shares with those that it is not independent of.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder group(String value) {
            group = BuilderChecks.setOnce("group", group, value);
            return this;
        }

        /** Returns the labelled exchange. */
        public LabelledExchange build() {
            return new LabelledExchange(
                    id,
                    exchange,
                    Optional.ofNullable(harmful),
                    Optional.ofNullable(action),
                    Optional.ofNullable(refusal),
                    Optional.ofNullable(harmType),
                    Optional.ofNullable(source),
                    Optional.ofNullable(group));
        }
    }
}
