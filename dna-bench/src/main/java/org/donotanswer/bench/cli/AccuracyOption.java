package org.donotanswer.bench.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.metrics.RoganGladen.Accuracy;

/** Reads what is known of evaluators from options such as {@code judge=180/193,5300/5441}. */
final class AccuracyOption {
    private static final Pattern FORMAT = Pattern.compile("(.+)=(\\d{1,18})/(\\d{1,18}),(\\d{1,18})/(\\d{1,18})");

    private AccuracyOption() {}

    /**
     * Returns what is known, by the evaluators' names.
     *
     * @throws IllegalArgumentException if an option is not of the format, has more found than there are, or comes twice
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
                        "--accuracy must have parts of counts that are at least 1, but was " + option);
            }
            if (accuracies.put(matcher.group(1), new Accuracy(found, harmful, passed, harmless)) != null) {
                throw new IllegalArgumentException(
                        "--accuracy must be given once for an evaluator, but was twice for " + matcher.group(1));
            }
        }
        return accuracies;
    }
}
