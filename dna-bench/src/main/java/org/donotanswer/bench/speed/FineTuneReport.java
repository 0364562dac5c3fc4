package org.donotanswer.bench.speed;

import static org.donotanswer.harness.io.NumberFormats.format;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.List;
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
 * The results of {@link FineTuneBenchmark}. Immutable, hence thread-safe.
 *
 * @param machine a description of the machine
 * @param models a description of the models
 * @param batch the size of the batches
 * @param rounds the number of steps that were timed for each row
 */
@JsonPropertyOrder({"machine", "models", "batch", "rounds", "flops", "acceptance", "steps", "memory"})
public record FineTuneReport(
        String machine,
        String models,
        FineTuneBatch batch,
        int rounds,
        @JsonProperty("steps") List<FineTuneRow> rows,
        @JsonInclude List<FineTuneMemoryRow> memory) {
    /** The share of the ceiling that a step must reach at least. */
    static final double REQUIRED_SHARE = 0.45;

    /** Copies the lists. */
    public FineTuneReport {
        rows = List.copyOf(rows);
        memory = List.copyOf(memory);
    }

    /** Whether a classifier is trained as fast as it must be. */
    @JsonPropertyOrder({"model", "shareOfCeiling", "requiredShare", "met"})
    record Acceptance(String model, double shareOfCeiling, double requiredShare) {
        @JsonProperty
        boolean met() {
            return shareOfCeiling >= requiredShare;
        }

        String describe() {
            return format(
                    "%s, all weights, dropout %.1f, FLOAT32: %.1f %% of the ceiling; required are at least %.0f %%: %s.",
                    model,
                    FineTuneVariant.ALL.dropout(),
                    100 * shareOfCeiling,
                    100 * requiredShare,
                    met() ? "met" : "not met");
        }
    }

    /** Returns the formula that counts operations. */
    @JsonProperty
    String flops() {
        return Flops.STEP_FORMULA + Flops.FORMULA;
    }

    /** Returns the acceptance figures of the models whose reference variant was measured. */
    @JsonProperty
    List<Acceptance> acceptance() {
        return rows.stream()
                .filter(FineTuneRow::isReference)
                .map(row -> new Acceptance(row.model().label(), row.ceilingRatio(), REQUIRED_SHARE))
                .toList();
    }

    /** Returns the results as tables. */
    public Report toReport(Provenance provenance) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("conditions", "Conditions", List.copyOf(conditions())));
        List<Acceptance> acceptance = acceptance();
        if (!acceptance.isEmpty()) {
            sections.add(new Section(
                    "acceptance",
                    "Acceptance",
                    acceptance.stream()
                            .<Report.Block>map(each -> new Paragraph(each.describe()))
                            .toList()));
        }
        sections.add(new Section("steps", "Steps", List.of(speedTable(), partsTable())));
        if (!memory.isEmpty()) {
            sections.add(new Section("memory", "Memory", List.of(memoryTable())));
        }
        return new Report("Speed of fine-tuning", "", sections, provenance);
    }

    private List<Paragraph> conditions() {
        return Stream.of(
                        "Machine: " + machine + ".",
                        "Models: BERT " + models + ", with random weights and two labels.",
                        format(
                                "A step is the gradients of a batch of %,d sequences of %,d random tokens, their norm, and the"
                                        + " update by AdamW. Times are the median of %,d rounds unless stated otherwise.",
                                batch.rows(), batch.tokens(), rounds),
                        "Ceiling: matMul [2048, 768] x [768, 3072] in FLOAT32, in turn with the steps. Of ceiling is the"
                                + " median step by the median ceiling; best of ceiling the fastest step by the best ceiling.",
                        "GFLOP of a step: " + flops())
                .map(Paragraph::new)
                .toList();
    }

    private Table speedTable() {
        TableBuilder table = new TableBuilder(
                "step-times",
                "Time of one step.",
                "Model",
                "Trained",
                "Dropout",
                "Precision",
                "Weights trained",
                "GFLOP",
                "ms",
                "Min. ms",
                "Tokens/s",
                "GFLOP/s",
                "Ceiling, GFLOP/s",
                "Best ceiling",
                "Of ceiling, %",
                "Best of ceiling, %");
        for (FineTuneRow row : rows) {
            table.add(
                    row.model().label(),
                    text(row.trained()),
                    Figure.of(row.dropout(), 1),
                    text(row.precision().name()),
                    count(row.trainedWeights()),
                    Figure.of(row.flops() / 1e9, 1),
                    Figure.of(row.millis(), 1),
                    Figure.of(row.minMillis(), 1),
                    Figure.of(row.tokensPerSecond(), 0),
                    Figure.of(row.gigaflops(), 0),
                    Figure.of(row.ceiling(), 0),
                    Figure.of(row.ceilingBest(), 0),
                    Figure.of(100 * row.ceilingRatio(), 1),
                    Figure.of(100 * row.bestCeilingRatio(), 1));
        }
        return table.build();
    }

    private Table partsTable() {
        TableBuilder table = new TableBuilder(
                "step-parts",
                "Parts of one step, ms.",
                "Model",
                "Trained",
                "Dropout",
                "Precision",
                "Gradients",
                "Norm",
                "Update");
        for (FineTuneRow row : rows) {
            table.add(
                    row.model().label(),
                    text(row.trained()),
                    Figure.of(row.dropout(), 1),
                    text(row.precision().name()),
                    Figure.of(row.gradientsMillis(), 1),
                    Figure.of(row.normMillis(), 1),
                    Figure.of(row.updateMillis(), 1));
        }
        return table.build();
    }

    private Table memoryTable() {
        TableBuilder table = new TableBuilder(
                "resident-memory",
                "Resident memory of the process, in units of 2^20 bytes, while all weights are trained in FLOAT32 on batches of"
                        + " varying lengths.",
                "Model",
                "Steps",
                "Early steps",
                "After the early steps",
                "At the end",
                "Growth");
        for (FineTuneMemoryRow row : memory) {
            table.add(
                    row.model().label(),
                    count(row.steps()),
                    count(row.earlySteps()),
                    size(row.earlyMegabytes()),
                    size(row.lastMegabytes()),
                    size(row.growthMegabytes()));
        }
        return table.build();
    }

    private static Cell size(double megabytes) {
        return Double.isNaN(megabytes) ? text("n/a") : Figure.of(megabytes, 0);
    }
}
