package org.donotanswer.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.transformer.TokenSequence;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.ReportWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderBenchmarkTest {
    private static final List<Exchange> EXCHANGES =
            List.of(Exchange.of("w1 w2 w3", "w4 w5"), Exchange.of("w6", "w7 w8 w9 w10"), Exchange.of("w2", "w3"));

    @TempDir
    private Path directory;

    private Path checkpoint() throws IOException {
        return new BenchmarkModels(directory, Optional.empty(), Optional.empty(), true)
                .writeCheckpoint(FineTuneModel.MINILM);
    }

    @Test
    void run_tinyModel_measuresSpeedAndDifferences() throws IOException {
        List<String> steps = new ArrayList<>();

        EncoderReport report = new EncoderBenchmark(checkpoint(), EXCHANGES, List.of(5, 9), 2).run(steps::add);

        assertThat(steps).containsExactly("memory", "5 tokens", "9 tokens", "differences on 3 windows");
        assertThat(report.speed()).extracting(EncoderSpeedRow::tokens).containsExactly(5, 9);
        assertThat(report.speed()).allSatisfy(row -> assertThat(row.judge()).isPositive());
        assertThat(report.drift())
                .extracting(EncoderDriftRow::engine, EncoderDriftRow::head, EncoderDriftRow::windows)
                .containsExactly(
                        tuple(EncoderReport.QUANTIZED, "all outputs", 3), tuple(EncoderReport.JUDGE, "all outputs", 3));
        assertThat(report.drift()).allSatisfy(row -> {
            assertThat(row.max()).isBetween(1e-9, .05);
            assertThat(row.mean()).isBetween(1e-9, row.max());
        });
        String text = ReportWriter.toText(
                report.toReport(Provenance.builder("benchmark-encoder", "1").build()));
        assertThat(text).contains("Milliseconds a window.", "Encoder judge", "Other decisions");
    }

    @Test
    void engines_inFloats_agree() throws IOException {
        Path checkpoint = checkpoint();
        long[] ids = {3, 17, 4, 99, 1_000};
        TokenSequence window = new TokenSequence(ids, new long[5]);

        try (WindowEngine onnx = WindowEngine.onnx(checkpoint);
                WindowEngine transformer = WindowEngine.transformer(checkpoint)) {
            assertThat(onnx.logits(window))
                    .usingComparatorWithPrecision(1e-4f)
                    .containsExactly(transformer.logits(window));
        }
    }

    @Test
    void benchmark_withoutExchanges_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EncoderBenchmark(directory, List.of(), List.of(5), 1))
                .withMessage("exchanges and lengths must have elements, but had 0 and 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EncoderBenchmark(directory, EXCHANGES, List.of(5), 0))
                .withMessage("rounds must be at least 1, but was 0");
    }
}
