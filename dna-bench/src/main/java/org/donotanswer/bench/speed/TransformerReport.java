package org.donotanswer.bench.speed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What the benchmark of transformers measured. Immutable, hence thread-safe.
 *
 * @param machine what it ran on
 * @param models what was run
 * @param source what the exchanges are
 * @param ceilingMedian the 10^9 operations a second of the matMul, the median of all rounds
 * @param ceilingBest the best of all rounds
 */
public record TransformerReport(
        String machine,
        String models,
        String source,
        double ceilingMedian,
        double ceilingBest,
        List<ForwardRow> forward,
        List<EndToEndRow> endToEnd,
        Optional<SoakResult> soak) {
    private static final int REFERENCE = 512;

    /** Copies the lists. */
    public TransformerReport {
        forward = List.copyOf(forward);
        endToEnd = List.copyOf(endToEnd);
    }

    /** Returns the report for a terminal. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        facts().forEach(fact -> text.append(fact).append('\n'));
        text.append('\n').append(forwardTable().toText());
        if (!endToEnd.isEmpty()) {
            text.append('\n')
                    .append(source)
                    .append(":\n")
                    .append(endToEndTable().toText());
        }
        soak.ifPresent(result -> text.append('\n').append(describe(result)).append('\n'));
        return text.toString();
    }

    /** Returns the report as a Markdown page. */
    public String toMarkdown() {
        StringBuilder text = new StringBuilder("# Transformers: how fast\n\n");
        text.append("Made by `dna benchmark-transformer`.\n\n");
        facts().forEach(fact -> text.append("- ").append(fact).append('\n'));
        text.append("\n## One sequence\n\n").append(forwardTable().toMarkdown());
        if (!endToEnd.isEmpty()) {
            text.append("\n## Exchanges\n\nJudged as pairs, tokenization included: ")
                    .append(source)
                    .append(".\n\n")
                    .append(endToEndTable().toMarkdown());
        }
        soak.ifPresent(result ->
                text.append("\n## Many threads\n\n").append(describe(result)).append('\n'));
        return text.toString();
    }

    private List<String> facts() {
        return List.of(
                "Machine: " + machine + ".",
                "Models: " + models + ".",
                String.format(
                        Locale.ROOT,
                        "Ceiling, matMul [2048, 768] x [768, 3072] in FLOAT32: median %.0f GFLOP/s, best %.0f, measured in"
                                + " turn with the rest.",
                        ceilingMedian,
                        ceilingBest),
                "Times are of one sequence in FLOAT32 unless said otherwise, the median of rounds in which all take turns;"
                        + " a ratio above 1 means that ours is faster than ONNX Runtime, or half precision than FLOAT32. A dash is what this processor, or ONNX Runtime's model of it, does not have.",
                "GFLOP: " + Flops.FORMULA);
    }

    private Table forwardTable() {
        List<List<String>> rows = new ArrayList<>();
        for (ForwardRow row : forward) {
            OptionalDouble reference = forward.stream()
                    .filter(each -> each.architecture().equals(row.architecture()) && each.tokens() == REFERENCE)
                    .mapToDouble(ForwardRow::millisPerToken)
                    .findFirst();
            rows.add(List.of(
                    row.architecture(),
                    Integer.toString(row.tokens()),
                    Table.figure("%.1f", row.millis()),
                    Table.figure("%.1f", row.minMillis()),
                    Table.figure("%,.0f", row.tokensPerSecond()),
                    Table.figure("%.2f", row.millisPerToken() / reference.orElse(Double.NaN)),
                    Table.figure("%.0f", row.gigaflops()),
                    Table.figure("%.0f %%", 100 * row.share()),
                    Table.figure("%.1f", row.onnxMillis()),
                    Table.figure("%.2f", row.onnxMillis() / row.millis()),
                    Table.figure("%.2f", row.millis() / row.float16Millis()),
                    Table.figure("%.2f", row.millis() / row.bfloat16Millis())));
        }
        return new Table(
                List.of(
                        "architecture",
                        "tokens",
                        "ms",
                        "least ms",
                        "tokens/s",
                        "per token vs 512",
                        "GFLOP/s",
                        "of ceiling",
                        "ONNX ms",
                        "vs ONNX",
                        "FLOAT16 x",
                        "BFLOAT16 x"),
                rows);
    }

    private Table endToEndTable() {
        Map<String, Double> exact = endToEnd.stream()
                .filter(row -> row.precision().equals("FLOAT32"))
                .collect(Collectors.toMap(EndToEndRow::architecture, EndToEndRow::batchedPerSecond));
        List<List<String>> rows = new ArrayList<>();
        for (EndToEndRow row : endToEnd) {
            rows.add(List.of(
                    row.architecture(),
                    row.precision(),
                    Integer.toString(row.exchanges()),
                    Table.figure("%.1f", row.singlePerSecond()),
                    Table.figure("%.1f", row.batchedPerSecond()),
                    Table.figure("%.2f", row.ratio()),
                    Table.figure("%.2f", row.batchedPerSecond() / exact.getOrDefault(row.architecture(), Double.NaN)),
                    Integer.toString(row.decisionsChanged()),
                    Table.figure("%.6f", row.greatestDifference()),
                    Integer.toString(row.unscored())));
        }
        return new Table(
                List.of(
                        "architecture",
                        "precision",
                        "exchanges",
                        "one by one/s",
                        "batched/s",
                        "batched x",
                        "vs FLOAT32",
                        "decisions changed",
                        "greatest difference",
                        "unscored"),
                rows);
    }

    private static String describe(SoakResult soak) {
        String resident = soak.residentMegabytes().stream()
                .map(megabytes -> String.format(Locale.ROOT, "%.0f", megabytes))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%d threads on one %s evaluator for %d s: %,d exchanges judged, %d differ by more than %s from those of one"
                        + " thread, the greatest difference being %.1e; resident memory after the warm-up, at the quarters and"
                        + " at the end: %s.",
                soak.threads(),
                soak.architecture(),
                soak.seconds(),
                soak.evaluations(),
                soak.wrong(),
                SoakRun.TOLERANCE,
                soak.greatestDifference(),
                resident.isEmpty() ? "not known" : resident + " MB");
    }

    /** Returns the report as a tree for JSON. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("machine", machine);
        json.put("models", models);
        json.put("exchanges", source);
        json.put("flops", Flops.FORMULA);
        ForwardRow.put(json, "ceilingMedianGigaflops", ceilingMedian);
        ForwardRow.put(json, "ceilingBestGigaflops", ceilingBest);
        json.put("forward", forward.stream().map(ForwardRow::toJson).toList());
        json.put("endToEnd", endToEnd.stream().map(EndToEndRow::toJson).toList());
        soak.ifPresent(result -> json.put("soak", result.toJson()));
        return json;
    }
}
