package org.donotanswer.harness.review;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.classifier.judge.TokenPrices;

/**
 * What one evaluator contributed to the reviews of a run. Responses are counted when their review is final; failed attempts
 * count only towards time and resources. Immutable, hence thread-safe.
 *
 * @param evaluator the evaluator's name
 * @param arrived the responses that it evaluated
 * @param decided those whose review is its score, or is based on its score
 * @param passedOn those that a cascade passed on to the next evaluator
 * @param unscored those that it did not score, passed on or not
 * @param nanos the time taken, in nanoseconds
 * @param usage the resources that an LLM judge used
 */
public record EvaluatorStatistics(
        String evaluator, long arrived, long decided, long passedOn, long unscored, long nanos, ResourceUsage usage) {
    /**
     * Checks the counts.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public EvaluatorStatistics {
        Objects.requireNonNull(evaluator, "evaluator");
        Objects.requireNonNull(usage, "usage");
        requireNotNegative("arrived", arrived);
        requireNotNegative("decided", decided);
        requireNotNegative("passedOn", passedOn);
        requireNotNegative("unscored", unscored);
        requireNotNegative("nanos", nanos);
    }

    static void requireNotNegative(String name, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " must be at least 0, but was " + count);
        }
    }

    /**
     * Returns the sum of both.
     *
     * @throws IllegalArgumentException if the evaluators or the currencies differ
     */
    public EvaluatorStatistics plus(EvaluatorStatistics other) {
        if (!evaluator.equals(other.evaluator)) {
            throw new IllegalArgumentException(
                    "evaluator must be " + evaluator + ", as before, but was " + other.evaluator);
        }
        return new EvaluatorStatistics(
                evaluator,
                arrived + other.arrived,
                decided + other.decided,
                passedOn + other.passedOn,
                unscored + other.unscored,
                nanos + other.nanos,
                usage.plus(other.usage));
    }

    /** Returns these statistics with the cost of all tokens at the given prices. */
    public EvaluatorStatistics pricedAt(TokenPrices prices) {
        return new EvaluatorStatistics(evaluator, arrived, decided, passedOn, unscored, nanos, usage.pricedAt(prices));
    }

    /**
     * The resources that an LLM judge used. Immutable, hence thread-safe.
     *
     * @param requests the requests to the endpoint
     * @param cacheHits the responses whose judgement was in the cache
     * @param tokens the tokens counted by the endpoint
     * @param cost the price of the tokens; empty if a price is unknown
     */
    public record ResourceUsage(long requests, long cacheHits, TokenUsage tokens, Optional<Cost> cost) {
        /** The usage of evaluators that are not LLM judges. */
        public static final ResourceUsage NOTHING = new ResourceUsage(0, 0, TokenUsage.NONE, Optional.empty());

        /**
         * Checks the counts.
         *
         * @throws IllegalArgumentException if one is negative
         */
        public ResourceUsage {
            requireNotNegative("requests", requests);
            requireNotNegative("cacheHits", cacheHits);
            Objects.requireNonNull(tokens, "tokens");
            Objects.requireNonNull(cost, "cost");
        }

        /**
         * Returns the sum of both. The cost is known if the costs of all requests are.
         *
         * @throws IllegalArgumentException if the currencies differ
         */
        public ResourceUsage plus(ResourceUsage other) {
            return new ResourceUsage(
                    requests + other.requests, cacheHits + other.cacheHits, tokens.plus(other.tokens), costWith(other));
        }

        private Optional<Cost> costWith(ResourceUsage other) {
            if (cost.isPresent() && other.cost.isPresent()) {
                return Optional.of(cost.get().plus(other.cost.get()));
            }
            return requests == 0 ? other.cost : other.requests == 0 ? cost : Optional.empty();
        }

        /** Returns this with the cost of all tokens at the given prices; unchanged if the endpoint did not count its tokens. */
        public ResourceUsage pricedAt(TokenPrices prices) {
            boolean counted = requests == 0 || !tokens.equals(TokenUsage.NONE);
            return counted
                    ? new ResourceUsage(
                            requests, cacheHits, tokens, Optional.of(new Cost(prices.cost(tokens), prices.currency())))
                    : this;
        }

        /** Returns what was used since an earlier state of the same counters. */
        ResourceUsage since(ResourceUsage before) {
            double costBefore = before.cost.map(Cost::amount).orElse(0.0);
            return new ResourceUsage(
                    requests - before.requests,
                    cacheHits - before.cacheHits,
                    new TokenUsage(tokens.input() - before.tokens.input(), tokens.output() - before.tokens.output()),
                    cost.map(now -> new Cost(Math.max(0, now.amount() - costBefore), now.currency())));
        }
    }

    /**
     * An amount of money. Immutable, hence thread-safe.
     *
     * @param amount finite, at least 0
     * @param currency not blank
     */
    public record Cost(double amount, String currency) {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if the amount is negative or not finite, or the currency is blank
         */
        public Cost {
            if (!(amount >= 0 && amount < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("cost must be finite and at least 0, but was " + amount);
            }
            if (Objects.requireNonNull(currency, "currency").isBlank()) {
                throw new IllegalArgumentException("currency must not be blank, but was '" + currency + "'");
            }
        }

        private Cost plus(Cost other) {
            if (!currency.equals(other.currency)) {
                throw new IllegalArgumentException(
                        "currency must be " + currency + ", as before, but was " + other.currency);
            }
            return new Cost(amount + other.amount, currency);
        }
    }
}
