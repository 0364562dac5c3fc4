package org.donotanswer.harness.annotate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.donotanswer.harness.annotate.AgreementReport.LabelKindAgreement;
import org.donotanswer.harness.annotate.AgreementReport.LabelUse;
import org.donotanswer.harness.annotate.AgreementReport.PairAgreement;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.jspecify.annotations.Nullable;

/** The agreement of annotators as text and JSON. Pure functions, hence thread-safe. */
final class AgreementText {
    private AgreementText() {}

    static String of(AgreementReport report) {
        StringBuilder text = new StringBuilder();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("annotator", "responses"));
        report.annotated().forEach((name, count) -> rows.add(List.of(name, String.valueOf(count))));
        text.append(table(rows));
        report.overlaps().forEach(overlap -> text.append(overlap.describe()).append('\n'));
        String interval = String.format(
                Locale.ROOT, "%.0f %% interval", 100 * report.bootstrap().confidence());
        text.append('\n').append(section("Harmful", report.harmful(), interval));
        text.append('\n').append(section("Action", report.action(), interval));
        return text.toString();
    }

    private static String section(String title, LabelKindAgreement agreement, String interval) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "responses", "agree", "value", interval));
        String compared = String.valueOf(agreement.compared());
        Estimate percent = agreement.percentAgreement();
        rows.add(row("percent agreement", compared, "", percent));
        rows.add(row("Fleiss' kappa", compared, "", agreement.fleissKappa()));
        rows.add(row("Krippendorff's alpha", compared, "", agreement.krippendorffsAlpha()));
        for (PairAgreement pair : agreement.pairs()) {
            rows.add(row(
                    "Cohen's kappa " + pair.first() + ", " + pair.second(),
                    String.valueOf(pair.items()),
                    AgreementReport.figure(pair.percentAgreement()),
                    pair.cohensKappa()));
        }
        return title + ": " + agreement.compared() + " of " + agreement.items() + " responses labelled by two or more\n"
                + table(rows) + labels(agreement.labels());
    }

    private static List<String> row(String name, String items, String agree, Estimate estimate) {
        String interval = Double.isNaN(estimate.interval().lower())
                ? "undefined"
                : AgreementReport.figure(estimate.interval().lower()) + " to "
                        + AgreementReport.figure(estimate.interval().upper());
        return List.of(name, items, agree, AgreementReport.figure(estimate.value()), interval);
    }

    private static String labels(List<LabelUse> labels) {
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of("label"));
        header.addAll(labels.get(0).given().keySet());
        header.add("agreement");
        rows.add(header);
        for (LabelUse use : labels) {
            List<String> row = new ArrayList<>(List.of(use.label()));
            use.given().values().forEach(count -> row.add(String.valueOf(count)));
            row.add(AgreementReport.figure(use.agreement()));
            rows.add(row);
        }
        return table(rows);
    }

    /** Returns columns two spaces apart, the first flush left and the others flush right. */
    private static String table(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(each -> each.get(at).length())
                        .max()
                        .orElse(0);
                String padding = " ".repeat(width - row.get(column).length());
                line.append(column == 0 ? row.get(column) + padding : "  " + padding + row.get(column));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    static Map<String, Object> json(LabelKindAgreement agreement) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("items", agreement.items());
        json.put("compared", agreement.compared());
        json.put("percentAgreement", json(agreement.percentAgreement()));
        json.put("fleissKappa", json(agreement.fleissKappa()));
        json.put("krippendorffsAlpha", json(agreement.krippendorffsAlpha()));
        List<Map<String, @Nullable Object>> pairs = new ArrayList<>();
        for (PairAgreement pair : agreement.pairs()) {
            Map<String, @Nullable Object> each = new LinkedHashMap<>();
            each.put("first", pair.first());
            each.put("second", pair.second());
            each.put("items", pair.items());
            each.put("percentAgreement", number(pair.percentAgreement()));
            each.put("cohensKappa", json(pair.cohensKappa()));
            pairs.add(each);
        }
        json.put("pairs", pairs);
        List<Map<String, @Nullable Object>> labels = new ArrayList<>();
        for (LabelUse use : agreement.labels()) {
            Map<String, @Nullable Object> each = new LinkedHashMap<>();
            each.put("label", use.label());
            each.put("given", use.given());
            each.put("agreement", number(use.agreement()));
            labels.add(each);
        }
        json.put("labels", labels);
        return json;
    }

    private static Map<String, @Nullable Object> json(Estimate estimate) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("value", number(estimate.value()));
        json.put("lower", number(estimate.interval().lower()));
        json.put("upper", number(estimate.interval().upper()));
        json.put("undefinedResamples", estimate.undefined());
        return json;
    }

    /** JSON has no NaN. */
    private static @Nullable Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
