package org.donotanswer.bench.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class ExchangeRecordsFuzzTest implements FuzzTests {
    private static final LabelledExample EXAMPLE = LabelledExample.builder("1", "s", "How?")
            .response("So.")
            .harmful(true)
            .build();

    static Stream<byte[]> records() {
        return Seeds.texts(
                """
                {"temperatures":{"harmful":1.5,"refusal":0.75}}
                {"source":"s","id":"1","windows":[[0.5,-0.5,1.0,2.0]],\
                "embedded":{"status":"SCORED","evaluator":"e","harmful":0.25},\
                "embeddedBenchmark":{"status":"UNSCORED","reason":"TIMEOUT","detail":"d"}}
                """);
    }

    @MethodSource("records")
    @FuzzTest
    void records(byte[] data) throws IOException {
        Path file = Seeds.file("exchanges.jsonl", data);
        ExchangeRecords records = new ExchangeRecords(file, List.of(EXAMPLE), example -> false);

        ReaderContract.read(records::isComplete, IOException.class);
        ReaderContract.read(records::rows, IOException.class)
                .ifPresent(rows -> assertThat(rows).singleElement().satisfies(row -> {
                    for (StageNorm norm : StageNorm.values()) {
                        row.in(norm).inputs().ifPresent(inputs -> assertThat(inputs.reads(HeadKind.INSTRUCTION_RISK))
                                .isIn(true, false));
                    }
                }));
    }
}
