package org.donotanswer.bench.speed;

import static org.donotanswer.harness.io.NumberFormats.format;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.text;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;

/**
 * The results of {@link EncoderBenchmark}. Immutable, hence thread-safe.
 *
 * @param machine a description of the machine
 * @param rounds the number of rounds
 * @param speed the times
 * @param drift how the results in 8 bits differ from those in 32-bit floats
 * @param residentMegabytes the resident memory of the process with the judge alone, in units of 2^20 bytes; NaN if unknown
 * @param heapLimitMegabytes the limit of Java's heap, in the same units
 */
@JsonPropertyOrder({"machine", "rounds", "speed", "drift", "residentMegabytes", "heapLimitMegabytes"})
public record EncoderReport(
        String machine,
        int rounds,
        List<EncoderSpeedRow> speed,
        List<EncoderDriftRow> drift,
        double residentMegabytes,
        double heapLimitMegabytes) {
    static final String JUDGE = "Encoder judge";
    static final String QUANTIZED = "ONNX Runtime INT8";
    static final String FLOAT = "ONNX Runtime FP32";
    static final String TRANSFORMER = "PyTorch FP32";

    /** Copies the lists. */
    public EncoderReport {
        speed = List.copyOf(speed);
        drift = List.copyOf(drift);
    }

    /** Returns the results as tables. */
    public Report toReport(Provenance provenance) {
        return new Report(
                "Speed of the encoder judge",
                "",
                List.of(
                        new Section("conditions", "Conditions", List.copyOf(conditions())),
                        new Section("speed", "Speed", List.of(speedTable())),
                        new Section("differences", "Differences from 32-bit floats", List.of(driftTable())),
                        new Section("memory", "Memory", List.of(new Paragraph(memory())))),
                provenance);
    }

    private List<Paragraph> conditions() {
        return List.of(
                new Paragraph("Machine: " + machine + "."),
                new Paragraph(format(
                        "One thread, one window without padding. Times are processor time of that thread, the median of %,d rounds,"
                                + " each of which runs all engines.",
                        rounds)),
                new Paragraph(QUANTIZED
                        + " is what quantize_dynamic makes of the exported graph, with a scale for each output of a"
                        + " linear layer; " + FLOAT + " is that graph."));
    }

    private String memory() {
        return Double.isNaN(residentMegabytes)
                ? "The system does not report the resident memory."
                : format(
                        "Resident memory of the process with the judge's forward pass alone, after it has read all windows: %,.0f"
                                + " MiB, with Java's heap limited to %,.0f MiB.",
                        residentMegabytes, heapLimitMegabytes);
    }

    private Table speedTable() {
        TableBuilder table = new TableBuilder(
                "forward-pass",
                "Milliseconds a window.",
                "Tokens",
                TRANSFORMER,
                FLOAT,
                QUANTIZED,
                JUDGE,
                "As fast as " + QUANTIZED);
        for (EncoderSpeedRow row : speed) {
            table.add(
                    String.valueOf(row.tokens()),
                    Figure.of(row.transformer(), 2),
                    Figure.of(row.onnx(), 2),
                    Figure.of(row.quantizedOnnx(), 2),
                    Figure.of(row.judge(), 2),
                    Figure.of(row.speedUp(), 2));
        }
        return table.build();
    }

    private Table driftTable() {
        TableBuilder table = new TableBuilder(
                "drift",
                "Differences of the probabilities of the first window of each exchange: of each window the greatest of a class.",
                "Engine",
                "Head",
                "Windows",
                "Other decisions",
                "Other decisions, %",
                "Mean",
                "99th percentile",
                "Maximum");
        for (EncoderDriftRow row : drift) {
            table.add(
                    row.engine(),
                    text(row.head()),
                    count(row.windows()),
                    count(row.changedDecisions()),
                    Figure.of(100.0 * row.changedDecisions() / row.windows(), 2),
                    Figure.of(row.mean(), 4),
                    Figure.of(row.percentile99(), 4),
                    Figure.of(row.max(), 4));
        }
        return table.build();
    }
}
