package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.donotanswer.bench.cli.BenchmarkFigures.Rate;
import org.donotanswer.bench.cli.BenchmarkFigures.Times;
import org.donotanswer.bench.jmh.BenchmarkExchanges;
import org.donotanswer.dataset.SampleData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkTest {
    @TempDir
    private Path directory;

    private static final BenchmarkFigures FIGURES = new BenchmarkFigures(
            "fake/1",
            "invented exchanges",
            1234,
            56.7,
            new Rate(30_000, 123.4),
            new Rate(57_000, Double.NaN),
            2,
            new Times(20, 18, 90.5, 150, 1000),
            4500.4,
            new Times(3, 2.5, 4, 5, 6.25),
            new Times(80, 79, 90, 90, 90),
            4_400_000,
            12_800_000);

    @Test
    void figures_asText_areATable() {
        assertThat(FIGURES.toText().lines().skip(1))
                .containsExactly(
                        "exchanges               invented exchanges: 1,234, mean response 57 chars",
                        "throughput, 1 thread    30,000 exchanges/s +- 123",
                        "throughput, 2 threads   57,000 exchanges/s, 1.90 times that of one",
                        "latency                 p50 18.0 us, p99 90.5 us, p99.9 150.0 us, mean 20.0 us",
                        "allocation              4,500 bytes an exchange",
                        "response of 1 MB        p50 2.50 ms, max 6.25 ms",
                        "create(), new JVM       mean 80 ms, max 90 ms",
                        "model                   4.40 MB in its file, 12.8 MB on the heap");
    }

    @Test
    void figures_asJson_haveNoNaN() {
        assertThat(FIGURES.toJson().get("allThreads")).hasToString("{perSecond=57000.0, error=null}");
        assertThat(FIGURES.toJson()).containsEntry("scaling", 1.9).containsEntry("modelFileBytes", 4_400_000L);
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
    void data_missing_isToldAtOnce() {
        Path missing = directory.resolve("missing");

        assertThat(Run.of("benchmark", "--data", missing))
                .isEqualTo(new Run(1, "", "dna benchmark: file must exist, but was missing (" + missing + ")\n"));
    }
}
