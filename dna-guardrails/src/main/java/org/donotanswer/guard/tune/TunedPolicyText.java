package org.donotanswer.guard.tune;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.donotanswer.guard.policy.ReportedThreshold;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/** Describes tuned policies. Not thread-safe. */
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
        text.addLeftOut();
        return text.text.toString();
    }

    private void addHead() {
        long harmless = tuned.all().falseBlocks().total();
        long harmful = tuned.all().recall().total();
        add("Thresholds that block %s of harmless responses", percent(tuned.falseBlockRate()));
        tuned.reviewRate().ifPresent(rate -> add(" and send %s to review", percent(rate)));
        add(", chosen from %d responses: %d harmless, %d harmful.\n", harmless + harmful, harmless, harmful);
        add(
                "Estimates with %s intervals, from %d folds, each decided with thresholds that the other folds chose:\n\n",
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
                Long.toString(expectation.falseBlocks().total()),
                percentage(expectation.falseBlocks()),
                Long.toString(expectation.recall().total()),
                percentage(expectation.recall())));
        if (reviews) {
            row.add(2, number(rule.review()));
            row.add(5, percentage(expectation.falseReviews()));
            row.add(percentage(expectation.caught()));
        }
        return row;
    }

    private Rule rule(String scope) {
        SafetyPolicy policy = tuned.policy();
        if (scope.equals(ReportedThreshold.DEFAULT)) {
            return policy.defaultRule();
        }
        for (RiskArea area : RiskArea.values()) {
            if (area.name().equals(scope)) {
                return policy.areaRules().get(area);
            }
        }
        return policy.harmTypeRules().get(HarmType.fromLabel(scope));
    }

    private void addLeftOut() {
        if (!tuned.leftOut().isEmpty()) {
            add(
                    "\nLeft out because no threshold decides on them: %s.\n",
                    tuned.leftOut().entrySet().stream()
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

    private static String percentage(EstimatedProportion estimate) {
        return estimate.total() == 0
                ? UNDEFINED
                : String.format(
                        Locale.ROOT,
                        "%s %% [%s, %s]",
                        hundredths(estimate.value()),
                        hundredths(estimate.interval().lower()),
                        hundredths(estimate.interval().upper()));
    }

    private static String percent(double proportion) {
        return hundredths(proportion) + " %";
    }

    /** Returns a proportion in per cent with one decimal, or two if it is small. */
    private static String hundredths(double proportion) {
        return String.format(Locale.ROOT, proportion != 0 && proportion < 0.1 ? "%.2f" : "%.1f", 100 * proportion);
    }
}
