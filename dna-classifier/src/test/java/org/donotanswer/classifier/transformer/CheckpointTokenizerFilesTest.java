package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.donotanswer.classifier.weights.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are missing, malformed or unusual. */
class CheckpointTokenizerFilesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("tokenizer.json");
    }

    private CheckpointTokenizer open(InputFormat format) throws IOException {
        return CheckpointTokenizer.open(directory, TokenizerOptions.of(64, format));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> open(InputFormat.PAIR))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(message, file());
    }

    /** Copies a small tokenizer into the directory, with the value at a JSON pointer replaced by the given JSON. */
    private void copy(String name, String pointer, String json) throws IOException {
        JsonNode root = MAPPER.readTree(CheckpointTokenizerTest.directory(name)
                .resolve("tokenizer.json")
                .toFile());
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = root.at(pointer.substring(0, slash));
        String field = pointer.substring(slash + 1);
        if (parent instanceof ObjectNode object) {
            object.set(field, MAPPER.readTree(json));
        } else {
            ((ArrayNode) parent).set(Integer.parseInt(field), MAPPER.readTree(json));
        }
        MAPPER.writeValue(file().toFile(), root);
    }

    @Test
    void open_missing_saysHowToCreateIt() throws IOException {
        assertRefused("tokenizer.json must be a file, but was missing (%s)");
        Files.createFile(directory.resolve("vocab.json"));
        assertRefused("tokenizer.json must be a file, but was missing (%s)");
        Files.createFile(directory.resolve("merges.txt"));
        assertRefused(
                "tokenizer.json must be a file, but was missing (%s); create it from vocab.json and merges.txt with"
                        + " Python's transformers:"
                        + " AutoTokenizer.from_pretrained(directory, use_fast=True).save_pretrained(directory)");
        Files.createFile(directory.resolve("vocab.txt"));
        assertRefused("tokenizer.json must be a file, but was missing (%s); create it from vocab.txt with"
                + " Python's transformers:"
                + " AutoTokenizer.from_pretrained(directory, use_fast=True).save_pretrained(directory)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"spm.model", "sentencepiece.bpe.model", "spiece.model", "tokenizer.model", "sentencepiece.model"
            })
    void open_slowTokenizerOnly_saysHowToConvertIt(String name) throws IOException {
        Files.createFile(directory.resolve(name));
        assertRefused("tokenizer.json must be a file, but was missing (%s); create it from " + name
                + " with Python's transformers, sentencepiece and protobuf:"
                + " AutoTokenizer.from_pretrained(directory, use_fast=True).save_pretrained(directory)");
    }

    @Test
    void open_scoreThatIsNotFinite_isRefused() throws IOException {
        copy("unigram", "/model/vocab/4/1", "-1");
        String text = Files.readString(file());
        Files.writeString(file(), text.replace("the\",-1]", "the\",NaN]"));
        assertThat(Files.readString(file())).isNotEqualTo(text);
        assertThatThrownBy(() -> open(InputFormat.PAIR))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("piece 4 of the vocabulary must be a string and a score, but was [");
    }

    @Test
    void open_empty_isRefused() throws IOException {
        Files.createFile(file());
        assertRefused("tokenizer.json must be JSON, but was empty (%s)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "not JSON", "{} {}", "\u0000", "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a"})
    void open_invalidJson_isRefused(String text) throws IOException {
        Files.writeString(file(), text);
        assertRefused("tokenizer.json must be JSON, but was malformed at line 1 (%s)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "null", "1", "{\"model\": null}", "{\"model\": \"BPE\"}"})
    void open_noModel_isRefused(String text) throws IOException {
        Files.writeString(file(), text);
        assertRefused("tokenizer.json must be an object with a model, but was not (%s)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "byte-bpe", "unigram"})
    void open_truncatedAnywhere_isRefused(String name) throws IOException {
        byte[] whole =
                Files.readAllBytes(CheckpointTokenizerTest.directory(name).resolve("tokenizer.json"));
        Random random = new Random(5);
        for (int i = 0; i < 30; i++) {
            Files.write(file(), Arrays.copyOf(whole, random.nextInt(whole.length - 2)));
            assertThatThrownBy(() -> open(InputFormat.PAIR)).isInstanceOf(CheckpointException.class);
        }
    }

    /** Whatever bytes are overwritten, the process must survive. */
    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "byte-bpe", "unigram"})
    void open_corruptedAnywhere_worksOrIsRefused(String name) throws IOException {
        byte[] whole =
                Files.readAllBytes(CheckpointTokenizerTest.directory(name).resolve("tokenizer.json"));
        Random random = new Random(6);
        String marks = "0123456789\",:[]{}-ae \\";
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                damaged[random.nextInt(damaged.length)] = (byte) marks.charAt(random.nextInt(marks.length()));
            }
            Files.write(file(), damaged);
            try (CheckpointTokenizer tokenizer = open(InputFormat.PAIR)) {
                tokenizer.encode("how do you make tea?", "pour the hot water [SEP] \ud83d\ude42");
            } catch (CheckpointException e) {
                assertThat(e).hasMessageContaining(file().toString());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wordpiece|/model/type|\"Magic\"|model must be WordPiece, BPE, Unigram or WordLevel, but was \"Magic\"",
                "wordpiece|/model/vocab|{}|unk_token must be in the vocabulary, but was \"[UNK]\"",
                "wordpiece|/model/vocab|[]|vocabulary must be an object that maps words to ids, but was not",
                "wordpiece|/model/vocab/tea|9|id in the vocabulary must be unique, but was 9 twice",
                "wordpiece|/model/vocab/tea|-1|id in the vocabulary must be in 0..10000000, but was -1",
                "wordpiece|/model/vocab/tea|4000000000|id in the vocabulary must be in 0..10000000, but was 4000000000",
                "wordpiece|/model/vocab/tea|\"9\"|id in the vocabulary must be in 0..10000000, but was \"9\"",
                "wordpiece|/model/unk_token|\"none\"|unk_token must be in the vocabulary, but was \"none\"",
                "wordpiece|/added_tokens/3/id|9|id of added token [SEP] must be 3, as the tokenizer assigns it, but was 9",
                "wordpiece|/added_tokens/6/id|99|id of added token teapot must be 55, as the tokenizer assigns it, but was 99",
                "wordpiece|/added_tokens/6|{\"id\":55}|added token must have content and id, but was {\"id\":55}",
                "wordpiece|/post_processor/sep|[\"[SEP]\",9]|id of [SEP] in post_processor must be 3, as in the vocabulary,"
                        + " but was 9",
                "wordpiece|/post_processor/cls|7|post_processor.cls must be a token and its id, but was 7",
                "wordpiece|/post_processor|null|post_processor must put a token between the texts of a pair, but did not",
                "wordpiece|/post_processor|{\"type\":\"Magic\"}|post_processor must be BertProcessing, RobertaProcessing,"
                        + " TemplateProcessing, ByteLevel or a Sequence of them, but was \"Magic\"",
                "wordpiece|/normalizer|{\"type\":\"Magic\"}|tokenizer could not be loaded",
                "byte-bpe|/model/merges/0|\"a\"|merge must be two pieces, the second with"
                        + " continuing_subword_prefix, but was \"a\"",
                "byte-bpe|/model/merges/0|\"zz zz\"|tokenizer could not be loaded",
                "byte-bpe|/model/continuing_subword_prefix|\"##\"|merge must be two pieces, the second with"
                        + " continuing_subword_prefix, but was \"\u0120 t\"",
                "unigram|/model/unk_id|null|unk_id must be the id of a piece in the vocabulary, but was null",
                "unigram|/model/unk_id|99|unk_id must be the id of a piece in the vocabulary, but was 99",
                "unigram|/model/vocab/4|[\"the\"]|piece 4 of the vocabulary must be a string and a score, but was [\"the\"]",
                "unigram|/post_processor/special_tokens|{}|post_processor.special_tokens must have ids and tokens for"
                        + " \"<s>\", but was ",
                "unigram|/post_processor/pair|[]|post_processor.pair must contain each of the two texts once, but was []",
                "unigram|/post_processor/single/0|{\"Other\":1}|part of post_processor must be Sequence or SpecialToken,"
                        + " but was {\"Other\":1}",
            })
    void open_invalidEntry_isRefusedNamingIt(String name, String pointer, String json, String message)
            throws IOException {
        copy(name, pointer, json);
        assertThatThrownBy(() -> open(InputFormat.PAIR))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(message)
                .hasMessageEndingWith(" (" + file() + ")");
    }

    @Test
    void open_sequenceOfPostProcessors_isSupported() throws IOException {
        copy(
                "wordpiece",
                "/post_processor",
                "{\"type\":\"Sequence\",\"processors\":[{\"type\":\"ByteLevel\",\"add_prefix_space\":true,"
                        + "\"trim_offsets\":true,\"use_regex\":true},{\"type\":\"RobertaProcessing\",\"sep\":[\"[SEP]\",3],"
                        + "\"cls\":[\"[CLS]\",2],\"trim_offsets\":true,\"add_prefix_space\":false}]}");
        try (CheckpointTokenizer tokenizer = open(InputFormat.PAIR)) {
            assertThat(tokenizer.encode("tea", "yes").windows().get(0).inputIds())
                    .containsExactly(2, 16, 3, 3, 9, 3);
        }
    }

    /** The vocabulary contains whole words, among them the name of a special token. */
    @Test
    void encode_wholeWordsAreTokens_specialNamesAreNot() throws IOException {
        copy("wordpiece", "/pre_tokenizer", "{\"type\":\"WhitespaceSplit\"}");
        try (CheckpointTokenizer tokenizer = open(InputFormat.RESPONSE_ONLY)) {
            assertThat(tokenizer
                            .encode("", "yes [SEP] [CLS] no")
                            .windows()
                            .get(0)
                            .inputIds())
                    .startsWith(2, 9)
                    .endsWith(10, 3)
                    .satisfies(ids -> assertThat(Arrays.stream(ids).filter(id -> id == 2 || id == 3))
                            .hasSize(2));
        }
    }

    @Test
    void encode_separatorNotMarkedSpecial_isNotFoundInText() throws IOException {
        copy(
                "unigram",
                "/added_tokens/4",
                "{\"id\":42,\"content\":\"[SEP]\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
                        + "\"normalized\":false,\"special\":false}");
        try (CheckpointTokenizer tokenizer = open(InputFormat.SEPARATED_STRING)) {
            long[] ids =
                    tokenizer.encode("tea [SEP]", "[SEP] pot").windows().get(0).inputIds();
            assertThat(Arrays.stream(ids).filter(id -> id == 42)).hasSize(1);
        }
    }

    @Test
    void encode_dropout_isOff() throws IOException {
        copy("byte-bpe", "/model/dropout", "0.9");
        try (CheckpointTokenizer tokenizer = open(InputFormat.RESPONSE_ONLY)) {
            EncodedText first = tokenizer.encode("", "the tea and the tea and the tea");
            for (int i = 0; i < 10; i++) {
                assertThat(tokenizer
                                .encode("", "the tea and the tea and the tea")
                                .windows()
                                .get(0)
                                .inputIds())
                        .isEqualTo(first.windows().get(0).inputIds());
            }
        }
    }

    @Test
    void open_invalidConfig_isRefused() throws IOException {
        copy("wordpiece", "/version", "\"1.0\"");
        Files.writeString(directory.resolve("tokenizer_config.json"), "{");
        assertThatThrownBy(() -> open(InputFormat.PAIR))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(
                        "tokenizer_config.json must be JSON, but was malformed at line 1 (%s)",
                        directory.resolve("tokenizer_config.json"));
        Files.writeString(directory.resolve("tokenizer_config.json"), "{}");
        assertThatCode(() -> open(InputFormat.PAIR).close()).doesNotThrowAnyException();
    }

    /** Returns a character map that replaces "x" by "ks": the length of a trie, the trie, and the replacements. */
    private static ByteBuffer map() {
        ByteBuffer map = ByteBuffer.allocate(4 + 4 * 512 + 3).order(ByteOrder.LITTLE_ENDIAN);
        map.putInt(0, 4 * 512);
        map.putInt(4, 0x100 << 10);
        map.putInt(4 + 4 * 0x178, 'x' | 0x100 | (0x178 ^ 0x1f0) << 10);
        map.putInt(4 + 4 * 0x1f0, 0x80000000);
        map.put(4 + 4 * 512, new byte[] {'k', 's', 0});
        return map;
    }

    private void copyWithMap(byte[] map) throws IOException {
        copy(
                "unigram",
                "/normalizer/normalizers/0",
                "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\""
                        + Base64.getEncoder().withoutPadding().encodeToString(map) + "\"}");
    }

    @Test
    void encode_characterMap_isApplied() throws IOException {
        copyWithMap(map().array());
        try (CheckpointTokenizer tokenizer = open(InputFormat.RESPONSE_ONLY)) {
            assertThat(tokenizer.encode("", "x tea x").windows().get(0).inputIds())
                    .isEqualTo(
                            tokenizer.encode("", "ks tea ks").windows().get(0).inputIds());
        }
    }

    /** Each of these would make the native code terminate the process. */
    @Test
    void open_corruptCharacterMap_isRefused() throws IOException {
        String refused = "normalizer must have a valid precompiled_charsmap, but had a corrupt one of";
        byte[] whole = map().array();
        List<byte[]> damaged = List.of(
                new byte[0],
                new byte[2],
                Arrays.copyOf(whole, 4),
                Arrays.copyOf(whole, 600),
                map().putInt(0, -1).array(),
                map().putInt(0, 4 * 256).array(),
                map().putInt(4, 0x200 << 10).array(),
                map().putInt(4 + 4 * 0x178, 'x' | 0x100 | 0xfff << 10).array(),
                map().putInt(4 + 4 * 0x1f0, 0x80000004).array(),
                map().put(whole.length - 1, (byte) 0xff).array());
        for (byte[] map : damaged) {
            copyWithMap(map);
            assertThatThrownBy(() -> open(InputFormat.PAIR))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith(refused);
        }
        copy("unigram", "/normalizer", "{\"type\":\"Precompiled\"}");
        assertThatThrownBy(() -> open(InputFormat.PAIR)).hasMessageStartingWith(refused);
    }

    /** Any map either works or is refused, and the process must survive. */
    @Test
    void open_randomCharacterMap_worksOrIsRefused() throws IOException {
        Random random = new Random(8);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = map().array();
            ByteBuffer map = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = List.of(0, 0x178, 0x1f0, random.nextInt(512)).get(random.nextInt(4));
                map.putInt(4 + 4 * at, random.nextInt() >>> random.nextInt(32));
            }
            copyWithMap(bytes);
            try (CheckpointTokenizer tokenizer = open(InputFormat.RESPONSE_ONLY)) {
                tokenizer.encode("", "x yz \u00e9 \u4e2d \ud83d\ude42 xx");
            } catch (CheckpointException e) {
                assertThat(e).hasMessageContaining("precompiled_charsmap");
            }
        }
    }

    @Test
    void open_piecesOfLengthZero_areRefused() throws IOException {
        copy("wordpiece", "/pre_tokenizer", "{\"type\":\"FixedLength\",\"length\":0}");
        assertRefused("length of the pre_tokenizer must be at least 1, but was 0 (%s)");
    }

    @Test
    void read_hiddenNames_areRandom() throws IOException {
        Path path = CheckpointTokenizerTest.directory("unigram");
        String one = TokenizerFile.read(path).textJson();
        assertThat(one).isNotEqualTo(TokenizerFile.read(path).textJson()).doesNotContain("</s>", "<pad>");
        assertThat(one.chars().allMatch(c -> c < 128)).isTrue();
        assertThat(TokenizerFile.read(path).specialNames())
                .isEqualTo(List.of("</s>", "<mask>", "<pad>", "<s>", "<unk>"));
    }
}
