package org.donotanswer.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the logits of tiny checkpoints with those of the reference implementation. */
@RealData
class OnnxEncoderRealDataTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @ValueSource(strings = {"bert-action", "roberta-harmful", "distilbert-harmful"})
    void logits_equalThoseOfTheReference(String name) throws IOException {
        Path checkpoint = RealDataDirectories.doNotAnswer().resolveSibling("checkpoints/" + name);
        JsonNode expected = JSON.readTree(Files.readAllBytes(checkpoint.resolve("expected.json")));
        long pad = expected.required("pad_token_id").longValue();

        try (OnnxEncoder encoder = OnnxEncoder.open(checkpoint, 1)) {
            for (JsonNode testCase : expected.required("cases")) {
                long[][] ids = rows(testCase.required("input_ids"), pad);
                long[][] mask = rows(testCase.required("input_ids"), -1);
                for (long[] row : mask) {
                    Arrays.setAll(row, i -> row[i] < 0 ? 0 : 1);
                }
                JsonNode types = testCase.required("token_type_ids");
                float[][] logits = encoder.logits(ids, mask, types.isNull() ? ids : rows(types, 0));

                JsonNode wanted = testCase.required("logits");
                for (int row = 0; row < wanted.size(); row++) {
                    for (int i = 0; i < wanted.get(row).size(); i++) {
                        assertThat(logits[row][i])
                                .isCloseTo(wanted.get(row).get(i).floatValue(), within(1e-4f));
                    }
                }
            }
        }
    }

    private static long[][] rows(JsonNode node, long pad) {
        long[][] rows = StreamSupport.stream(node.spliterator(), false)
                .map(row -> StreamSupport.stream(row.spliterator(), false)
                        .mapToLong(JsonNode::longValue)
                        .toArray())
                .toArray(long[][]::new);
        int length = Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(0);
        return Arrays.stream(rows)
                .map(row -> {
                    long[] padded = Arrays.copyOf(row, length);
                    Arrays.fill(padded, row.length, length, pad);
                    return padded;
                })
                .toArray(long[][]::new);
    }
}
