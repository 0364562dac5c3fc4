package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.donotanswer.classifier.transformer.SmallTokenizer.bertNormalizer;
import static org.donotanswer.classifier.transformer.SmallTokenizer.byteLevel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.donotanswer.classifier.weights.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code tokenizer_config.json} and the defaults of the tokenizer classes change in {@code tokenizer.json}. */
class TokenizerSettingsTest {
    private static final String TEXT = "Tea caf\u00e9 \u8336\u8336";

    @TempDir
    private Path directory;

    private static List<Long> numbers(String text) {
        return Arrays.stream(text.split(" ", -1)).map(Long::valueOf).toList();
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> SmallTokenizer.ids(directory, "tea"))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(message);
    }

    private String inSettings(String message) {
        return message + " (" + directory.resolve("tokenizer_config.json") + ")";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BertTokenizer||6 8 9 9",
                "BertTokenizer|\"do_lower_case\":true|6 8 9 9",
                "BertTokenizer|\"do_lower_case\":false|5 7 9 9",
                "BertTokenizerFast|\"do_lower_case\":false,\"strip_accents\":true|5 8 9 9",
                "BertTokenizer|\"strip_accents\":false|6 7 9 9",
                "BertTokenizer|\"strip_accents\":null|6 8 9 9",
                "BertTokenizer|\"tokenize_chinese_chars\":false|6 8 10",
                "BertTokenizer|\"do_lower_case\":1|6 8 9 9",
                "DistilBertTokenizer|\"tokenize_chinese_chars\":false|6 8 10",
                "ElectraTokenizerFast|\"do_lower_case\":false|5 7 9 9",
                "MobileBertTokenizer||6 8 9 9",
                "SqueezeBertTokenizer|\"do_lower_case\":false|5 7 9 9",
                // This class keeps the setting for Chinese characters.
                "MPNetTokenizer|\"tokenize_chinese_chars\":false|6 8 9 9",
                "MPNetTokenizerFast|\"do_lower_case\":false|5 7 9 9",
            })
    void ids_classesThatSetTheCase_followTheSettingsWhateverTheFileSays(String type, String entries, String ids)
            throws IOException {
        SmallTokenizer.settings(
                directory, "{\"tokenizer_class\":\"" + type + "\"" + (entries == null ? "" : "," + entries) + "}");
        for (boolean lowerCase : new boolean[] {true, false}) {
            SmallTokenizer.words(directory, bertNormalizer(lowerCase, lowerCase ? "false" : "null", true));
            assertThat(SmallTokenizer.ids(directory, TEXT)).isEqualTo(numbers(ids));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PreTrainedTokenizerFast",
                "PreTrainedTokenizer",
                "TokenizersBackend",
                "AlbertTokenizer",
                "XLMRobertaTokenizerFast",
                "CamembertTokenizer",
                "DebertaTokenizerFast",
                "DebertaV2Tokenizer",
                "RobertaTokenizer"
            })
    void ids_classesThatKeepTheNormalizer_ignoreTheSettings(String type) throws IOException {
        SmallTokenizer.words(directory, bertNormalizer(false, "null", false));
        SmallTokenizer.settings(
                directory,
                "{\"tokenizer_class\":\"" + type
                        + "\",\"do_lower_case\":true,\"strip_accents\":true,\"tokenize_chinese_chars\":true}");
        assertThat(SmallTokenizer.ids(directory, TEXT)).containsExactly(5L, 7L, 10L);
    }

    @ParameterizedTest
    @CsvSource({
        "bert,6 8 9 9",
        "distilbert,6 8 9 9",
        "electra,6 8 9 9",
        "mpnet,6 8 9 9",
        "ernie,6 8 9 9",
        "roberta,5 7 9 9",
        "xlm-roberta,5 7 9 9",
        "deberta-v2,5 7 9 9",
        "albert,5 7 9 9",
        "modernbert,5 7 9 9",
        "unheard-of,5 7 9 9"
    })
    void ids_noClass_followsTheModelType(String type, String ids) throws IOException {
        SmallTokenizer.words(directory, bertNormalizer(false, "null", true));
        SmallTokenizer.modelType(directory, type);
        assertThat(SmallTokenizer.ids(directory, TEXT)).isEqualTo(numbers(ids));
        SmallTokenizer.settings(directory, "{\"tokenizer_class\":null,\"other\":NaN}");
        assertThat(SmallTokenizer.ids(directory, TEXT)).isEqualTo(numbers(ids));
    }

    @Test
    void ids_classInTheModelsConfiguration_isUsed() throws IOException {
        SmallTokenizer.words(directory, bertNormalizer(false, "null", true));
        Files.writeString(
                directory.resolve("config.json"), "{\"model_type\":\"roberta\",\"tokenizer_class\":\"BertTokenizer\"}");
        assertThat(SmallTokenizer.ids(directory, TEXT)).containsExactly(6L, 8L, 9L, 9L);
    }

    @Test
    void ids_neitherClassNorModelType_readsTheFileAsItIs() throws IOException {
        SmallTokenizer.words(directory, bertNormalizer(false, "null", true));
        SmallTokenizer.settings(directory, "{\"do_lower_case\":true}");
        assertThat(SmallTokenizer.ids(directory, TEXT)).containsExactly(5L, 7L, 9L, 9L);
    }

    @Test
    void ids_otherNormalizers_areKept() throws IOException {
        SmallTokenizer.settings(directory, "{\"tokenizer_class\":\"BertTokenizer\",\"do_lower_case\":true}");
        SmallTokenizer.words(directory, "{\"type\":\"StripAccents\"}");
        assertThat(SmallTokenizer.ids(directory, "Tea cafe")).containsExactly(5L, 8L);
        SmallTokenizer.words(
                directory, "{\"type\":\"Sequence\",\"normalizers\":[" + bertNormalizer(false, "null", true) + "]}");
        assertThat(SmallTokenizer.ids(directory, TEXT)).containsExactly(5L, 7L, 9L, 9L);
    }

    @Test
    void ids_noNormalizer_refusesOnlyWhatIsAskedFor() throws IOException {
        SmallTokenizer.words(directory, "null");
        SmallTokenizer.settings(directory, "{\"tokenizer_class\":\"BertTokenizer\"}");
        assertThat(SmallTokenizer.ids(directory, "Tea tea")).containsExactly(5L, 6L);
        SmallTokenizer.settings(directory, "{\"tokenizer_class\":\"BertTokenizer\",\"do_lower_case\":true}");
        assertRefused(inSettings("do_lower_case must be false, as tokenizer.json has no normalizer, but was true"));
        SmallTokenizer.settings(
                directory, "{\"tokenizer_class\":\"BertTokenizer\",\"do_lower_case\":false,\"strip_accents\":true}");
        assertRefused(inSettings("strip_accents must be false, as tokenizer.json has no normalizer, but was true"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RobertaTokenizer||3",
                "RobertaTokenizer|true|5",
                "RobertaTokenizer|false|3",
                "RobertaTokenizerFast|1|5",
                "LongformerTokenizer|true|5",
                "LongformerTokenizer||3",
                "GPT2Tokenizer|true|5",
                "DebertaTokenizer||3",
                "BartTokenizerFast|true|5",
                "PreTrainedTokenizerFast||3",
                "PreTrainedTokenizerFast|true|5",
                "BertTokenizer||3",
            })
    void ids_spaceBeforeTheText_followsTheSettingsWhateverTheFileSays(String type, String prefix, String id)
            throws IOException {
        SmallTokenizer.settings(
                directory,
                "{\"tokenizer_class\":\"" + type + "\"" + (prefix == null ? "" : ",\"add_prefix_space\":" + prefix)
                        + "}");
        for (boolean inFile : new boolean[] {true, false}) {
            SmallTokenizer.bytes(directory, byteLevel(inFile));
            assertThat(SmallTokenizer.ids(directory, "t")).isEqualTo(numbers(id));
        }
    }

    @Test
    void ids_spaceBeforeTheText_isKeptWithNullInASequenceAndWithoutClass() throws IOException {
        SmallTokenizer.bytes(directory, byteLevel(true));
        assertThat(SmallTokenizer.ids(directory, "t")).containsExactly(5L);
        SmallTokenizer.modelType(directory, "roberta");
        assertThat(SmallTokenizer.ids(directory, "t")).containsExactly(3L);
        SmallTokenizer.settings(directory, "{\"tokenizer_class\":\"RobertaTokenizer\",\"add_prefix_space\":null}");
        assertThat(SmallTokenizer.ids(directory, "t")).containsExactly(5L);
        SmallTokenizer.settings(directory, "{\"tokenizer_class\":\"RobertaTokenizer\",\"add_prefix_space\":false}");
        SmallTokenizer.bytes(directory, "{\"type\":\"Sequence\",\"pretokenizers\":[" + byteLevel(true) + "]}");
        assertThat(SmallTokenizer.ids(directory, "t")).containsExactly(5L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"BertweetTokenizer", "BertJapaneseTokenizer", "RoFormerTokenizerFast", "LlamaTokenizer", "Bert"})
    void open_classThatReadsTextInAnotherWay_isRefused(String type) throws IOException {
        SmallTokenizer.words(directory, "null");
        SmallTokenizer.settings(directory, "{\"tokenizer_class\":\"" + type + "\"}");
        assertRefused(inSettings("tokenizer_class must be a class that reads tokenizer.json in a known way, but was \""
                        + type + "\"")
                + "; if tokenizer.json alone reads texts as the model needs them, set it to PreTrainedTokenizerFast");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "do_lower_case|\"true\"|must be true or false",
                "do_lower_case|null|must be true or false",
                "strip_accents|2|must be true or false",
                "tokenize_chinese_chars|[]|must be true or false",
                "add_prefix_space|\"yes\"|must be true or false",
                "from_slow|true|must be false, as only tokenizer.json is read",
                "model_max_length|{}|must be a number",
                "model_max_length|\"long\"|must be a number",
                "model_input_names|\"input_ids\"|must be a list of names",
                "added_tokens_decoder|[]|must map ids to tokens with content",
                "added_tokens_decoder|{\"x\":{\"content\":\"y\"}}|must map ids to tokens with content",
                "added_tokens_decoder|{\"1\":\"y\"}|must map ids to tokens with content",
                "cls_token|7|must be a token",
            })
    void open_entryOfAnotherType_isRefusedNamingIt(String name, String json, String requirement) throws IOException {
        SmallTokenizer.words(directory, bertNormalizer(true, "null", true));
        SmallTokenizer.settings(directory, "{\"tokenizer_class\":\"BertTokenizer\",\"" + name + "\":" + json + "}");
        assertRefused(inSettings(name + " " + requirement + ", but was " + json));
    }

    @Test
    void open_settingsThatAreNoObject_areRefused() throws IOException {
        SmallTokenizer.words(directory, "null");
        SmallTokenizer.settings(directory, "[1]");
        assertRefused(inSettings("tokenizer_config.json must be a JSON object, but was ARRAY"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_max_length\":20|20",
                "\"model_max_length\":20.0|20",
                "\"model_max_length\":\"20\"|20",
                "\"max_len\":20|20",
                "\"model_max_length\":30,\"max_len\":20|30",
                "\"model_max_length\":null|64",
                "\"model_max_length\":1000000000000000019884624838656|64",
                "\"model_max_length\":1e30|64",
                "\"model_max_length\":Infinity|64",
                "\"model_max_length\":NaN|64",
                "\"model_max_length\":-1|64",
                "\"model_max_length\":100|64",
            })
    void maxTokens_followsTheSettings(String entries, int tokens) throws IOException {
        SmallTokenizer.words(directory, "null");
        SmallTokenizer.settings(directory, "{" + entries + "}");
        try (CheckpointTokenizer tokenizer =
                CheckpointTokenizer.open(directory, TokenizerOptions.of(64, InputFormat.RESPONSE_ONLY))) {
            assertThat(tokenizer.maxTokens()).isEqualTo(tokens);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BertTokenizer||1",
                "DebertaV2Tokenizer||1",
                "DistilBertTokenizer||0",
                "RobertaTokenizer||0",
                "MPNetTokenizer||0",
                "BertTokenizer|\"model_input_names\":[\"input_ids\",\"attention_mask\"]|0",
                "RobertaTokenizer|\"model_input_names\":[\"input_ids\",\"token_type_ids\"]|1",
                "BertTokenizer|\"model_input_names\":null|1",
            })
    void types_ofThePair_followTheModelsInputs(String type, String entries, long highest) throws IOException {
        SmallTokenizer.words(directory, "null");
        SmallTokenizer.settings(
                directory, "{\"tokenizer_class\":\"" + type + "\"" + (entries == null ? "" : "," + entries) + "}");
        try (CheckpointTokenizer tokenizer =
                CheckpointTokenizer.open(directory, TokenizerOptions.of(64, InputFormat.PAIR))) {
            assertThat(tokenizer.highestType()).isEqualTo(highest);
            assertThat(tokenizer.encode("tea", "Tea").windows().get(0).typeIds())
                    .containsExactly(0, 0, 0, highest, highest);
        }
    }

    @Test
    void remarks_truncationAtTheOtherEnd_isNamed() throws IOException {
        SmallTokenizer.words(directory, "null");
        assertThat(TokenizerSettings.read(directory).remarks()).isEmpty();
        SmallTokenizer.settings(directory, "{\"truncation_side\":\"left\"}");
        assertThat(TokenizerSettings.read(directory).remarks())
                .containsExactly("truncation_side left of tokenizer_config.json is not followed: long texts are cut at"
                        + " their end");
    }
}
