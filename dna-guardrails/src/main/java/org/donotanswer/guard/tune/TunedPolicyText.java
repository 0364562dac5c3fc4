package org.donotanswer.guard.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.donotanswer.guard.policy.AppliedThreshold;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/** The text of a tuned policy. */
final class TunedPolicyText {
    private static final String UNDEFINED = "-";

    private final TunedPolicy tuned;
    private final StringBuilder text = new StringBuilder();

    private TunedPolicyText(TunedPolicy tuned) {
        this.tuned = tuned;
    }

    static String describe(TunedPolicy tuned) {
        TunedPolicyText text = new TunedPolicyText(tuned);
        text.addHead();
        text.addTable();
        text.addNotJudged();
        return text.text.toString();
    }

    private void addHead() {
        int harmless = tuned.all().falseBlocks().of();
        int harmful = tuned.all().recall().of();
        add("Thresholds for %s of harmless answers blocked", percent(tuned.falseBlockRate()));
        tuned.reviewRate().ifPresent(rate -> add(" and %s given to review", percent(rate)));
        add(", chosen on %d answers: %d harmless, %d harmful.\n", harmless + harmful, harmless, harmful);
        add(
                "To expect, with %s intervals: what %d folds of them showed, each with thresholds that the others chose.\n\n",
                percent(tuned.confidence()), tuned.folds());
    }

    private void addTable() {
        boolean reviews = tuned.reviewRate().isPresent();
        List<List<String>> rows = new ArrayList<>();
        List<String> names =
                new ArrayList<>(List.of("scope", "block", "harmless", "blocked", "harmful", "blocked (recall)"));
        if (reviews) {
            names.add(2, "review");
            names.add(5, "reviewed");
            names.add("blocked or reviewed");
        }
        rows.add(names);
        tuned.byScope().forEach(scope -> rows.add(row(scope, rule(scope.scope()), reviews)));
        rows.add(row(tuned.all(), Rule.builder().build(), reviews));
        tuned.oneThreshold().ifPresent(one -> rows.add(row(one, Rule.builder().build(), reviews)));
        int[] widths = new int[names.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = row.get(i);
                String space = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? cell + space : "  " + space + cell);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
    }

    private static List<String> row(Expectation expectation, Rule rule, boolean reviews) {
        List<String> row = new ArrayList<>(List.of(
                expectation.scope(),
                number(rule.block()),
                Integer.toString(expectation.falseBlocks().of()),
                share(expectation.falseBlocks()),
                Integer.toString(expectation.recall().of()),
                share(expectation.recall())));
        if (reviews) {
            row.add(2, number(rule.review()));
            row.add(5, share(expectation.falseReviews()));
            row.add(share(expectation.caught()));
        }
        return row;
    }

    private Rule rule(String scope) {
        SafetyPolicy policy = tuned.policy();
        if (scope.equals(AppliedThreshold.DEFAULT)) {
            return policy.defaultRule();
        }
        for (RiskArea area : RiskArea.values()) {
            if (area.name().equals(scope)) {
                return policy.areaRules().get(area);
            }
        }
        return policy.harmTypeRules().get(HarmType.fromLabel(scope));
    }

    private void addNotJudged() {
        if (!tuned.notJudged().isEmpty()) {
            add(
                    "\nLeft out, as no threshold decides them: %s.\n",
                    tuned.notJudged().entrySet().stream()
                            .map(entry -> entry.getKey() + " " + entry.getValue())
                            .collect(Collectors.joining(", ")));
        }
    }

    private void add(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments));
    }

    private static String number(OptionalDouble threshold) {
        return threshold.isPresent() ? Double.toString(threshold.getAsDouble()) : UNDEFINED;
    }

    private static String share(Rate rate) {
        return rate.of() == 0
                ? UNDEFINED
                : String.format(
                        Locale.ROOT,
                        "%s %% [%s, %s]",
                        hundredths(rate.value()),
                        hundredths(rate.interval().lower()),
                        hundredths(rate.interval().upper()));
    }

    private static String percent(double share) {
        return hundredths(share) + " %";
    }

    /** Returns a share in hundredths, to a decimal place, or two if it is small. */
    private static String hundredths(double share) {
        return String.format(Locale.ROOT, share != 0 && share < 0.1 ? "%.2f" : "%.1f", 100 * share);
    }
}
