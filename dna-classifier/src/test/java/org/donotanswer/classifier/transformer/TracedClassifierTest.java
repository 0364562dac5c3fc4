package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests with TorchScript files, which {@code make_modules.py} next to them created. */
class TracedClassifierTest {
    private static final TokenSequence SHORT = new TokenSequence(new long[] {2, 9, 3}, new long[3]);
    private static final TokenSequence LONG = new TokenSequence(new long[] {2, 9, 10, 3}, new long[4]);

    @TempDir
    private Path directory;

    @BeforeEach
    void writeConfig() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\":\"meanpool\",\"vocab_size\":64}");
        TinyCheckpoint.addTokenizer(directory, TinyCheckpoint.WORDPIECE);
    }

    private Path put(String module) throws IOException {
        return Files.copy(
                TinyCheckpoint.resource("/org/donotanswer/classifier/transformer/" + module + ".pt"),
                directory.resolve(module + ".pt"));
    }

    private String invalidModule(String inputs, int labels, Path file) {
        return file.getFileName() + " must be a TorchScript module that takes " + inputs + " and returns " + labels
                + " logits per sequence, but was not (" + file + ")";
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> SafetyEvaluator.load(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(message);
    }

    @Test
    void logits_batchOfTwoLengths_matchPython() throws IOException {
        put("plain");
        try (TracedClassifier classifier = TracedClassifier.load(directory, 0, 2, 1)) {
            float[][] logits = classifier.logits(List.of(SHORT, LONG));
            assertThat(classifier.labels()).isEqualTo(2);
            assertThat(logits[0]).containsExactly(new float[] {0.5172f, -0.0811f}, within(1e-4f));
            assertThat(logits[1]).containsExactly(new float[] {0.4291f, 0.2937f}, within(1e-4f));
            assertThat(classifier.logits(List.of(SHORT))[0]).containsExactly(logits[0], within(1e-6f));
        }
    }

    @Test
    void logits_ofDictionary_areFoundByName() throws IOException {
        put("named");
        Files.writeString(directory.resolve("serving.properties"), "engine=PyTorch\nincludeTokenTypes=true\n");
        try (TracedClassifier classifier = TracedClassifier.load(directory, 0, 2, 0)) {
            TokenSequence pair = new TokenSequence(SHORT.inputIds(), new long[] {0, 0, 1});
            assertThat(classifier.logits(List.of(SHORT))[0])
                    .containsExactly(new float[] {0.5172f, -0.0811f}, within(1e-4f));
            assertThat(classifier.logits(List.of(pair))[0])
                    .containsExactly(new float[] {1.5172f, 0.9189f}, within(1e-4f));
        }
    }

    @Test
    void load_throughServiceLoader_evaluates() throws IOException {
        put("plain");
        try (SafetyEvaluator evaluator = SafetyEvaluator.load(directory)) {
            assertThat(evaluator).isInstanceOf(TransformerEvaluator.class);
            Scored scored = (Scored) evaluator.evaluate("ignored", "yes"); // [CLS] 2, yes 9, [SEP] 3
            double expected = 1 / (1 + Math.exp(0.5172 + 0.0811));
            assertThat(scored.harmful().getAsDouble()).isCloseTo(expected, within(1e-4));
            assertThat(scored.actions()).isEmpty();
            assertThat(evaluator.provenance().version()).isEqualTo("meanpool");
            assertThat(evaluator.provenance().data()).hasSize(3);
        }
    }

    @Test
    void evaluate_longText_isTruncatedAtTheDefaultLimit() throws IOException {
        put("plain");
        Exchange fits = Exchange.responseOnly("yes ".repeat(510));
        Exchange tooLong = Exchange.responseOnly("yes ".repeat(511));
        try (SafetyEvaluator evaluator = SafetyEvaluator.load(directory)) {
            assertThat(((Scored) evaluator.evaluate(fits)).truncated()).isFalse();
            assertThat(((Scored) evaluator.evaluate(tooLong)).truncated()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"roberta", "xlm-roberta", "camembert"})
    void maxTokens_positionsCountedFromPadding_isLess(String type) throws IOException {
        TinyCheckpoint.setConfig(directory, "model_type", '"' + type + '"');
        assertThat(TracedClassifier.maxTokens(CheckpointConfig.read(directory))).isEqualTo(512);
        TinyCheckpoint.setConfig(directory, "max_position_embeddings", "514");
        assertThat(TracedClassifier.maxTokens(CheckpointConfig.read(directory))).isEqualTo(512);
        TinyCheckpoint.setConfig(directory, "max_position_embeddings", "2");
        assertThatThrownBy(() -> TracedClassifier.maxTokens(CheckpointConfig.read(directory)))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("max_position_embeddings must be at least pad_token_id + 2 (3), but was 2 ("
                        + directory.resolve("config.json") + ")");
    }

    @Test
    void load_twoFiles_isRefused() throws IOException {
        put("plain");
        put("named");
        assertRefused("number of .pt files must be 1, but was 2 (" + directory + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flat", "text", "named"})
    void load_otherInputsOrOutputs_isRefused(String module) throws IOException {
        Path file = put(module);
        assertRefused(invalidModule("input_ids, attention_mask", 2, file));
    }

    @Test
    void load_moduleWithoutTokenTypes_isRefusedIfTheyAreConfigured() throws IOException {
        Path file = put("plain");
        Files.writeString(directory.resolve("serving.properties"), "option.includeTokenTypes = TRUE");
        assertRefused(invalidModule("input_ids, attention_mask, token_type_ids", 2, file));
    }

    @Test
    void load_otherNumberOfLabels_isRefused() throws IOException {
        Path file = put("plain");
        TinyCheckpoint.setConfig(directory, "id2label", "{\"0\":\"safe\",\"1\":\"toxic\",\"2\":\"hate\"}");
        assertRefused(invalidModule("input_ids, attention_mask", 3, file));
    }

    @Test
    void load_malformedProperties_isRefused() throws IOException {
        put("plain");
        Path file = directory.resolve("serving.properties");
        Files.writeString(file, "includeTokenTypes=\\u00zz");
        assertRefused("serving.properties must be a properties file, but was malformed (" + file + ")");
    }

    @Test
    void load_corruptFile_isRefused() throws IOException {
        Path file = put("plain");
        byte[] whole = Files.readAllBytes(file);
        byte[] noise = new byte[5_000];
        new Random(3).nextBytes(noise);
        for (byte[] damaged : List.of(
                new byte[0],
                new byte[] {'P', 'K', 3, 4},
                noise,
                Arrays.copyOf(whole, 100),
                Arrays.copyOf(whole, whole.length / 2),
                Arrays.copyOf(whole, whole.length - 1))) {
            Files.write(file, damaged);
            assertRefused(invalidModule("input_ids, attention_mask", 2, file));
        }
    }

    @Test
    void load_tokensBeyondVocabulary_isRefused() throws IOException {
        put("plain");
        TinyCheckpoint.setConfig(directory, "vocab_size", "40");
        assertRefused("vocab_size must be at least 56 for the tokens of tokenizer.json, but was 40 ("
                + directory.resolve("config.json") + ")");
    }

    @Test
    void build_halfPrecision_isRefused() throws IOException {
        put("plain");
        TransformerEvaluator.Builder builder =
                TransformerEvaluator.builder().checkpoint(directory).precision(Precision.FLOAT16);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("precision must be FLOAT32 or AUTO for TorchScript, but was FLOAT16");
    }

    @Test
    void logits_afterClose_throws() throws IOException {
        put("plain");
        TracedClassifier classifier = TracedClassifier.load(directory, 0, 2, 0);
        classifier.close();
        classifier.close();
        assertThatThrownBy(() -> classifier.logits(List.of(SHORT)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("TracedClassifier is closed");
    }
}
