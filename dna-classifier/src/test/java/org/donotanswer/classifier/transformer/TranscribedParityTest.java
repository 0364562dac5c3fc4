package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Generated checkpoints have the logits that the transcriptions of the reference compute in doubles, in every form of
 * the pass; and so have, to check the transcriptions, checkpoints with logits of the reference itself.
 */
class TranscribedParityTest {
    private static final double TOLERANCE = 1e-4;

    /** Longer than the local windows of 8 tokens, and than the 64 queries of a chunk. */
    private static final int[] LENGTHS = {1, 2, 9, 40, 70};

    @TempDir
    private Path directory;

    private static Map<String, TinyCheckpoint> variants() throws IOException {
        Map<String, TinyCheckpoint> variants = new TreeMap<>();
        variants.put("electra projected", TinyCheckpoint.of("electra"));
        variants.put("electra not projected", TinyCheckpoint.of("electra").set("embedding_size", "16"));
        variants.put(
                "electra one layer relu",
                TinyCheckpoint.of("electra").set("num_hidden_layers", "1").set("hidden_act", "\"relu\""));
        variants.put("electra one segment", TinyCheckpoint.of("electra").set("type_vocab_size", "1"));
        variants.put("albert", TinyCheckpoint.of("albert"));
        variants.put("albert seven outputs", TinyCheckpoint.of("albert").outputs(7));
        variants.put(
                "albert two groups of three layers",
                TinyCheckpoint.of("albert").set("num_hidden_layers", "3").set("num_hidden_groups", "2"));
        variants.put(
                "albert inner groups",
                TinyCheckpoint.of("albert")
                        .set("num_hidden_groups", "2")
                        .set("inner_group_num", "2")
                        .set("embedding_size", "16"));
        variants.put(
                "albert one layer gelu",
                TinyCheckpoint.of("albert").set("num_hidden_layers", "1").set("hidden_act", "\"gelu\""));
        variants.put("mpnet", TinyCheckpoint.of("mpnet"));
        variants.put(
                "mpnet more buckets, other padding, one layer",
                TinyCheckpoint.of("mpnet")
                        .set("num_hidden_layers", "1")
                        .set("relative_attention_num_buckets", "40")
                        .set("pad_token_id", "0"));
        variants.put("modernbert cls", TinyCheckpoint.of("modernbert"));
        variants.put("modernbert mean", TinyCheckpoint.of("modernbert").set("classifier_pooling", "\"mean\""));
        variants.put(
                "modernbert last layer local",
                TinyCheckpoint.of("modernbert")
                        .set("num_hidden_layers", "3")
                        .set("global_attn_every_n_layers", "2")
                        .set("layer_types", "[\"full_attention\",\"sliding_attention\",\"sliding_attention\"]"));
        variants.put(
                "modernbert all local, odd window, mean",
                TinyCheckpoint.of("modernbert")
                        .set("layer_types", "[" + "\"sliding_attention\",".repeat(3) + "\"sliding_attention\"]")
                        .set("local_attention", "5")
                        .set("classifier_pooling", "\"mean\""));
        variants.put(
                "modernbert own position only", TinyCheckpoint.of("modernbert").set("local_attention", "1"));
        variants.put(
                "modernbert window beyond any text",
                TinyCheckpoint.of("modernbert").set("local_attention", "9999"));
        variants.put(
                "modernbert biased",
                TinyCheckpoint.of("modernbert")
                        .set("norm_bias", "true")
                        .set("attention_bias", "true")
                        .set("mlp_bias", "true")
                        .set("classifier_bias", "true")
                        .set("hidden_activation", "\"silu\"")
                        .set("classifier_activation", "\"relu\""));
        variants.put(
                "modernbert old thetas",
                TinyCheckpoint.of("modernbert")
                        .set("global_rope_theta", "1000.0")
                        .set("local_rope_theta", "50"));
        variants.put(
                "modernbert one theta",
                TinyCheckpoint.of("modernbert").set("global_rope_theta", "300").set("local_rope_theta", "null"));
        variants.put(
                "modernbert new thetas",
                TinyCheckpoint.of("modernbert")
                        .set(
                                "rope_parameters",
                                "{\"full_attention\":{\"rope_theta\":2000.0,\"rope_type\":\"default\"},"
                                        + "\"sliding_attention\":{\"rope_theta\":70.0,\"rope_type\":\"default\"}}"));
        for (String type :
                List.of("albert", "camembert", "electra", "modernbert", "mpnet")) { // sizes that can be packed
            variants.put(
                    type + " wide",
                    TinyCheckpoint.of(type).set("hidden_size", "64").set("intermediate_size", "128"));
        }
        variants.put("camembert", TinyCheckpoint.of("camembert"));
        variants.put("data2vec-text", TinyCheckpoint.of("data2vec-text").set("type_vocab_size", "1"));
        return variants;
    }

    static Stream<String> names() throws IOException {
        return variants().keySet().stream();
    }

