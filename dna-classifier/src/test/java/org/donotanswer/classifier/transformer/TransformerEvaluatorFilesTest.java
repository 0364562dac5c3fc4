package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints with missing, malformed or inconsistent parts. None of them may terminate the process. */
class TransformerEvaluatorFilesTest {
    /** What is said of other types, followed by the type. */
    private static final String MODEL_TYPES =
            "model_type must be albert, bert, camembert, data2vec-text, deberta-v2, distilbert, electra, longformer, modernbert,"
                    + " mpnet, roberta or xlm-roberta (for others, trace the model to TorchScript and put the .pt file into the"
                    + " directory), but was ";

    @TempDir
    private Path parent;

    private Path directory;

    @BeforeEach
    void write() throws IOException {
        directory = TinyCheckpoint.of("bert").write(parent.resolve("bert"));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> SafetyEvaluator.load(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(message);
    }

    private String inConfig(String message) {
        return message + " (" + directory.resolve("config.json") + ")";
    }

    @Test
    void load_noConfig_isRefused() throws IOException {
        Files.delete(directory.resolve("config.json"));
        assertRefused("checkpoint must have config.json, but had none (" + directory + ")");
    }

    @Test
    void load_noWeights_isRefused() throws IOException {
        Files.delete(directory.resolve("model.safetensors"));
        assertRefused("checkpoint must have model.safetensors, model.safetensors.index.json, pytorch_model.bin or"
                + " pytorch_model.bin.index.json, but had none of them (" + directory + ")");
    }

    @Test
    void load_noTokenizer_isRefused() throws IOException {
        Files.delete(directory.resolve("tokenizer.json"));
        assertRefused("tokenizer.json must be a file, but was missing (" + directory.resolve("tokenizer.json") + ")");
    }

    @Test
    void load_tokensBeyondVocabulary_isRefused() throws IOException {
        TinyCheckpoint.setConfig(directory, "vocab_size", "55");
        assertRefused(inConfig("vocab_size must be at least 56 for the tokens of tokenizer.json, but was 55"));
    }

    @Test
    void load_otherNumberOfOutputs_isRefused() throws IOException {
        TinyCheckpoint.rewrite(directory, weights -> {
            weights.remove("classifier.weight");
            weights.remove("classifier.bias");
        });
        TinyCheckpoint.setWeight(directory, "classifier.bias", List.of(3L), 0);
        TinyCheckpoint.setWeight(directory, "classifier.weight", List.of(3L, 16L), 0);
        assertRefused("classifier.weight must have shape [2, 16], but was [3, 16] (model.safetensors)");
    }

    @Test
    void load_missingTensor_isRefused() throws IOException {
        TinyCheckpoint.rewrite(directory, weights -> weights.remove("bert.encoder.layer.1.output.dense.bias"));
        assertRefused(
                "bert.encoder.layer.1.output.dense.bias must have shape [16], but was missing (model.safetensors)");
    }

    @Test
    void load_tensorsThatAreNotNeeded_areARemark() throws IOException {
        List<String> others = List.of(
                "loss_fct.weight",
                "cls.predictions.bias",
                "cls.seq_relationship.weight",
                "qa_outputs.bias",
                "lm_head.bias",
                "log_vars\n\u001b[31m");
        double before = harmful();
        for (String name : others) {
            TinyCheckpoint.setWeight(directory, name, List.of(1L), 0);
        }
        String remark = "number of tensors that the model does not use: 6 (cls.predictions.bias,"
                + " cls.seq_relationship.weight, lm_head.bias, log_vars??[31m, loss_fct.weight, ...)";
        try (TransformerEvaluator evaluator = TransformerEvaluator.load(directory)) {
            assertThat(evaluator.remarks()).containsExactly(evaluator.name() + ": " + remark);
            assertThat(evaluator.provenance().parameters()).containsEntry(evaluator.name() + " remarks", remark);
        }
        assertThat(harmful()).isCloseTo(before, within(1e-6)); // the weights lie at another offset
    }

    private double harmful() throws IOException {
        try (SafetyEvaluator evaluator = SafetyEvaluator.load(directory)) {
            return ((Assessment.Scored) evaluator.evaluate("", "hot tea"))
                    .harmful()
                    .getAsDouble();
        }
    }

    @Test
    void load_noFurtherTensors_hasNoRemark() throws IOException {
        try (TransformerEvaluator evaluator = TransformerEvaluator.load(directory)) {
            assertThat(evaluator.remarks()).isEmpty();
            assertThat(evaluator.provenance().parameters().keySet()).noneMatch(name -> name.endsWith("remarks"));
        }
    }

    @Test
    void load_weightsOfAnotherArchitecture_isRefusedNamingBoth() throws IOException {
        Path other = TinyCheckpoint.of("distilbert").write(parent.resolve("other"));
        Files.copy(
                other.resolve("model.safetensors"),
                directory.resolve("model.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> SafetyEvaluator.load(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("checkpoint must have the tensors of Bert, but had 2 of 41 and lacked"
                        + " bert.embeddings.word_embeddings.weight, ")
                .hasMessageContaining("; the file has classifier.bias, classifier.weight,"
                        + " distilbert.embeddings.LayerNorm.bias, ")
                .hasMessageEndingWith(", ... (model.safetensors)");
    }

    @Test
    void load_weightsWithAnotherPrefix_isRefusedNamingThem() throws IOException {
        directory = TinyCheckpoint.of("bert").named(name -> "module." + name).write(parent.resolve("parallel"));
        assertRefused("checkpoint must have the tensors of Bert, but had 0 of 41 and lacked"
                + " bert.embeddings.word_embeddings.weight, bert.embeddings.position_embeddings.weight,"
                + " bert.embeddings.token_type_embeddings.weight, bert.embeddings.LayerNorm.weight,"
                + " bert.embeddings.LayerNorm.bias, ...; the file has module.bert.embeddings.LayerNorm.bias,"
                + " module.bert.embeddings.LayerNorm.weight, module.bert.embeddings.position_embeddings.weight,"
                + " module.bert.embeddings.token_type_embeddings.weight,"
                + " module.bert.embeddings.word_embeddings.weight, ... (model.safetensors)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\": NaN", "\"x\": [Infinity, -Infinity]", "\"x\": null, \"y\": {\"z\": [[]]}"})
    void load_entriesThatNobodyNeeds_areIgnored(String entries) throws IOException {
        double before = harmful();
        for (String name : List.of("config.json", "tokenizer.json")) {
            Path file = directory.resolve(name);
            String text = Files.readString(file);
            Files.writeString(file, "\ufeff{" + entries + "," + text.substring(text.indexOf('{') + 1));
        }
        Files.writeString(directory.resolve("tokenizer_config.json"), "{" + entries + "}");
        assertThat(harmful()).isEqualTo(before);
    }

    @Test
    void load_tensorsThatTheReferenceIgnores_succeeds() throws IOException {
        TinyCheckpoint.setWeight(directory, "bert.embeddings.position_ids", List.of(1L, 100L), 0);
        TinyCheckpoint.setWeight(directory, "embeddings.token_type_ids", List.of(1L, 100L), 0);
        SafetyEvaluator.load(directory).close();
    }

    @Test
    void load_tensorOfWrongShape_isRefused() throws IOException {
        TinyCheckpoint.setWeight(directory, "bert.pooler.dense.weight", List.of(16L, 8L), 0);
        assertRefused("bert.pooler.dense.weight must have shape [16, 16], but was [16, 8] (model.safetensors)");
    }

    @Test
    void load_fewerLayersThanWeights_areARemark() throws IOException {
        TinyCheckpoint.setConfig(directory, "num_hidden_layers", "1");
        try (TransformerEvaluator evaluator = TransformerEvaluator.load(directory)) {
            assertThat(evaluator.remarks().get(0))
                    .startsWith(evaluator.name() + ": number of tensors that the model does not use: 16"
                            + " (bert.encoder.layer.1.attention.output.LayerNorm.bias, ");
        }
    }

    @Test
    void load_weightsOfIntegers_isRefused() throws IOException {
        Path file = directory.resolve("model.safetensors");
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        String changed =
                bytes.replace("\"classifier.bias\":{\"dtype\":\"F32\"", "\"classifier.bias\":{\"dtype\":\"I32\"");
        assertThat(changed).isNotEqualTo(bytes);
        Files.writeString(file, changed, StandardCharsets.ISO_8859_1);
        assertRefused("classifier.bias must hold floating-point numbers, but was INT32 (model.safetensors)");
    }

    @Test
    void load_truncatedWeights_isRefused() throws IOException {
        Path file = directory.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 7, 100, whole.length / 2, whole.length - 1}) {
            // a new file each time, as the previous one may still be mapped
            Files.delete(file);
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafetyEvaluator.load(directory)).isInstanceOf(CheckpointException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "\"text\"", "12", "null", "{} x"})
    void load_configThatIsNotAnObject_isRefused(String text) throws IOException {
        Files.writeString(directory.resolve("config.json"), text);
        assertThatThrownBy(() -> SafetyEvaluator.load(directory))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("config.json must be ")
                .hasMessageEndingWith(" (" + directory.resolve("config.json") + ")");
    }

