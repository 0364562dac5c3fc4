package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.donotanswer.classifier.weights.CheckpointException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Added tokens that are in other files than {@code tokenizer.json}. The vocabulary has the ids 0 to 10. */
class AddedTokensTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path directory;

    @BeforeEach
    void write() throws IOException {
        SmallTokenizer.words(directory, "null");
    }

    private void decoder(String tokens) throws IOException {
        SmallTokenizer.settings(directory, "{\"added_tokens_decoder\":{" + tokens + "}}");
    }

    private List<Long> ids(String text) throws IOException {
        return SmallTokenizer.ids(directory, text);
    }

    /** Splits at spaces only, so that a text could spell the name of a special token. */
    private void splitAtSpaces() throws IOException {
        File file = directory.resolve("tokenizer.json").toFile();
        ObjectNode root = (ObjectNode) MAPPER.readTree(file);
        root.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
        MAPPER.writeValue(file, root);
    }

    @Test
    void ids_tokenOfTheSettings_isFoundInText() throws IOException {
        assertThat(ids("Tea+Tea")).containsExactly(5L, 1L, 5L);
        decoder("\"11\":{\"content\":\"+Tea\",\"normalized\":false,\"special\":false}");
        assertThat(ids("Tea+Tea")).containsExactly(5L, 11L);
        assertThat(TokenizerFile.read(directory).vocabularySize()).isEqualTo(12);
    }

    /** The reference numbers new tokens by their order, whatever ids are stated. */
    @Test
    void ids_statedIds_onlyGiveTheOrder() throws IOException {
        decoder("\"99\":{\"content\":\"++\"},\"30\":{\"content\":\"--\"}");
        assertThat(ids("-- ++")).containsExactly(11L, 12L);
    }

    @Test
    void ids_flagsOfTheSettings_replaceThoseOfTheFile() throws IOException {
        File file = directory.resolve("tokenizer.json").toFile();
        ObjectNode root = (ObjectNode) MAPPER.readTree(file);
        root.withArray("added_tokens")
                .addObject()
                .put("id", 11)
                .put("content", "++")
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", false);
        MAPPER.writeValue(file, root);
        assertThat(ids("Tea++Tea")).containsExactly(5L, 11L, 5L);
        decoder("\"11\":{\"content\":\"++\",\"single_word\":true,\"normalized\":false}");
        assertThat(ids("Tea++Tea")).containsExactly(5L, 1L, 1L, 5L);
        assertThat(ids("Tea ++ Tea")).containsExactly(5L, 11L, 5L);
    }

    @Test
    void ids_specialTokenOfTheSettings_isNotFoundInText() throws IOException {
        decoder("\"11\":{\"content\":\"tea\",\"special\":true}");
        assertThat(ids("Tea tea")).containsExactly(5L, 1L);
        SmallTokenizer.settings(directory, "{\"additional_special_tokens\":[\"tea\",{\"content\":\"Tea\"}]}");
        assertThat(ids("Tea tea cafe")).containsExactly(1L, 1L, 8L);
        SmallTokenizer.settings(directory, "{\"extra_special_tokens\":{\"drink\":\"tea\"}}");
        assertThat(ids("Tea tea")).containsExactly(5L, 1L);
    }

    @Test
    void ids_specialTokenOfTheClass_isNotFoundInText() throws IOException {
        splitAtSpaces();
        assertThat(ids("[MASK] tea")).containsExactly(4L, 6L);
        SmallTokenizer.settings(directory, "{\"tokenizer_class\":\"DebertaV2Tokenizer\"}");
        assertThat(ids("[MASK] tea")).containsExactly(1L, 6L);
    }

    @Test
    void ids_specialTokenOfNoVocabulary_needsNoEmbedding() throws IOException {
        SmallTokenizer.settings(
                directory,
                "{\"tokenizer_class\":\"PreTrainedTokenizerFast\",\"pad_token\":\"<p>\","
                        + "\"added_tokens_decoder\":{\"11\":{\"content\":\"<q>\",\"special\":true}}}");
        assertThat(TokenizerFile.read(directory).vocabularySize()).isEqualTo(11);
        assertThat(ids("tea <q> <p>")).startsWith(6L).doesNotContain(11L, 12L);
    }

    @Test
    void ids_tokensOfTheOldFiles_areReadUnlessTheSettingsHaveThem() throws IOException {
        Files.writeString(directory.resolve("added_tokens.json"), "{\"+Tea\":11}");
        Files.writeString(
                directory.resolve("special_tokens_map.json"), "{\"cls_token\":{\"content\":\"tea\"},\"x\":NaN}");
        assertThat(ids("Tea+Tea tea")).containsExactly(5L, 11L, 1L);
        decoder("");
        assertThat(ids("Tea+Tea tea")).containsExactly(5L, 1L, 5L, 6L);
    }

    @Test
    void ids_invalidOldFiles_areRefused() throws IOException {
        Path file = directory.resolve("added_tokens.json");
        Files.writeString(file, "{\"+\":\"x\"}");
        assertThatThrownBy(() -> ids("tea"))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("added_tokens.json must map tokens to ids, but was \"x\" (" + file + ")");
        Files.writeString(file, "7");
        assertThatThrownBy(() -> ids("tea"))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("added_tokens.json must be a JSON object, but was NUMBER (" + file + ")");
    }

    /** The native code would find an empty token everywhere, and abort the JVM at the first character of several bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"\\uFFFD", "\\u0301", "\\u200B\\uFEFF", "\\u0007"})
    void open_normalizedTokenThatMayVanish_isRefused(String content) throws IOException {
        SmallTokenizer.words(directory, SmallTokenizer.bertNormalizer(true, "null", true));
        decoder("\"11\":{\"content\":\"" + content + "\",\"normalized\":true}");

        assertThatThrownBy(() -> ids("Tea"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(
                        "added token must have a character that the normalizer never deletes, but was {")
                .hasMessageEndingWith("; state \"normalized\": false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\uFFFD", "\\u0301"})
    void ids_tokenThatIsNotNormalized_mayBeAnything(String content) throws IOException {
        decoder("\"11\":{\"content\":\"" + content + "\",\"normalized\":false}");

        assertThat(ids("Tea \uD83D\uDE42")).startsWith(5L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"Replace\",\"pattern\":{\"String\":\"+\"},\"content\":\"\"} | true",
                "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\".\"},\"content\":\"\"} | true",
                "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\".\"},\"content\":\" \"} | false",
                "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\".\"},\"content\":\" \"},{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":true} | true",
                "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\" \"} | false",
                "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"\"} | false",
                "{\"type\":\"Lowercase\"} | false"
            })
    void open_normalizerThatDeletesAnyText_isRefusedWithNormalizedTokens(String normalizer, boolean isRefused)
            throws IOException {
        SmallTokenizer.words(directory, "{\"type\":\"Sequence\",\"normalizers\":[" + normalizer + "]}");
        decoder("\"11\":{\"content\":\"++\",\"normalized\":true}");

        if (isRefused) {
            assertThatThrownBy(() -> ids("Tea"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith(
                            "added token must have a character that the normalizer never deletes, but was {");
        } else {
            assertThat(ids("Tea")).isNotEmpty();
        }
    }
}
