package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.bench.speed.EmbeddedFigures;
import org.donotanswer.bench.speed.EmbeddedFigures.Throughput;
import org.donotanswer.bench.speed.EmbeddedFigures.Times;
import org.donotanswer.dataset.SampleData;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.ReportWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkTest {
    @TempDir
    private Path directory;

    private static final Provenance PROVENANCE =
            Provenance.builder("benchmark", "1").build();

    private static final EmbeddedFigures FIGURES = new EmbeddedFigures(
            "fake/1",
            "invented exchanges",
            1234,
            56.7,
            new Throughput(30_000, 123.4),
            new Throughput(57_000, Double.NaN),
            2,
            new Times(20, 18, 90.5, 150, 1000),
            4500.4,
            new Times(3, 2.5, 4, 5, 6.25),
            new Times(80, 79, 90, 90, 90),
            4_400_000,
            12_800_000);

    @Test
    void figures_asText_areAligned() {
        assertThat(ReportWriter.toText(FIGURES.toReport(PROVENANCE)).lines().skip(4))
                .containsExactly(
                        "Exchanges              1,234 (invented exchanges, mean response 57 chars)",
                        "Throughput, 1 thread   30,000 exchanges/s (+-123)",
                        "Throughput, 2 threads  57,000 exchanges/s (1.90 times that of one thread)",
                        "Latency                p50 18.0 us (p99 90.5 us, p99.9 150.0 us, mean 20.0 us)",
                        "Allocation             4,500 bytes per exchange",
                        "Response of 1 MB       p50 2.50 ms (max 6.25 ms)",
                        "create() in a new JVM  mean 80 ms (max 90 ms)",
                        "Model                  4.40 MB in its file (12.8 MB on the heap)");
    }

    @Test
    void figures_asJson_haveNoNaN() throws JsonProcessingException {
        JsonNode json = new JsonMapper()
                .readTree(new BenchmarkOutput(FIGURES, PROVENANCE, JsonNodeFactory.instance.arrayNode()).toJson());

        assertThat(json.get("allThreads")).hasToString("{\"perSecond\":57000.0,\"error\":null}");
        assertThat(json.get("scaling").doubleValue()).isEqualTo(1.9);
        assertThat(json.get("modelFileBytes").longValue()).isEqualTo(4_400_000);
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "evaluator",
                        "source",
                        "exchanges",
                        "meanResponseChars",
                        "oneThread",
                        "allThreads",
                        "threads",
                        "scaling",
                        "latencyMicros",
                        "bytesPerExchange",
                        "megabyteMillis",
                        "createMillis",
                        "modelFileBytes",
                        "modelHeapBytes",
                        "provenance",
                        "jmh");
        assertThat(json.get("latencyMicros").fieldNames())
                .toIterable()
                .containsExactly("mean", "p50", "p99", "p99.9", "max");
    }

    @Test
    void exchanges_dataGiven_areItsResponses() throws IOException {
        BenchmarkExchanges exchanges = load(SampleData.copyTo(directory));

        assertThat(exchanges.source()).isEqualTo("the responses of Do-Not-Answer");
        assertThat(exchanges.exchanges()).hasSize(3 * 8);
        assertThat(exchanges.meanResponseChars()).isPositive();
        assertThat(exchanges).isEqualTo(load(directory));
    }

    @Test
    void exchanges_dataMissing_areOurOwnAndSaySo() throws IOException {
        BenchmarkExchanges exchanges = load(directory.resolve("missing"));

        assertThat(exchanges.source()).isEqualTo("exchanges of our own, as no data was found");
        assertThat(exchanges.exchanges()).hasSize(15);
    }

    private static BenchmarkExchanges load(Path data) throws IOException {
        String before = System.setProperty(BenchmarkExchanges.DATA, data.toString());
        try {
            return BenchmarkExchanges.load();
        } finally {
            if (before == null) {
                System.clearProperty(BenchmarkExchanges.DATA);
            } else {
                System.setProperty(BenchmarkExchanges.DATA, before);
            }
        }
    }

    @Test
    void data_missing_isReportedAtOnce() {
        Path missing = directory.resolve("missing");

        assertThat(Run.of("benchmark", "--data", missing))
                .isEqualTo(new Run(1, "", "dna benchmark: file must exist, but was missing (" + missing + ")\n"));
    }
}
