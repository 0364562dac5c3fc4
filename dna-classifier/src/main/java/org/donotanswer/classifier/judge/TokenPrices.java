package org.donotanswer.classifier.judge;

import java.util.Objects;
import org.donotanswer.classifier.chat.TokenUsage;

/**
 * Prices of tokens. Immutable, hence thread-safe.
 *
 * @param inputPerMillion the price of a million input tokens, at least 0
 * @param outputPerMillion the price of a million output tokens, at least 0
 * @param currency the currency, for example USD; not blank
 */
public record TokenPrices(double inputPerMillion, double outputPerMillion, String currency) {
    private static final double MILLION = 1e6;

    /**
     * Checks the prices.
     *
     * @throws IllegalArgumentException if one is negative or not finite, or the currency is blank
     */
    public TokenPrices {
        requirePrice("inputPerMillion", inputPerMillion);
        requirePrice("outputPerMillion", outputPerMillion);
        if (Objects.requireNonNull(currency, "currency").isBlank()) {
            throw new IllegalArgumentException("currency must not be blank, but was '" + currency + "'");
        }
    }

    private static void requirePrice(String name, double price) {
        if (!(price >= 0 && price < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " must be finite and at least 0, but was " + price);
        }
    }

    /** Returns the cost of the tokens. */
    public double cost(TokenUsage usage) {
        return (usage.input() * inputPerMillion + usage.output() * outputPerMillion) / MILLION;
    }
}
