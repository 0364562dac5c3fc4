package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkGuardrailsLoadTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--load slow:0 | judge must be slow:MILLIS with 1 to 1000 milliseconds, but was slow:0",
                "--load slow:1001 | judge must be slow:MILLIS with 1 to 1000 milliseconds, but was slow:1001",
                "--load nobody | --load must name embedded, encoder, cascade or slow:MILLIS, but was nobody",
                "--load embedded,nobody | --load must name embedded, encoder, cascade or slow:MILLIS, but was nobody",
                "--load slow:5 --load-seconds 0 | --load-seconds must be at least 1, but was 0",
                "--load slow:5 --load-repetitions 0 | --load-repetitions must be at least 1, but was 0",
                "--load slow:5 --load-threads -1 | --load-threads must be at least 0, but was -1",
                "--load slow:5,embedded,slow:5 | --load must name each judge once (--load-repetitions measures it more often), but"
                        + " was slow:5 again",
                "--load slow:5 --streams 10000 | --streams must go without --load, for which it says nothing, but was with it",
                "--load slow:5 --quick | --quick must go without --load (choose --load-seconds and --load-repetitions), but was"
                        + " with it",
                "--streams 0 | --streams must be at least 1, but was 0",
                "--load-seconds 3 | --load-seconds must go with --load, but was without",
            })
    void load_wrongValues_areUsageErrors(String options, String message) {
        Run run = Run.of((Object[]) ("benchmark-guardrails " + options).split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines().findFirst()).contains("dna benchmark-guardrails: " + message);
    }
}
