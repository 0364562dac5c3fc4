package org.donotanswer.classifier.finetune;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.donotanswer.internal.Sha256;
import org.junit.jupiter.params.provider.MethodSource;

final class FinetuneFuzzTest implements FuzzTests {
    private static final String WEIGHTS_HEADER = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    private static final byte[] BASE_WEIGHTS = weights();
    private static final String PEFT =
            """
            {"bias": "none", "lora_alpha": 8, "peft_type": "LORA", "r": 2, "target_modules": ["query", "value"]}
            """;
    private static final String OWN =
            """
            {"version": 1, "base_sha256": "BASE", "max_tokens": 128, "input_format": "separated_string",
             "heads": [{"kind": "harmful", "temperature": 1.25, "threshold": 0.375}, {"kind": "action"}]}
            """
                    .replace("BASE", Sha256.of(BASE_WEIGHTS));

    private static byte[] weights() {
        byte[] header = WEIGHTS_HEADER.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + 4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    static Stream<byte[]> peftConfigs() {
        return Seeds.texts(PEFT);
    }

    @MethodSource("peftConfigs")
    @FuzzTest
    void peftConfig(byte[] data) throws IOException {
        merge(data, OWN.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<byte[]> ownFiles() {
        return Seeds.texts(OWN);
    }

    @MethodSource("ownFiles")
    @FuzzTest
    void ownFile(byte[] data) throws IOException {
        merge(PEFT.getBytes(StandardCharsets.UTF_8), data);
    }

    /** Merges a delta without a card, which is refused last of all, before anything native is loaded. */
    private static void merge(byte[] peft, byte[] own) throws IOException {
        Path base = Seeds.file("base/model.safetensors", BASE_WEIGHTS).getParent();
        Path delta = Seeds.file("delta/" + Adapter.CONFIG, peft).getParent();
        Seeds.file("delta/" + Adapter.OWN_FILE, own);
        Path target = base.resolveSibling("merged");

        ReaderContract.read(
                () -> {
                    Delta.merge(base, delta, target);
                    throw new AssertionError("merge must need a card, but did not");
                },
                CheckpointException.class);
        if (Files.exists(target)) {
            throw new AssertionError("refused merge must leave nothing, but left a directory");
        }
    }

    static Stream<byte[]> tokenizers() {
        return Seeds.texts("{\"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}},"
                + " \"normalizer\": {\"type\": \"BertNormalizer\", \"lowercase\": true}}");
    }

    @MethodSource("tokenizers")
    @FuzzTest
    void encoderTokenizer(byte[] data) {
        ReaderContract.read(
                () -> EncoderTokenizer.read(ByteBuffer.wrap(data), "tokenizer.json"), CheckpointException.class);
    }

    static Stream<byte[]> states() {
        return Seeds.texts(
                "{\"version\": 1, \"fingerprint\": \"f\", \"step\": 7, \"epochLoss\": 0.5, \"epochs\": [{\"epoch\": 1,"
                        + " \"trainingLoss\": 0.25, \"heads\": {\"HARMFUL\": {\"examples\": 3, \"logLoss\": 0.5,"
                        + " \"accuracy\": 1.0, \"macroF1\": 1.0}}}],"
                        + " \"bestEpoch\": 1, \"weights\": \"state-7.safetensors\", \"best\": \"best-1.safetensors\"}");
    }

    @MethodSource("states")
    @FuzzTest
    void trainingState(byte[] data) throws IOException {
        Path directory = Seeds.file("state/state.json", data).getParent();

        ReaderContract.read(() -> new TrainingState(directory).read("f"), CheckpointException.class);
    }
}
