package org.donotanswer.bench.speed;

import static org.donotanswer.harness.io.NumberFormats.format;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;

/**
 * The results of {@link TransformerBenchmark}. Immutable, hence thread-safe.
 *
 * @param machine a description of the machine
 * @param models a description of the models
 * @param source a description of the exchanges
 * @param ceilingMedian the median GFLOP/s of {@link MatMulCeiling} over all rounds
 * @param ceilingBest the maximum over all rounds
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({
    "machine",
    "models",
    "exchanges",
    "flops",
    "ceilingMedianGigaflops",
    "ceilingBestGigaflops",
    "forward",
    "endToEnd",
    "soak"
})
public record TransformerReport(
        String machine,
        String models,
        @JsonProperty("exchanges") String source,
        @JsonProperty("ceilingMedianGigaflops") double ceilingMedian,
        @JsonProperty("ceilingBestGigaflops") double ceilingBest,
        @JsonInclude List<ForwardRow> forward,
        @JsonInclude List<EndToEndRow> endToEnd,
        Optional<SoakResult> soak) {
    private static final int REFERENCE = 512;

    /** Copies the lists. */
    public TransformerReport {
        forward = List.copyOf(forward);
        endToEnd = List.copyOf(endToEnd);
    }

    /** Returns the formula that counts operations. */
    @JsonProperty
    String flops() {
        return Flops.FORMULA;
    }

    /** Returns the results as tables. */
    public Report toReport(Provenance provenance) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("conditions", "Conditions", List.copyOf(conditions())));
        sections.add(new Section("sequence", "One sequence", List.of(forwardTable())));
        if (!endToEnd.isEmpty()) {
            sections.add(new Section("exchanges", "Exchanges", List.of(endToEndTable())));
        }
        soak.ifPresent(result ->
                sections.add(new Section("threads", "Many threads", List.of(new Paragraph(result.describe())))));
        return new Report("Speed of transformers", "", sections, provenance);
    }

    private List<Paragraph> conditions() {
        return Stream.of(
                        "Machine: " + machine + ".",
                        "Models: " + models + ".",
                        format(
                                "Ceiling, matMul [2048, 768] x [768, 3072] in FLOAT32: median %.0f GFLOP/s, best %.0f, measured in"
                                        + " turn with the rest.",
                                ceilingMedian, ceilingBest),
                        "Times are of one sequence in FLOAT32 unless stated otherwise: the median of rounds in which all engines take"
                                + " turns. A ratio above 1 means that ours is faster than ONNX Runtime, or half precision faster than"
                                + " FLOAT32. Figures that need a precision this processor lacks, or a model we do not have for ONNX"
                                + " Runtime, are n/a.",
                        "GFLOP: " + Flops.FORMULA)
                .map(Paragraph::new)
                .toList();
    }

    private Table forwardTable() {
        TableBuilder table = new TableBuilder(
                "forward",
                "Time of one sequence.",
                "Architecture",
                "Tokens",
                "ms",
                "Min. ms",
                "Tokens/s",
                "Per token vs 512",
                "GFLOP/s",
                "Of ceiling, %",
                "ONNX ms",
                "vs ONNX",
                "FLOAT16 x",
                "BFLOAT16 x");
        for (ForwardRow row : forward) {
            OptionalDouble reference = forward.stream()
                    .filter(each -> each.architecture().equals(row.architecture()) && each.tokens() == REFERENCE)
                    .mapToDouble(ForwardRow::millisPerToken)
                    .findFirst();
            table.add(
                    row.architecture(),
                    count(row.tokens()),
                    measured(row.millis(), 1),
                    measured(row.minMillis(), 1),
                    measured(row.tokensPerSecond(), 0),
                    measured(row.millisPerToken() / reference.orElse(Double.NaN), 2),
                    measured(row.gigaflops(), 0),
                    measured(100 * row.ceilingRatio(), 0),
                    measured(row.onnxMillis(), 1),
                    measured(row.onnxMillis() / row.millis(), 2),
                    measured(row.millis() / row.float16Millis(), 2),
                    measured(row.millis() / row.bfloat16Millis(), 2));
        }
        return table.build();
    }

    private static Cell measured(double value, int decimals) {
        return Double.isNaN(value) ? text("n/a") : Figure.of(value, decimals);
    }

    private Table endToEndTable() {
        Map<String, Double> exact = endToEnd.stream()
                .filter(row -> row.precision().equals("FLOAT32"))
                .collect(Collectors.toMap(EndToEndRow::architecture, EndToEndRow::batchedPerSecond));
        TableBuilder table = new TableBuilder(
                "end-to-end",
                "Exchanges evaluated as pairs, including tokenization: " + source + ".",
                "Architecture",
                "Precision",
                "Exchanges",
                "One by one/s",
                "Batched/s",
                "Batched x",
                "vs FLOAT32",
                "Decisions changed",
                "Greatest difference",
                "Unscored");
        for (EndToEndRow row : endToEnd) {
            table.add(
                    row.architecture(),
                    text(row.precision()),
                    count(row.exchanges()),
                    measured(row.singlePerSecond(), 1),
                    measured(row.batchedPerSecond(), 1),
                    measured(row.ratio(), 2),
                    measured(row.batchedPerSecond() / exact.getOrDefault(row.architecture(), Double.NaN), 2),
                    count(row.decisionsChanged()),
                    measured(row.greatestDifference(), 6),
                    count(row.unscored()));
        }
        return table.build();
    }
}
