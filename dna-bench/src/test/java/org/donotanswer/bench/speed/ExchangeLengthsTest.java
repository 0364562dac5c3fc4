package org.donotanswer.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExchangeLengthsTest {
    @RealData
    @ParameterizedTest
    @CsvSource({"BERT, bert-uncased", "LONGFORMER, roberta-bpe"})
    void committed_equalsMeasured(BenchmarkArchitecture architecture, String tokenizer) throws IOException {
        Path data = RealDataDirectories.doNotAnswer();

        ExchangeLengths measured =
                ExchangeLengths.measure(data, data.resolveSibling("tokenizers/" + tokenizer + "/tokenizer.json"));

        assertThat(ExchangeLengths.committed(architecture).percentiles()).isEqualTo(measured.percentiles());
    }

    @ParameterizedTest
    @EnumSource
    void sample_hasThePercentilesOfItsDistribution(BenchmarkArchitecture architecture) throws IOException {
        ExchangeLengths real = ExchangeLengths.committed(architecture);

        List<Integer> sample = real.sample(20_000, 7);

        ExchangeLengths sampled = ExchangeLengths.of(
                "sample", sample.stream().mapToInt(Integer::intValue).toArray());
        for (int percent : new int[] {5, 50, 95}) {
            assertThat((double) sampled.percentiles().get(percent))
                    .isCloseTo(
                            real.percentiles().get(percent),
                            within(0.05 * real.percentiles().get(percent)));
        }
        assertThat(real.sample(20_000, 7)).isEqualTo(sample);
        assertThat(real.sample(20_000, 8)).isNotEqualTo(sample);
    }

    @Test
    void of_takesTheNearestRank() {
        int[] lengths = IntStream.rangeClosed(1, 1000).map(i -> 1001 - i).toArray();

        List<Integer> percentiles = ExchangeLengths.of("test", lengths).percentiles();

        assertThat(percentiles).startsWith(1, 10, 20).endsWith(990, 1000);
    }

    @Test
    void percentiles_thatAreInvalid_throw() {
        List<Integer> descending =
                IntStream.rangeClosed(0, 100).map(i -> 200 - i).boxed().toList();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ExchangeLengths("test", descending))
                .withMessage("percentiles must be positive and ascend, but was 200 (at 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ExchangeLengths("test", List.of(1, 2)))
                .withMessage("percentiles must have size 101, but was 2");
    }
}
