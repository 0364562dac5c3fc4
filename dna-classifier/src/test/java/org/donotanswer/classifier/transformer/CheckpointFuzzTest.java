package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class CheckpointFuzzTest implements FuzzTests {
    private static final HeadOptions ANY_HEAD = new HeadOptions(null, Map.of());
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final byte[] WORDS = words();

    static Stream<byte[]> configs() throws IOException {
        List<byte[]> configs = new ArrayList<>();
        for (String name : List.of("bert-action", "deberta-v2-harmful", "distilbert-harmful", "longformer-harmful")) {
            try (InputStream in =
                    CheckpointFuzzTest.class.getResourceAsStream("/checkpoints/" + name + "/config.json")) {
                configs.add(Objects.requireNonNull(in, name).readAllBytes());
            }
        }
        Seeds.texts(
                        """
                        {"model_type": "modernbert", "vocab_size": 9, "hidden_size": 8, "num_hidden_layers": 2,
                         "num_attention_heads": 2, "intermediate_size": 8, "layer_types": ["full_attention"],
                         "classifier_pooling": "mean", "problem_type": "multi_label_classification",
                         "id2label": {"0": "toxic", "1": "insult"}, "input_format": "response_only",
                         "heads": [{"kind": "harmful", "outputs": [0, 1], "temperature": 2, "threshold": 0.5}]}
                        """,
                        """
                        {"model_type": "albert", "vocab_size": 9, "hidden_size": 8, "embedding_size": 4,
                         "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 8, "num_labels": 2,
                         "max_position_embeddings": 16, "label2id": {"SAFE": 0, "UNSAFE": 1}}
                        """)
                .forEach(configs::add);
        return configs.stream();
    }

    @MethodSource("configs")
    @FuzzTest
    void config(byte[] data) throws IOException {
        Path directory = Seeds.file("config/config.json", data).getParent();

        ReaderContract.read(() -> CheckpointConfig.read(directory), CheckpointException.class)
                .ifPresent(config -> {
                    ReaderContract.read(() -> ANY_HEAD.heads(config, null, null), CheckpointException.class);
                    ReaderContract.read(() -> Architecture.of(config), CheckpointException.class)
                            .ifPresent(read -> assertThat(read.maxTokens()).isPositive());
                    ReaderContract.read(() -> TracedClassifier.maxTokens(config), CheckpointException.class);
                });
    }

    private static byte[] words() {
        try {
            Path directory = Seeds.directory("words");
            SmallTokenizer.words(directory, SmallTokenizer.bertNormalizer(true, "null", true));
            return Files.readAllBytes(directory.resolve(TokenizerFile.NAME));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<byte[]> tokenizerFiles() throws IOException {
        Path directory = Seeds.directory("bytes");
        SmallTokenizer.bytes(directory, SmallTokenizer.byteLevel(true));
        byte[] unigram =
                """
                {"version": "1.0", "truncation": null, "padding": null,
                 "added_tokens": [{"id": 2, "content": "<mask>", "special": true, "lstrip": true, "rstrip": false,
                  "single_word": false, "normalized": false}],
                 "normalizer": {"type": "Sequence", "normalizers": [{"type": "Replace", "pattern": {"Regex": " {2,}"},
                  "content": " "}]},
                 "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
                 "post_processor": {"type": "TemplateProcessing",
                  "single": [{"SpecialToken": {"id": "<mask>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                  "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "<mask>", "type_id": 0}},
                   {"Sequence": {"id": "B", "type_id": 1}}],
                  "special_tokens": {"<mask>": {"id": "<mask>", "ids": [2], "tokens": ["<mask>"]}}},
                 "decoder": null,
                 "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["\u2581a", -1.5]], "byte_fallback": false}}
                """
                        .getBytes(StandardCharsets.UTF_8);
        return Stream.of(WORDS, Files.readAllBytes(directory.resolve(TokenizerFile.NAME)), unigram);
    }

    /** The file with the native tokenizer that it describes. */
    @MethodSource("tokenizerFiles")
    @FuzzTest
    void tokenizerFile(byte[] data) throws IOException {
        open(Seeds.file("tokenizer/" + TokenizerFile.NAME, data).getParent());
    }

    static Stream<byte[]> tokenizerSettings() {
        return Seeds.texts(
                "{\"tokenizer_class\": \"BertTokenizer\", \"do_lower_case\": false, \"strip_accents\": null,"
                        + " \"model_max_length\": 64, \"cls_token\": \"[CLS]\", \"added_tokens_decoder\":"
                        + " {\"4\": {\"content\": \"[MASK]\", \"special\": true, \"lstrip\": false, \"rstrip\": false,"
                        + " \"single_word\": false, \"normalized\": false}}}",
                "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"model_max_length\": 1e30, \"from_slow\": false,"
                        + " \"additional_special_tokens\": [\"[X]\"]}");
    }

    @MethodSource("tokenizerSettings")
    @FuzzTest
    void tokenizerSettings(byte[] data) throws IOException {
        openWith(TOKENIZER_CONFIG, data);
    }

    static Stream<byte[]> specialTokens() {
        return Seeds.texts(
                "{\"cls_token\": \"[CLS]\", \"mask_token\": {\"content\": \"[MASK]\", \"lstrip\": true,"
                        + " \"normalized\": false, \"rstrip\": false, \"single_word\": false},"
                        + " \"additional_special_tokens\": [\"[X]\"]}",
                "{\"[MASK]\": 4, \"[X]\": 11}");
    }

    @MethodSource("specialTokens")
    @FuzzTest
    void specialTokens(byte[] data) throws IOException {
        openWith("special_tokens_map.json", data);
    }

    @MethodSource("specialTokens")
    @FuzzTest
    void addedTokens(byte[] data) throws IOException {
        openWith("added_tokens.json", data);
    }

    private static void openWith(String name, byte[] data) throws IOException {
        Path directory = Seeds.directory("tokenizer");
        Seeds.file("tokenizer/" + TokenizerFile.NAME, WORDS);
        Seeds.file("tokenizer/" + name, data);
        open(directory);
    }

    /** The options are valid, but a file may allow fewer tokens than they need, which is said as if they were not. */
    private static void open(Path directory) {
        ReaderContract.read(
                        () -> CheckpointTokenizer.open(directory, TokenizerOptions.of(64, InputFormat.PAIR)),
                        CheckpointException.class,
                        IllegalArgumentException.class)
                .ifPresent(tokenizer -> {
                    try (tokenizer) {
                        assertThat(tokenizer.encode("Tea?", "tea caf\u00e9").windows())
                                .isNotEmpty();
                    }
                });
    }
}
