package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.TensorType;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.AssessmentAssertions;
import org.donotanswer.evaluate.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations and files that the small checkpoints of the resources do not cover. */
class TransformerEvaluatorVariantsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path directory;

    /** Returns variants by name; each differs in kind from the checkpoints of the resources. */
    static Map<String, TinyCheckpoint> variants() throws IOException {
        Map<String, TinyCheckpoint> variants = new TreeMap<>();
        for (String act : List.of("gelu", "gelu_new", "relu", "silu", "tanh", "sigmoid", "mish", "linear")) {
            variants.put("bert " + act, TinyCheckpoint.of("bert").set("hidden_act", '"' + act + '"'));
        }
        variants.put("bert one layer", TinyCheckpoint.of("bert").set("num_hidden_layers", "1"));
        variants.put("bert one segment", TinyCheckpoint.of("bert").set("type_vocab_size", "1"));
        variants.put("distilbert relu", TinyCheckpoint.of("distilbert").set("activation", "\"relu\""));
        variants.put("roberta two segments", TinyCheckpoint.of("roberta").set("type_vocab_size", "2"));
        variants.put("xlm-roberta", TinyCheckpoint.of("xlm-roberta").set("layer_norm_eps", "1e-5"));
        variants.put("longformer one window", TinyCheckpoint.of("longformer"));
        variants.put("longformer one layer", TinyCheckpoint.of("longformer").set("num_hidden_layers", "1"));
        variants.put("longformer wide", TinyCheckpoint.of("longformer").set("attention_window", "[40, 2]"));
        variants.put("deberta", TinyCheckpoint.of("deberta-v2"));
        variants.put("deberta shared", TinyCheckpoint.of("deberta-v2").set("share_att_key", "true"));
        variants.put(
                "deberta convolution",
                TinyCheckpoint.of("deberta-v2").set("conv_kernel_size", "3").set("conv_act", "\"gelu\""));
        variants.put(
                "deberta one layer and convolution",
                TinyCheckpoint.of("deberta-v2")
                        .set("num_hidden_layers", "1")
                        .set("conv_groups", "2")
                        .set("conv_kernel_size", "5"));
        variants.put("deberta positions", TinyCheckpoint.of("deberta-v2").set("position_biased_input", "true"));
        variants.put("deberta segments", TinyCheckpoint.of("deberta-v2").set("type_vocab_size", "2"));
        variants.put(
                "deberta narrow embeddings", TinyCheckpoint.of("deberta-v2").set("embedding_size", "8"));
        variants.put("deberta c2p", TinyCheckpoint.of("deberta-v2").set("pos_att_type", "[\"c2p\"]"));
        variants.put("deberta p2c", TinyCheckpoint.of("deberta-v2").set("pos_att_type", "\"p2c\""));
        variants.put(
                "deberta no buckets",
                TinyCheckpoint.of("deberta-v2")
                        .set("position_buckets", "-1")
                        .set("max_relative_positions", "6")
                        .set("norm_rel_ebd", "\"none\""));
        variants.put(
                "deberta many buckets",
                TinyCheckpoint.of("deberta-v2").set("position_buckets", "9").set("max_relative_positions", "24"));
        variants.put(
                "deberta no relative positions", TinyCheckpoint.of("deberta-v2").set("relative_attention", "false"));
        return variants;
    }

    static Stream<String> names() throws IOException {
        return variants().keySet().stream();
    }

    /** Returns sequences of several lengths, with ids that every vocabulary contains and none of which is padding. */
    static List<TokenSequence> sequences() {
        Random random = new Random(23);
        List<TokenSequence> sequences = new ArrayList<>();
        for (int length : new int[] {1, 2, 5, 17, 40, 40}) {
            long[] ids = random.longs(length, 4, 40).toArray();
            sequences.add(new TokenSequence(ids, new long[length]));
        }
        return sequences;
    }

    private static CheckpointModel model(Path path, boolean packed) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(path);
        try (CheckpointWeights weights = CheckpointWeights.open(path)) {
            return CheckpointModel.load(
                    Architecture.of(config), config.labelCount(), weights, new Kernels(Precision.FLOAT32, packed), 0);
        }
    }

    /** Writes the variants to a directory, for make_variants.py. */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        for (Map.Entry<String, TinyCheckpoint> variant : variants().entrySet()) {
            variant.getValue().write(root.resolve(variant.getKey()));
        }
        MAPPER.writeValue(
                root.resolve("sequences.json").toFile(),
                sequences().stream().map(TokenSequence::inputIds).toList());
    }

    /** The expected logits come from make_variants.py, a plain transcription of the reference, for the same files. */
    @ParameterizedTest
    @MethodSource("names")
    void logits_ofVariant_matchTheReference(String name) throws IOException {
        Path path = variants().get(name).write(directory);
        JsonNode expected = MAPPER.readTree(
                        TinyCheckpoint.resource("/org/donotanswer/classifier/transformer/variants.json")
                                .toFile())
                .get(name);
        assertThat(expected).as(name).isNotNull();
        List<TokenSequence> sequences = sequences();
        for (boolean packed : Torch.hasOneDnn() ? new boolean[] {true, false} : new boolean[] {false}) {
            try (CheckpointModel model = model(path, packed)) {
                float[][] together = model.logits(sequences);
                for (int row = 0; row < sequences.size(); row++) {
                    float[] reference = {
                        expected.get(row).get(0).floatValue(),
                        expected.get(row).get(1).floatValue()
                    };
                    assertThat(together[row]).as("row " + row).containsExactly(reference, within(2e-4f));
                    if (row % 2 == 0 || (!packed && Torch.hasOneDnn())) {
                        continue; // saves time, as each form of a program takes a moment to optimise
                    }
                    List<TokenSequence> alone = List.of(sequences.get(row));
                    assertThat(model.logits(alone)[0]).as("row " + row).containsExactly(reference, within(2e-4f));
                    if (model.architecture() instanceof Longformer) {
                        assertThat(model.run(Longformer.BANDED, alone)[0])
                                .as("row " + row + " in the band")
                                .containsExactly(reference, within(2e-4f));
                    }
                }
            }
        }
    }

    private List<Assessment> assess(Path path) throws IOException {
        try (TransformerEvaluator evaluator =
                TransformerEvaluator.builder().checkpoint(path).warmUp(false).build()) {
            return evaluator.evaluateAll(TransformerEvaluatorTest.exchanges(12, 20));
        }
    }

    private void assertNear(List<Assessment> found, List<Assessment> expected, double tolerance) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            Scored one = (Scored) found.get(i);
            Scored other = (Scored) expected.get(i);
            AssessmentAssertions.assertSame(
                    new Scored(
                            one.harmful(),
                            one.actions(),
                            one.instructionRisk(),
                            one.harmTypes(),
                            one.truncated(),
                            other.evaluator()),
                    other,
                    tolerance);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert",
                "roberta",
                "xlm-roberta",
                "camembert",
                "data2vec-text",
                "distilbert",
                "longformer",
                "deberta-v2",
                "electra",
                "albert",
                "mpnet",
                "modernbert"
            })
    void load_withoutPrefixOrLegacyNamesOrSharded_isEquivalent(String type) throws IOException {
        List<Assessment> expected = assess(TinyCheckpoint.of(type).write(directory.resolve("plain")));
        String prefix = Map.of(
                        "xlm-roberta", "roberta.",
                        "camembert", "roberta.",
                        "data2vec-text", "data2vec_text.",
                        "deberta-v2", "deberta.",
                        "modernbert", "model.")
                .getOrDefault(type, type + '.');
        Path bare = TinyCheckpoint.of(type)
                .named(name -> name.startsWith(prefix) ? name.substring(prefix.length()) : name)
                .write(directory.resolve("bare"));
        Path legacy = TinyCheckpoint.of(type)
                .named(name ->
                        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"))
                .write(directory.resolve("legacy"));
        Path sharded = TinyCheckpoint.of(type).shards(3).write(directory.resolve("sharded"));
        for (Path path : List.of(bare, legacy, sharded)) {
            assertNear(assess(path), expected, 1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TensorType.class,
            names = {"FLOAT16", "BFLOAT16"})
    void load_halfPrecisionWeights_areClose(TensorType type) throws IOException {
        List<Assessment> expected = assess(TinyCheckpoint.of("bert").write(directory.resolve("plain")));
        assertNear(assess(TinyCheckpoint.of("bert").type(type).write(directory.resolve("half"))), expected, 0.05);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "6", "7"})
    void evaluate_eachHead_returnsItsPrediction(int outputs) throws IOException {
        Path path = TinyCheckpoint.of("bert").outputs(outputs).write(directory.resolve("head"));
        TransformerEvaluator.Builder builder = TransformerEvaluator.builder();
        try (TransformerEvaluator evaluator = (outputs < 3 ? builder.harmful(path) : builder.action(path)).build();
                CheckpointModel model = model(path, false)) {
            Scored scored = (Scored) evaluator.evaluate(Exchange.responseOnly("yes no"));
            float[] logits = model.logits(List.of(new TokenSequence(new long[] {2, 9, 10, 3}, new long[4])))[0];
            assertThat(logits).hasSize(outputs);
            assertThat(scored.harmful().isPresent()).isEqualTo(outputs < 3);
            assertThat(scored.actions().isPresent()).isEqualTo(outputs > 3);
            if (outputs < 3) {
                double logit = outputs == 1 ? logits[0] : logits[1] - logits[0];
                assertThat(scored.harmful().getAsDouble()).isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-5));
            }
        }
    }

    @Test
    void load_problemTypes_areSupportedOrRefused() throws IOException {
        Path two = TinyCheckpoint.of("bert").write(directory.resolve("two"));
        List<Assessment> plain = assess(two);
        TinyCheckpoint.setConfig(two, "problem_type", "\"single_label_classification\"");
        assertNear(assess(two), plain, 1e-6);
        TinyCheckpoint.setConfig(two, "problem_type", "\"multi_label_classification\"");
        assertThat(assess(two)).isNotEqualTo(plain);
        TinyCheckpoint.setConfig(two, "problem_type", "\"regression\"");
        assertThatThrownBy(() -> assess(two))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(
                        "problem_type must be single_label_classification, multi_label_classification or absent, but was"
                                + " regression (config.json); to read its scores by sigmoids, say what they mean with labels(..) or"
                                + " --labels, for example 0=harmful");
        Path one = TinyCheckpoint.of("bert")
                .outputs(1)
                .set("id2label", "{\"0\":\"toxic\"}")
                .write(directory.resolve("one"));
        List<Assessment> sigmoid = assess(one);
        for (String type : List.of("single_label_classification", "multi_label_classification")) {
            TinyCheckpoint.setConfig(one, "problem_type", '"' + type + '"');
            assertNear(assess(one), sigmoid, 1e-6);
        }
    }
}