    private static CheckpointModel model(Path path, boolean packed) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(path);
        try (CheckpointWeights weights = CheckpointWeights.open(path)) {
            return CheckpointModel.load(
                    Architecture.of(config), config.labelCount(), weights, new Kernels(Precision.FLOAT32, packed), 0);
        }
    }

    private static List<Boolean> kernels() {
        return Torch.hasOneDnn() ? List.of(true, false) : List.of(false);
    }

    /** Returns sequences with ids that every vocabulary contains; the second half of each is of the second type. */
    private static List<TokenSequence> sequences(int[] lengths, boolean typed) {
        Random random = new Random(29);
        List<TokenSequence> sequences = new ArrayList<>();
        for (int length : lengths) {
            long[] types = new long[length];
            if (typed) {
                Arrays.fill(types, length / 2, length, 1);
            }
            sequences.add(new TokenSequence(random.longs(length, 0, 270).toArray(), types));
        }
        return sequences;
    }

    /** Returns the reference's logits for a sequence that is padded to a length. */
    private static double[] expected(ReferenceModel reference, TokenSequence sequence, int length, long padding) {
        long[] ids = new long[length];
        long[] types = new long[length];
        int[] mask = new int[length];
        Arrays.fill(ids, padding);
        System.arraycopy(sequence.inputIds(), 0, ids, 0, sequence.length());
        System.arraycopy(sequence.typeIds(), 0, types, 0, sequence.length());
        Arrays.fill(mask, 0, sequence.length(), 1);
        return reference.logits(ids, types, mask);
    }

    private static void assertClose(String where, float[] found, double[] expected) {
        assertThat(found).as(where).hasSameSizeAs(expected);
        for (int label = 0; label < expected.length; label++) {
            assertThat((double) found[label])
                    .as(where + ", label " + label)
                    .isCloseTo(expected[label], within(TOLERANCE));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void logits_everyForm_matchTheTranscription(String name) throws IOException {
        Path path = variants().get(name).write(directory);
        ReferenceModel reference = ReferenceModel.of(path);
        for (boolean packed : kernels()) {
            try (CheckpointModel model = model(path, packed)) {
                Architecture architecture = model.architecture();
                List<TokenSequence> sequences = sequences(LENGTHS, architecture.tokenTypes() > 1);
                float[][] together = model.logits(sequences);
                for (int row = 0; row < sequences.size(); row++) {
                    TokenSequence sequence = sequences.get(row);
                    String where = sequence.length() + " tokens" + (packed ? ", packed, " : ", plain, ");
                    double[] expected = expected(reference, sequence, 70, architecture.padTokenId());
                    assertClose(where + "in a batch", together[row], expected);
                    if (row % 2 == 0 && packed) {
                        continue; // saves time, as each form of a program takes a moment to optimise
                    }
                    assertClose(where + "alone", model.logits(List.of(sequence))[0], expected);
                    if (architecture instanceof ModernBert) {
                        assertClose(
                                where + "in the band", model.run(ModernBert.BANDED, List.of(sequence))[0], expected);
                    }
                }
            }
        }
    }

    /** Distances beyond 128, where the last bucket begins, and every one before it. */
    @ParameterizedTest
    @ValueSource(ints = {130, 300})
    void mpnet_longerThanTheBuckets_matchesTheTranscription(int length) throws IOException {
        Path path =
                TinyCheckpoint.of("mpnet").set("max_position_embeddings", "302").write(directory);
        assertLongMatches(path, length);
    }

    /** Longer than any text that a mask is used for, with the window of the published models. */
    @ParameterizedTest
    @ValueSource(strings = {"cls", "mean"})
    void modernBert_longText_matchesTheTranscription(String pooling) throws IOException {
        Path path = TinyCheckpoint.of("modernbert")
                .set("max_position_embeddings", "8192")
                .set("local_attention", "128")
                .set("classifier_pooling", '"' + pooling + '"')
                .write(directory);
        for (int length : new int[] {768, 769, 1_000}) {
            assertLongMatches(path, length);
        }
    }

    private static void assertLongMatches(Path path, int length) throws IOException {
        TokenSequence sequence = sequences(new int[] {length}, false).get(0);
        double[] expected = expected(ReferenceModel.of(path), sequence, length, 0);
        for (boolean packed : kernels()) {
            try (CheckpointModel model = model(path, packed)) {
                assertClose(length + " tokens", model.logits(List.of(sequence))[0], expected);
                float[][] batch = model.logits(
                        List.of(sequence, sequences(new int[] {3}, false).get(0)));
                assertClose(length + " tokens in a batch", batch[0], expected);
            }
        }
    }

    /** The transcriptions read the source rightly where the reference's own logits are known. */
    @ParameterizedTest
    @ValueSource(strings = {"bert-action", "roberta-harmful"})
    void transcription_ofCheckpointWithLogits_matchesThem(String name) throws IOException {
        Path path = TinyCheckpoint.resource("/checkpoints/" + name);
        ReferenceModel reference = ReferenceModel.of(path);
        JsonNode cases = new ObjectMapper()
                .readTree(path.resolve("expected.json").toFile())
                .get("cases");
        int rows = 0;
        for (JsonNode each : cases) {
            for (int row = 0; row < each.get("input_ids").size(); row++) {
                long[] ids = longs(each.get("input_ids").get(row));
                JsonNode types = each.path("token_type_ids").path(row);
                int[] mask = new int[ids.length];
                Arrays.fill(mask, 1);
                double[] found = reference.logits(ids, types.isArray() ? longs(types) : new long[ids.length], mask);
                JsonNode logits = each.get("logits").get(row);
                for (int label = 0; label < found.length; label++) {
                    assertThat(found[label])
                            .as("row " + rows)
                            .isCloseTo(logits.get(label).asDouble(), within(2e-5));
                }
                rows++;
            }
        }
        assertThat(rows).isPositive();
    }

    private static long[] longs(JsonNode values) {
        long[] longs = new long[values.size()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = values.get(i).longValue();
        }
        return longs;
    }
}
