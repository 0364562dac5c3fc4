package org.donotanswer.harness.review;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.classifier.chat.TokenUsage;

/**
 * What one evaluator did for the reviews of a run. Responses count when their review is final: what was tried in vain, and
 * is tried again, does not count as arrived, but what it cost does. Immutable, hence thread-safe.
 *
 * @param evaluator the evaluator's name
 * @param arrived responses that it was asked about
 * @param decided those of them whose review is its score, or has a share of it
 * @param passedOn those that a cascade asked the next evaluator about
 * @param unscored those that it did not score, whether they were passed on or not
 * @param nanos the time it took, in nanoseconds
 * @param spent what a judge took; nothing for others
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
        check("arrived", arrived);
        check("decided", decided);
        check("passedOn", passedOn);
        check("unscored", unscored);
        check("nanos", nanos);
    }

    private static void check(String name, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " must be at least 0, but was " + count);
        }
    }

    /**
     * Returns the sum of both.
     *
     * @throws IllegalArgumentException if they are of different evaluators, or their costs of different currencies
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

    /**
     * What a judge took. Immutable, hence thread-safe.
     *
     * @param requests requests to the endpoint
     * @param cacheHits responses whose judgement was there from before
     * @param tokens what the endpoint counted
     * @param cost what the tokens cost; empty where a price is not known
     */
    public record ResourceUsage(long requests, long cacheHits, TokenUsage tokens, Optional<Cost> cost) {
        /** Nothing. */
        public static final ResourceUsage NOTHING = new ResourceUsage(0, 0, TokenUsage.NONE, Optional.empty());

        /**
         * Checks the counts.
         *
         * @throws IllegalArgumentException if one is negative
         */
        public ResourceUsage {
            check("requests", requests);
            check("cacheHits", cacheHits);
            Objects.requireNonNull(tokens, "tokens");
            Objects.requireNonNull(cost, "cost");
        }

        /**
         * Returns the sum of both. Its cost is known if those of all requests are.
         *
         * @throws IllegalArgumentException if the costs are in different currencies
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
    }

    /**
     * An amount of money. Immutable, hence thread-safe.
     *
     * @param amount finite, at least 0
     * @param currency what it is in, not blank
     */
    public record Cost(double amount, String currency) {
        /**
         * Checks the amount.
         *
         * @throws IllegalArgumentException if it is negative or not finite, or the currency is blank
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
