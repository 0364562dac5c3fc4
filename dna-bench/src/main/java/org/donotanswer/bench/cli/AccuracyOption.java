package org.donotanswer.bench.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.metrics.RoganGladen.Accuracy;

/** Parses known accuracies of evaluators, for example {@code judge=180/193,5300/5441}. Stateless, hence thread-safe. */
final class AccuracyOption {
    private static final Pattern FORMAT = Pattern.compile("(.+)=(\\d{1,18})/(\\d{1,18}),(\\d{1,18})/(\\d{1,18})");

    private AccuracyOption() {}

    /**
     * Returns the accuracies by the names of the evaluators.
     *
     * @throws IllegalArgumentException if an option is malformed, has a count above its total, or is repeated for an evaluator
     */
    static Map<String, Accuracy> parse(List<String> options) {
        Map<String, Accuracy> accuracies = new LinkedHashMap<>();
        for (String option : options) {
            Matcher matcher = FORMAT.matcher(option);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("--accuracy must be NAME=TP/P,TN/N, but was " + option);
            }
            long found = Long.parseLong(matcher.group(2));
            long harmful = Long.parseLong(matcher.group(3));
            long passed = Long.parseLong(matcher.group(4));
            long harmless = Long.parseLong(matcher.group(5));
            if (found > harmful || passed > harmless || harmful == 0 || harmless == 0) {
                throw new IllegalArgumentException(
                        "--accuracy must have counts up to their totals, which are at least 1, but was " + option);
            }
            if (accuracies.put(matcher.group(1), new Accuracy(found, harmful, passed, harmless)) != null) {
                throw new IllegalArgumentException(
                        "--accuracy must be given once for an evaluator, but was twice for " + matcher.group(1));
            }
        }
        return accuracies;
    }
}
