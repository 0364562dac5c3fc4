package org.donotanswer.bench.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.classifier.judge.TokenPrices;

/** Parses prices of tokens, for example {@code judge-1=2.5/10,EUR}. Stateless, hence thread-safe. */
final class PriceOption {
    private static final String CURRENCY = "USD";
    private static final Pattern FORMAT =
            Pattern.compile("(.+)=(\\d{1,15}(?:\\.\\d{1,15})?)/(\\d{1,15}(?:\\.\\d{1,15})?)(?:,([A-Za-z]{1,10}))?");

    private PriceOption() {}

    /**
     * Returns the prices by the names that they are given for.
     *
     * @throws IllegalArgumentException if an option is malformed, or is repeated for a name
     */
    static Map<String, TokenPrices> parse(List<String> options) {
        Map<String, TokenPrices> prices = new LinkedHashMap<>();
        for (String option : options) {
            Matcher matcher = FORMAT.matcher(option);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("--price must be NAME=INPUT/OUTPUT[,CURRENCY], but was " + option);
            }
            String currency = matcher.group(4) == null ? CURRENCY : matcher.group(4);
            TokenPrices price = new TokenPrices(
                    Double.parseDouble(matcher.group(2)), Double.parseDouble(matcher.group(3)), currency);
            if (prices.put(matcher.group(1), price) != null) {
                throw new IllegalArgumentException(
                        "--price must be given once for a name, but was twice for " + matcher.group(1));
            }
        }
        return prices;
    }
}
