package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.donotanswer.classifier.transformer.LongformerExtension.Extended;
import org.donotanswer.classifier.transformer.TrainableClassifier.AdamW;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.WeightSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LongformerExtensionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POSITIONS = "embeddings.position_embeddings.weight";
    /** All that the tiny bases have. */
    private static final int BASE_POSITIONS = 400;

    private static final int HIDDEN = 48;
    private static final List<String> FILES =
            List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt");

    @TempDir
    private Path directory;

    private Path base(String name) throws IOException {
        return TinyCheckpoint.copy(directory, name);
    }

    private Path extend(Path base, int positions, int window) throws IOException {
        Path output = directory.resolve("extended");
        Extended unused = new LongformerExtension(base, positions, window).writeTo(output);
        return output;
    }

    private static JsonNode json(Path directory, String file) throws IOException {
        return JSON.readTree(directory.resolve(file).toFile());
    }

    private static Map<String, List<Long>> shapes(Path directory) throws IOException {
        Map<String, List<Long>> shapes = new TreeMap<>();
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            for (String name : weights.names()) {
                shapes.put(name, weights.tensor(name).shape());
            }
        }
        return shapes;
    }

    private static float[] tensor(Path directory, String name) throws IOException {
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            return weights.tensor(name).toFloats();
        }
    }

    private static CheckpointModel model(Path directory) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(directory);
        Kernels kernels = new Kernels(Precision.FLOAT32, Torch.hasOneDnn());
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            return CheckpointModel.load(Architecture.of(config), config.labelCount(), weights, kernels, 0);
        }
    }

    /** Returns tokens other than special ones, the second half of which have the given type. */
    private static TokenSequence tokens(int length, long secondType) {
        long[] types = new long[length];
        Arrays.fill(types, length / 2, length, secondType);
        return new TokenSequence(
                new SplittableRandom(length).longs(length, 5, 503).toArray(), types);
    }

    @Test
    void roberta_windowOverTheWholeText_readsItAsBefore() throws IOException {
        Path base = base("roberta-harmful");
        Path extended = extend(base, 1_000, 2 * BASE_POSITIONS);

        try (CheckpointModel before = model(base);
                CheckpointModel after = model(extended)) {
            for (int length : new int[] {1, 2, 17, 65, 200, BASE_POSITIONS}) {
                List<TokenSequence> text = List.of(tokens(length, 0));
                float[] expected = before.run(Architecture.FULL, text)[0];
                assertThat(after.run(Architecture.FULL, text)[0])
                        .as(length + " tokens")
                        .containsExactly(expected, within(1e-5f));
                assertThat(after.run(Longformer.BANDED, text)[0])
                        .as(length + " tokens in the band")
                        .containsExactly(expected, within(1e-5f));
            }
            List<TokenSequence> batch = List.of(tokens(30, 0), tokens(BASE_POSITIONS, 0), tokens(3, 0));
            float[][] expected = before.run(Architecture.PADDED, batch);
            float[][] found = after.run(Architecture.PADDED, batch);
            for (int row = 0; row < found.length; row++) {
                assertThat(found[row]).as("row " + row).containsExactly(expected[row], within(1e-5f));
            }
        }
    }

    @Test
    void roberta_narrowWindow_readsLongTextsDifferently() throws IOException {
        Path base = base("roberta-harmful");
        Path extended = extend(base, 1_000, 16);

        try (CheckpointModel before = model(base);
                CheckpointModel after = model(extended)) {
            List<TokenSequence> covered = List.of(tokens(9, 0));
            List<TokenSequence> longer = List.of(tokens(100, 0));
            assertThat(after.run(Architecture.FULL, covered)[0])
                    .containsExactly(before.run(Architecture.FULL, covered)[0], within(1e-5f));
            assertThat(Math.abs(
                            after.run(Architecture.FULL, longer)[0][0] - before.run(Architecture.FULL, longer)[0][0]))
                    .isGreaterThan(1e-4f);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {BASE_POSITIONS + 1, 777, 1_000})
    void beyondTheBase_bandAndMask_areEqual(int length) throws IOException {
        try (CheckpointModel model = model(extend(base("roberta-harmful"), 1_000, 16))) {
            List<TokenSequence> text = List.of(tokens(length, 0));

            assertThat(model.run(Longformer.BANDED, text)[0])
                    .containsExactly(model.run(Architecture.FULL, text)[0], within(2e-5f));
        }
    }

    /** Adds the same head to the transcription of BERT and to its extension. */
    @Test
    void bert_windowOverTheWholeText_encodesItAsBefore() throws IOException {
        Path base = base("bert-action");
        Path extended = extend(base, 1_000, 2 * BASE_POSITIONS);
        addHead(extended);
        ReferenceModel.Weights head = ReferenceModel.Weights.read(extended);
        ReferenceBertEncoder bert =
                new ReferenceBertEncoder(json(base, "config.json"), ReferenceModel.Weights.read(base), "bert.");

        try (CheckpointModel model = model(extended)) {
            for (int length : new int[] {1, 2, 33, BASE_POSITIONS}) {
                TokenSequence text = tokens(length, 1);
                int[] mask = new int[length];
                Arrays.fill(mask, 1);
                double[][] encoded = bert.encoder(
                        bert.embeddings(text.inputIds(), text.typeIds(), ReferenceBertEncoder.range(length)), mask);
                double[][] dense = ReferenceMath.map(
                        head.linear(ReferenceBertEncoder.first(encoded), "classifier.dense"), Math::tanh);
                double[] expected = head.linear(dense, "classifier.out_proj")[0];
                float[] found = model.run(Architecture.FULL, List.of(text))[0];
                for (int output = 0; output < expected.length; output++) {
                    assertThat((double) found[output])
                            .as("output %d of %d tokens", output, length)
                            .isCloseTo(expected[output], within(1e-5));
                }
            }
        }
    }

    private static void addHead(Path directory) throws IOException {
        TinyCheckpoint.rewrite(directory, weights -> {
            Random random = new Random(3);
            weights.put("classifier.dense.weight", random(random, HIDDEN, HIDDEN));
            weights.put("classifier.dense.bias", random(random, HIDDEN));
            weights.put("classifier.out_proj.weight", random(random, 2, HIDDEN));
            weights.put("classifier.out_proj.bias", random(random, 2));
        });
        TinyCheckpoint.setConfig(directory, "architectures", "[\"LongformerForSequenceClassification\"]");
    }

    private static WeightSource random(Random random, long... shape) {
        float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.2 * random.nextGaussian());
        }
        return WeightSource.of(Arrays.stream(shape).boxed().toList(), () -> values);
    }

    @Test
    void robertaClassifier_hasTheTensorsOfALongformerClassifier() throws IOException {
        Path extended = extend(base("roberta-harmful"), BASE_POSITIONS, 16);

        assertThat(shapes(extended)).isEqualTo(shapes(TinyCheckpoint.resource("/checkpoints/longformer-harmful")));
        assertThat(json(extended, "config.json").path("architectures"))
                .isEqualTo(JSON.readTree("[\"LongformerForSequenceClassification\"]"));
    }

    @Test
    void bert_hasTheTensorsOfALongformerWithoutHead() throws IOException {
        Path extended = extend(base("bert-action"), BASE_POSITIONS, 16);

        Map<String, List<Long>> expected = new TreeMap<>();
        shapes(TinyCheckpoint.resource("/checkpoints/longformer-harmful")).forEach((name, shape) -> {
            if (name.startsWith("longformer.")) {
                expected.put(name.substring("longformer.".length()), shape);
            }
        });
        expected.put(POSITIONS, List.of(BASE_POSITIONS + 1L, (long) HIDDEN));
        expected.put("embeddings.token_type_embeddings.weight", List.of(2L, (long) HIDDEN));
        assertThat(shapes(extended)).isEqualTo(expected);
        assertThat(json(extended, "config.json").path("architectures"))
                .isEqualTo(JSON.readTree("[\"LongformerModel\"]"));
    }

    @ParameterizedTest
    @CsvSource({"roberta-harmful, roberta., longformer., 2, 2", "bert-action, bert., '', 0, 1"})
    void positions_areThoseOfTheBaseAgainAndAgain(
            String name, String basePrefix, String prefix, int baseStart, int start) throws IOException {
        Path base = base(name);
        Path extended = extend(base, 1_000, 16);

        float[] before = tensor(base, basePrefix + POSITIONS);
        float[] after = tensor(extended, prefix + POSITIONS);
        assertThat(after).hasSize((start + 1_000) * HIDDEN);
        for (int position = 0; position < 1_000; position++) {
            int row = baseStart + position % BASE_POSITIONS;
            assertThat(Arrays.copyOfRange(after, (start + position) * HIDDEN, (start + position + 1) * HIDDEN))
                    .as("position " + position)
                    .isEqualTo(Arrays.copyOfRange(before, row * HIDDEN, (row + 1) * HIDDEN));
        }
        assertThat(Arrays.copyOf(after, baseStart * HIDDEN)).isEqualTo(Arrays.copyOf(before, baseStart * HIDDEN));
    }

    @Test
    void projectionsOfTheFirstToken_areCopies() throws IOException {
        Path base = base("bert-action");
        Path extended = extend(base, 1_000, 16);

        for (String part : List.of("query", "key", "value")) {
            for (String end : List.of(".weight", ".bias")) {
                assertThat(tensor(extended, "encoder.layer.1.attention.self." + part + "_global" + end))
                        .isEqualTo(tensor(extended, "encoder.layer.1.attention.self." + part + end))
                        .isEqualTo(tensor(base, "bert.encoder.layer.1.attention.self." + part + end));
            }
        }
    }

    @Test
    void config_bert_suitsLongformerAndTheTokenizer() throws IOException {
        JsonNode config = json(extend(base("bert-action"), 2_048, 512), "config.json");

        assertThat(config.path("model_type").asText()).isEqualTo("longformer");
        assertThat(config.path("attention_window")).isEqualTo(JSON.readTree("[512, 512, 512]"));
        assertThat(config.path("max_position_embeddings").asInt()).isEqualTo(2_049);
        assertThat(config.path("pad_token_id").asInt(-1)).isZero();
        assertThat(config.path("bos_token_id").asInt()).isEqualTo(2);
        assertThat(config.path("eos_token_id").asInt()).isEqualTo(3);
        assertThat(config.path("sep_token_id").asInt()).isEqualTo(3);
        assertThat(config.path("type_vocab_size").asInt()).isEqualTo(2);
        assertThat(config.path("layer_norm_eps").asDouble()).isEqualTo(1e-12);
        for (String removed : List.of("id2label", "label2id", "position_embedding_type", "tokenizer_class")) {
            assertThat(config.has(removed)).as(removed).isFalse();
        }
    }

    @Test
    void config_robertaClassifier_keepsItsLabels() throws IOException {
        Path base = base("roberta-harmful");
        JsonNode config = json(extend(base, 2_048, 512), "config.json");

        assertThat(config.path("max_position_embeddings").asInt()).isEqualTo(2_050);
        assertThat(config.path("pad_token_id").asInt()).isEqualTo(1);
        assertThat(config.path("bos_token_id").asInt(-1)).isZero();
        assertThat(config.path("sep_token_id").asInt()).isEqualTo(2);
        assertThat(config.path("layer_norm_eps").asDouble()).isEqualTo(1e-5);
        assertThat(config.path("id2label")).isEqualTo(json(base, "config.json").path("id2label"));
    }

    /** The models of some tokenizers do not have the padding that their BERT's configuration names. */
    @Test
    void config_bertWithAnotherPadding_hasThatOfTheTokenizer() throws IOException {
        Path base = base("bert-action");
        TinyCheckpoint.addTokenizer(base, TinyCheckpoint.BYTE_BPE);
        JsonNode config = json(extend(base, 1_000, 16), "config.json");

        assertThat(config.path("pad_token_id").asInt()).isEqualTo(1);
        assertThat(config.path("max_position_embeddings").asInt()).isEqualTo(1_002);
    }

    @Test
    void tokenizer_readsTextsAsBeforeButLongerOnes() throws IOException {
        Path base = base("bert-action");
        Files.writeString(
                base.resolve("tokenizer_config.json"),
                "{\"tokenizer_class\":\"BertTokenizer\",\"model_max_length\":9,\"do_lower_case\":false}");
        Path extended = extend(base, 1_000, 16);

        assertThat(json(extended, "tokenizer_config.json"))
                .isEqualTo(JSON.readTree(
                        "{\"tokenizer_class\":\"BertTokenizer\",\"model_max_length\":1000,\"do_lower_case\":false}"));
        assertThat(json(extended, "tokenizer.json").path("truncation").isNull()).isTrue();
        assertThat(json(extended, "tokenizer.json").path("padding").isNull()).isTrue();
        TokenizerOptions options = TokenizerOptions.of(1_000, InputFormat.PAIR);
        try (CheckpointTokenizer before = CheckpointTokenizer.open(base, options);
                CheckpointTokenizer after = CheckpointTokenizer.open(extended, options)) {
            assertThat(before.maxTokens()).isEqualTo(9);
            assertThat(after.maxTokens()).isEqualTo(1_000);
            TokenSequence tokens = after.encode("A teapot", "I can.").windows().get(0);
            assertThat(tokens.typeIds()).contains(0, 1);
        }
    }

    @Test
    void tokenizer_withoutSettings_getsTheClassOfTheBase() throws IOException {
        assertThat(json(extend(base("bert-action"), 1_000, 16), "tokenizer_config.json"))
                .isEqualTo(JSON.readTree("{\"tokenizer_class\":\"BertTokenizerFast\",\"model_max_length\":1000}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"roberta-harmful", "bert-action"})
    void extended_longTexts_areTrainedOn(String name) throws IOException {
        Path extended = extend(base(name), 1_000, 32);
        ClassifierSetup setup = ClassifierSetup.builder(extended)
                .heads(List.of(HeadKind.HARMFUL, HeadKind.REFUSAL))
                .dropout(0)
                .threads(1)
                .build();

        try (TrainableClassifier classifier = setup.open()) {
            assertThat(classifier.outputs()).isEqualTo(4);
            List<TokenSequence> full = List.of(tokens(700, 0));
            List<TokenSequence> padded = List.of(tokens(900, 0), tokens(20, 0));
            float[][] one = {{0, 1, 1, 0}};
            float[][] two = {{0.5f, 0, 0, 0.5f}, {0, 0.5f, 0.5f, 0}};
            double first = classifier.addGradients(full, one) + classifier.addGradients(padded, two);
            assertThat(classifier.gradientNorm()).isPositive().isFinite();
            classifier.update(AdamW.DEFAULT, 1, 1e-3, 1);
            double second = classifier.addGradients(full, one) + classifier.addGradients(padded, two);
            assertThat(second).isLessThan(first);
        }
    }

    @Test
    void summary_tellsWhatTheBaseWas() throws IOException {
        assertThat(new LongformerExtension(base("bert-action"), 1_000, 16).writeTo(directory.resolve("a")))
                .isEqualTo(new Extended("bert", BASE_POSITIONS, 3, false));
        assertThat(new LongformerExtension(base("roberta-harmful"), 1_000, 16).writeTo(directory.resolve("b")))
                .isEqualTo(new Extended("roberta", BASE_POSITIONS, 3, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2|2|positions must be from 3 to 65536, but were 2",
                "65537|2|positions must be from 3 to 65536, but were 65537",
                "1000|0|window must be even and at least 2, but was 0",
                "1000|15|window must be even and at least 2, but was 15",
                "1000|1002|window must be at most the positions (1000), but was 1002"
            })
    void range_isChecked(int positions, int window, String message) {
        assertThatThrownBy(() -> new LongformerExtension(directory, positions, window))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private void assertRefused(Path base, int positions, String message) {
        Path output = directory.resolve("extended");
        assertThatThrownBy(() -> new LongformerExtension(base, positions, 16).writeTo(output))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(message);
        assertThat(output).doesNotExist();
    }

    @Test
    void base_otherArchitecture_isRefused() throws IOException {
        Path base = base("deberta-v2-harmful");

        assertRefused(
                base,
                1_000,
                "model_type of the base must be bert, camembert, data2vec-text, roberta or xlm-roberta, but was"
                        + " deberta-v2 (" + base.resolve("config.json") + ")");
    }

    @Test
    void base_morePositions_isRefused() throws IOException {
        Path base = base("roberta-harmful");

        assertRefused(
                base,
                399,
                "positions must be at least those of the base (400), but were 399 (" + base.resolve("config.json")
                        + ")");
    }

    @Test
    void base_incomplete_isRefused() throws IOException {
        Path base = base("roberta-harmful");
        TinyCheckpoint.rewrite(base, weights -> weights.remove("roberta.encoder.layer.2.output.dense.bias"));
        assertRefused(
                base,
                1_000,
                "roberta.encoder.layer.2.output.dense.bias must be in the base, but was missing (" + base + ")");

        Files.delete(base.resolve("model.safetensors"));
        assertRefused(
                base,
                1_000,
                "checkpoint must have model.safetensors, model.safetensors.index.json, pytorch_model.bin or"
                        + " pytorch_model.bin.index.json, but had none of them (" + base + ")");

        Files.delete(base.resolve("tokenizer.json"));
        assertRefused(
                base, 1_000, "tokenizer.json must be a file, but was missing (" + base.resolve("tokenizer.json") + ")");

        Files.delete(base.resolve("config.json"));
        assertRefused(base, 1_000, "checkpoint must have config.json, but had none (" + base + ")");
    }

    @Test
    void base_otherShape_isRefused() throws IOException {
        Path base = base("roberta-harmful");
        TinyCheckpoint.setWeight(base, "roberta." + POSITIONS, List.of(300L, (long) HIDDEN), 1);

        assertRefused(
                base,
                1_000,
                "roberta.embeddings.position_embeddings.weight must have shape [402, 48], but was [300, 48] ("
                        + base.resolve("model.safetensors") + ")");
    }

    @Test
    void output_withFiles_isRefusedAndKept() throws IOException {
        Path base = base("roberta-harmful");
        LongformerExtension extension = new LongformerExtension(base, 1_000, 16);
        Path full = Files.createDirectories(directory.resolve("full"));
        Path mine = Files.writeString(full.resolve("mine"), "mine");

        assertThatThrownBy(() -> extension.writeTo(full))
                .isInstanceOf(IOException.class)
                .hasMessage("directory of the model must be new or empty, but held files (" + full + ")");
        assertThatThrownBy(() -> extension.writeTo(mine))
                .isInstanceOf(IOException.class)
                .hasMessage("directory of the model must be a directory, but was a file (" + mine + ")");
        assertThat(full).isDirectoryContaining(path -> path.equals(mine));
        assertThat(mine).hasContent("mine");
    }

    @Test
    void output_emptyDirectory_isFilled() throws IOException {
        Path empty = Files.createDirectories(directory.resolve("empty"));
        Path base = base("bert-action");
        Files.writeString(base.resolve("vocab.txt"), "words");

        Extended unused = new LongformerExtension(base, 1_000, 16).writeTo(empty);

        assertThat(files(empty)).containsExactlyElementsOf(FILES);
    }

    @Test
    void output_leftUnfinished_isFinished() throws IOException {
        Path killed = Files.createDirectories(directory.resolve("killed"));
        Path base = base("bert-action");
        Files.writeString(base.resolve("vocab.txt"), "words");
        Files.writeString(killed.resolve(".unfinished"), "");
        Files.writeString(killed.resolve("model.safetensors"), "half");

        Extended unused = new LongformerExtension(base, 1_000, 16).writeTo(killed);

        assertThat(files(killed)).containsExactlyElementsOf(FILES);
        assertThat(shapes(killed)).isNotEmpty();
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
