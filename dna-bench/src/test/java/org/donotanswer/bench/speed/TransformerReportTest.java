package org.donotanswer.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.FigureJson;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.ReportWriter;
import org.junit.jupiter.api.Test;

class TransformerReportTest {
    private static final TransformerReport REPORT = new TransformerReport(
            "2 processors",
            "invented",
            "exchanges",
            350,
            360.4,
            List.of(
                    new ForwardRow("bert", 512, 96.6e9, 350, 400, 390.04, 380, 100, Double.NaN),
                    new ForwardRow("longformer", 512, 96.6e9, 350, 500, 490, Double.NaN, 125, 250),
                    new ForwardRow("longformer", 4096, 800e9, 350, 8000, 7000, Double.NaN, 2000, 4000)),
            List.of(
                    new EndToEndRow("bert", "FLOAT32", 300, 20, 10, 0, 1e-7, 1),
                    new EndToEndRow("bert", "FLOAT16", 300, 50, Double.NaN, 2, 0.00123, 1)),
            Optional.of(new SoakResult("bert", 32, 120, 12_345, 0, 2.5e-7, List.of(900.4, 901.0))));

    private static final Report TABLES =
            REPORT.toReport(Provenance.builder("benchmark-transformer", "1").build());

    @Test
    void asText_hasAlignedTables() {
        String text = ReportWriter.toText(TABLES);

        assertThat(text.lines())
                .contains(
                        "Architecture  Tokens       ms  Min. ms  Tokens/s  Per token vs 512  GFLOP/s  Of ceiling, %  ONNX ms",
                        "bert             512    400.0    390.0     1,280              1.00      242             69    380.0",
                        "longformer     4,096  8,000.0  7,000.0       512              2.00      100             29      n/a",
                        "Architecture  vs ONNX  FLOAT16 x  BFLOAT16 x",
                        "bert             0.95       4.00         n/a",
                        "longformer        n/a       4.00        2.00");
        assertThat(text.replace('\n', ' '))
                .contains(
                        "Ceiling, matMul [2048, 768] x [768, 3072] in FLOAT32: median 350 GFLOP/s, best 360, measured in turn"
                                + " with the rest.",
                        "32 threads on one bert evaluator for 120 s: 12,345 exchanges evaluated, 0 differ",
                        "at the end: 900, 901 MB.");
    }

    @Test
    void asMarkdown_hasTables() {
        assertThat(ReportWriter.toMarkdown(TABLES))
                .contains("| bert | FLOAT32 | 300 | 10.0 | 20.0 | 2.00 | 1.00 | 0 | 0.000000 | 1 |\n")
                .contains("| bert | FLOAT16 | 300 | n/a | 50.0 | n/a | 2.50 | 2 | 0.001230 | 1 |\n")
                .contains("4 L K H for each layer");
    }

    @Test
    void asJson_omitsNaN() throws JsonProcessingException {
        JsonNode json = new JsonMapper().readTree(FigureJson.create().write(REPORT));

        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "machine",
                        "models",
                        "exchanges",
                        "flops",
                        "ceilingMedianGigaflops",
                        "ceilingBestGigaflops",
                        "forward",
                        "endToEnd",
                        "soak");
        assertThat(json.at("/forward/0").fieldNames())
                .toIterable()
                .containsExactly(
                        "architecture",
                        "tokens",
                        "flops",
                        "ceilingGigaflops",
                        "millis",
                        "minMillis",
                        "tokensPerSecond",
                        "gigaflops",
                        "shareOfCeiling",
                        "onnxMillis",
                        "float16Millis");
        assertThat(json.at("/endToEnd/1").fieldNames())
                .toIterable()
                .containsExactly(
                        "architecture",
                        "precision",
                        "exchanges",
                        "batchedPerSecond",
                        "decisionsChanged",
                        "greatestDifference",
                        "unscored");
        assertThat(json.at("/soak").fieldNames())
                .toIterable()
                .containsExactly(
                        "architecture",
                        "threads",
                        "seconds",
                        "evaluations",
                        "wrong",
                        "tolerance",
                        "greatestDifference",
                        "residentMegabytes");
    }

    @Test
    void samples_haveMedianMinimumAndMaximum() {
        Samples samples = new Samples();
        assertThat(samples.median()).isNaN();
        for (double value : new double[] {5, 1, 3, 2}) {
            samples.add(value);
        }

        assertThat(samples.median()).isEqualTo(2.5);
        assertThat(samples.min()).isEqualTo(1);
        assertThat(samples.max()).isEqualTo(5);
    }
}