    /** Any config.json either works or is refused, and the process must survive. */
    @Test
    void load_randomConfigs_workOrAreRefused() throws IOException {
        Random random = new Random(17);
        byte[] whole = Files.readAllBytes(directory.resolve("config.json"));
        for (int i = 0; i < 300; i++) {
            byte[] bytes = whole.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(bytes.length);
                bytes[at] = (byte) (Character.isDigit(bytes[at]) ? '0' + random.nextInt(10) : ' ' + random.nextInt(95));
            }
            Files.write(directory.resolve("config.json"), bytes);
            try (TransformerEvaluator evaluator = TransformerEvaluator.builder()
                    .checkpoint(directory)
                    .warmUp(false)
                    .build()) {
                evaluator.evaluate(Exchange.responseOnly("yes tea"));
            } catch (CheckpointException e) {
                assertThat(e).hasMessageContaining(", but ");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "model_type||model_type must be present, but was missing",
                "model_type|5|model_type must be a string, but was 5",
                "model_type|\"gpt2\"|" + MODEL_TYPES + "gpt2",
                "model_type|\"deberta\"|" + MODEL_TYPES + "deberta",
                "model_type|\"xlm-roberta-xl\"|" + MODEL_TYPES + "xlm-roberta-xl",
                "model_type|\"roberta-prelayernorm\"|" + MODEL_TYPES + "roberta-prelayernorm",
                "model_type|\"xlm\"|" + MODEL_TYPES + "xlm",
                "model_type|\"flaubert\"|" + MODEL_TYPES + "flaubert",
                "model_type|\"CamemBERT\"|" + MODEL_TYPES + "CamemBERT",
                "architectures|[\"BertForMaskedLM\"]|architectures must name a model for sequence classification, but was"
                        + " BertForMaskedLM",
                "hidden_size||hidden_size must be present, but was missing",
                "hidden_size|0|hidden_size must be an integer from 1 to 16777216, but was 0",
                "hidden_size|-16|hidden_size must be an integer from 1 to 16777216, but was -16",
                "hidden_size|\"16\"|hidden_size must be an integer from 1 to 16777216, but was \"16\"",
                "hidden_size|16.5|hidden_size must be an integer from 1 to 16777216, but was 16.5",
                "hidden_size|[16]|hidden_size must be an integer from 1 to 16777216, but was [16]",
                "hidden_size|99999999999999999999|hidden_size must be an integer from 1 to 16777216, but was"
                        + " 99999999999999999999",
                "hidden_size|17|hidden_size must be a multiple of num_attention_heads (2), but was 17",
                "num_hidden_layers|1000000|num_hidden_layers must be an integer from 1 to 256, but was 1000000",
                "num_attention_heads|3|hidden_size must be a multiple of num_attention_heads (3), but was 16",
                "hidden_act|\"gelu_12\"|hidden_act must be gelu, gelu_new, relu, silu, tanh, sigmoid, mish or linear, but was"
                        + " gelu_12",
                "hidden_act|1|hidden_act must be a string, but was 1",
                "position_embedding_type|\"relative_key\"|position_embedding_type must be absolute, but was relative_key",
                "is_decoder|true|is_decoder must be false, but was true",
                "is_decoder|\"no\"|is_decoder must be true or false, but was \"no\"",
                "layer_norm_eps|\"1e-5\"|layer_norm_eps must be a number in [0, 1], but was \"1e-5\"",
                "layer_norm_eps|-1|layer_norm_eps must be a number in [0, 1], but was -1",
                "pad_token_id|-1|pad_token_id must be an integer from 0 to 16777216, but was -1",
                "pad_token_id|300|pad_token_id must be less than vocab_size (300), but was 300",
                "id2label|{\"0\":\"LABEL_0\",\"2\":\"LABEL_1\"}|id2label must have the indices 0 to 1, but was [0, 2]",
                "id2label|{\"1\":\"LABEL_0\",\"2\":\"LABEL_1\"}|id2label must have the indices 0 to 1, but was [1, 2]",
                "id2label|{}|id2label must map the index of each output to its label, but was {}",
                "id2label|[\"a\"]|id2label must map the index of each output to its label, but was [\"a\"]",
                "id2label|{\"0\":[1]}|id2label must map the index of each output to its label, but was 0=[1]",
                "problem_type|7|problem_type must be a string, but was 7",
                "input_format|7|input_format must be a string, but was 7",
            })
    void load_invalidConfig_isRefusedNamingTheEntry(String name, String json, String message) throws IOException {
        TinyCheckpoint.setConfig(directory, name, json == null ? "" : json);
        assertRefused(inConfig(message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '\'',
            value = {
                "longformer;attention_window;5;attention_window must be even, but was 5",
                "longformer;attention_window;[4];length of attention_window must be the number of layers (2), but was 1",
                "longformer;attention_window;[4,0];attention_window must be an integer from 1 to 16777216, but was 0",
                "longformer;pruned_heads;{\"0\":[1]};number of pruned_heads must be 0, but was 1",
                "roberta;max_position_embeddings;2;max_position_embeddings must be at least pad_token_id + 2 (3), but"
                        + " was 2",
                "distilbert;n_layers;257;n_layers must be an integer from 1 to 256, but was 257",
                "distilbert;n_heads;5;dim must be a multiple of n_heads (5), but was 16",
                "deberta-v2;pos_att_type;\"c2p|p2p\";pos_att_type must contain only c2p and p2c, but was p2p",
                "deberta-v2;pos_att_type;[1];pos_att_type must be a list of strings, but was [1]",
                "deberta-v2;position_buckets;1;position_buckets must be at least 2, or absent, but was 1",
                "deberta-v2;conv_kernel_size;2;conv_kernel_size must be odd, but was 2",
                "deberta-v2;z_steps;2;z_steps must be 0 or 1, but was 2",
                "deberta-v2;pooler_hidden_size;8;pooler_hidden_size must be hidden_size (16), but was 8",
                "electra;position_embedding_type;\"relative_key\";position_embedding_type must be absolute, but was"
                        + " relative_key",
                "electra;is_decoder;true;is_decoder must be false, but was true",
                "electra;embedding_size;0;embedding_size must be an integer from 1 to 16777216, but was 0",
                "electra;num_attention_heads;3;hidden_size must be a multiple of num_attention_heads (3), but was 16",
                "electra;pad_token_id;300;pad_token_id must be less than vocab_size (300), but was 300",
                "albert;position_embedding_type;\"relative_key\";position_embedding_type must be absolute, but was"
                        + " relative_key",
                "albert;num_hidden_groups;3;num_hidden_groups must be at most num_hidden_layers (2), but was 3",
                "albert;inner_group_num;129;inner_group_num must be at most 128 for 2 layers, but was 129",
                "albert;hidden_act;\"quick_gelu\";hidden_act must be gelu, gelu_new, relu, silu, tanh, sigmoid, mish or linear,"
                        + " but was quick_gelu",
                "mpnet;relative_attention_num_buckets;31;relative_attention_num_buckets must be at least 32, but was 31",
                "mpnet;max_position_embeddings;2;max_position_embeddings must be at least 3, but was 2",
                "modernbert;hidden_size;10;hidden_size must be a multiple of 2 num_attention_heads (4), but was 10",
                "modernbert;max_position_embeddings;131073;max_position_embeddings must be at most 131072, but was 131073",
                "modernbert;classifier_pooling;\"max\";classifier_pooling must be cls or mean, but was max",
                "modernbert;layer_types;[\"full_attention\"];length of layer_types must be the number of layers (4), but was 1",
                "modernbert;layer_types;[\"chunked_attention\"];layer_types must contain only full_attention and"
                        + " sliding_attention, but was chunked_attention",
                "modernbert;rope_scaling;{\"type\":\"linear\",\"factor\":2};type must be default, but was linear",
                "modernbert;rope_parameters;{\"full_attention\":{\"rope_type\":\"yarn\"}};rope_type must be default, but was"
                        + " yarn",
                "modernbert;rope_parameters;{\"sliding_attention\":{\"rope_theta\":0}};rope_theta must be a positive number, but"
                        + " was 0",
                "modernbert;rope_parameters;[1];rope_parameters must be an object, but was [1]",
                "modernbert;global_rope_theta;\"a\";global_rope_theta must be a positive number, but was \"a\"",
                "modernbert;pad_token_id;;pad_token_id must be less than vocab_size (300), but was 50283",
            })
    void load_invalidConfigOfOtherArchitectures_isRefusedNamingTheEntry(
            String type, String name, String json, String message) throws IOException {
        directory = TinyCheckpoint.of(type).write(parent.resolve(type));
        TinyCheckpoint.setConfig(directory, name, json == null ? "" : json);
        assertRefused(inConfig(message));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 8})
    void load_bareHead_isRefused(int outputs) throws IOException {
        directory = TinyCheckpoint.of("bert").outputs(outputs).write(parent.resolve("other"));
        assertRefused("labels must tell what the head predicts, but were "
                + IntStream.range(0, outputs).mapToObj(i -> "LABEL_" + i).toList()
                + " (config.json); say what they mean with labels(..) or --labels, for example "
                + (outputs == 1 ? "0=harmful" : "0=harmless,1=harmful"));
    }

    @Test
    void load_manyLabels_isRefused() throws IOException {
        TinyCheckpoint.setConfig(directory, "id2label", "");
        TinyCheckpoint.setConfig(directory, "num_labels", "16777216");
        assertRefused(inConfig("num_labels must be an integer from 1 to 65536, but was 16777216"));
    }

    /** Too few positions for a single token are a fault of the checkpoint, not of an option. */
    @Test
    void load_fewPositions_isRefused() throws IOException {
        directory =
                TinyCheckpoint.of("bert").set("max_position_embeddings", "2").write(parent.resolve("short"));
        assertRefused(
                "maxTokens must be at least 3 for RESPONSE_ONLY with this tokenizer, but was 2 (" + directory + ")");
    }
}
