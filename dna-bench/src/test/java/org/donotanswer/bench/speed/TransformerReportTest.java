package org.donotanswer.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
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

    @Test
    void toText_hasAlignedTables() {
        assertThat(REPORT.toText().lines())
                .contains(
                        "Ceiling, matMul [2048, 768] x [768, 3072] in FLOAT32: median 350 GFLOP/s, best 360, measured in"
                                + " turn with the rest.",
                        "architecture  tokens      ms  least ms  tokens/s  per token vs 512  GFLOP/s  of ceiling  ONNX ms"
                                + "  vs ONNX  FLOAT16 x  BFLOAT16 x",
                        "bert             512   400.0     390.0     1,280              1.00      242        69 %    380.0"
                                + "     0.95       4.00           -",
                        "longformer      4096  8000.0    7000.0       512              2.00      100        29 %        -"
                                + "        -       4.00        2.00")
                .anyMatch(line ->
                        line.startsWith("32 threads on one bert evaluator for 120 s: 12,345 exchanges judged, 0")
                                && line.endsWith("at the end: 900, 901 MB."));
    }

    @Test
    void toMarkdown_hasTables() {
        assertThat(REPORT.toMarkdown())
                .contains("| bert | FLOAT32 | 300 | 10.0 | 20.0 | 2.00 | 1.00 | 0 | 0.000000 | 1 |\n")
                .contains("| bert | FLOAT16 | 300 | - | 50.0 | - | 2.50 | 2 | 0.001230 | 1 |\n")
                .contains("4 L K H for each layer");
    }

    @Test
    void toJson_leavesOutWhatIsNaN() {
        assertThat(REPORT.forward().get(0).toJson()).doesNotContainKey("bfloat16Millis");
        assertThat(REPORT.toJson())
                .containsKeys("machine", "flops", "forward", "endToEnd", "soak", "ceilingMedianGigaflops");
        assertThat(REPORT.endToEnd().get(1).toJson()).doesNotContainKey("singlePerSecond");
    }

    @Test
    void samples_medianAndExtremes() {
        Samples samples = new Samples();
        assertThat(samples.median()).isNaN();
        for (double value : new double[] {5, 1, 3, 2}) {
            samples.add(value);
        }

        assertThat(samples.median()).isEqualTo(2.5);
        assertThat(samples.min()).isEqualTo(1);
        assertThat(samples.max()).isEqualTo(5);
    }

    @Test
    void table_unevenRows_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Table(List.of("a", "b"), List.of(List.of("1"))))
                .withMessage("rows must have 2 cells, but were others");
    }
}
