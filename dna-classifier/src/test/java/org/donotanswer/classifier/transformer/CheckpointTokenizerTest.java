package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests with small tokenizers made for this purpose, one of each kind and one of each family of checkpoints. */
class CheckpointTokenizerTest extends CheckpointTokenizerContract {
    @TempDir
    private Path temporary;

    static Path directory(String name) {
        URL url = Objects.requireNonNull(CheckpointTokenizerTest.class.getResource("/tokenizers/" + name));
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(name, e);
        }
    }

    @Override
    List<Path> directories() {
        return List.of(
                directory("wordpiece"),
                directory("byte-bpe"),
                directory("unigram"),
                directory("albert"),
                directory("mpnet"),
                directory("modernbert"));
    }

    private static long[] ids(CheckpointTokenizer tokenizer, String instruction, String response) {
        EncodedText text = tokenizer.encode(instruction, response);
        assertThat(text.windows()).hasSize(1);
        return text.windows().get(0).inputIds();
    }

    @Test
    void encode_formats_putSpecialTokensWhereTheyBelong() throws IOException {
        // [CLS] 2, [SEP] 3, yes 9, no 10, tea 16
        try (CheckpointTokenizer tokenizer = open(directory("wordpiece"), 16, InputFormat.RESPONSE_ONLY)) {
            assertThat(ids(tokenizer, "tea", "yes no")).containsExactly(2, 9, 10, 3);
        }
        try (CheckpointTokenizer tokenizer = open(directory("wordpiece"), 16, InputFormat.SEPARATED_STRING)) {
            assertThat(ids(tokenizer, "tea", "yes no")).containsExactly(2, 16, 3, 9, 10, 3);
        }
        try (CheckpointTokenizer tokenizer = open(directory("wordpiece"), 16, InputFormat.PAIR)) {
            TokenSequence pair = tokenizer.encode("tea", "yes no").windows().get(0);
            assertThat(pair.inputIds()).containsExactly(2, 16, 3, 9, 10, 3);
            assertThat(pair.typeIds()).containsExactly(0, 0, 0, 1, 1, 1);
        }
        try (CheckpointTokenizer tokenizer = open(directory("byte-bpe"), 16, InputFormat.PAIR)) {
            TokenSequence pair = tokenizer.encode("", "").windows().get(0);
            assertThat(pair.inputIds()).containsExactly(0, 2, 2, 2);
            assertThat(pair.typeIds()).containsOnly(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"RESPONSE_ONLY, 3", "SEPARATED_STRING, 5", "PAIR, 5"})
    void open_tooFewTokens_namesTheMinimum(InputFormat format, int smallest) throws IOException {
        for (int limit = 1; limit < smallest; limit++) {
            TokenizerOptions options = TokenizerOptions.of(limit, format);
            assertThatThrownBy(() -> CheckpointTokenizer.open(directory("wordpiece"), options))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("maxTokens must be at least " + smallest + " for " + format
                            + " with this tokenizer, but was " + limit);
        }
        try (CheckpointTokenizer tokenizer = open(directory("wordpiece"), smallest, format)) {
            EncodedText text = tokenizer.encode("tea tea", "yes no");
            assertThat(text.truncated()).isTrue();
            assertThat(text.windows().get(0).length()).isEqualTo(smallest);
            assertThat(text.windows().get(0).inputIds()).contains(9).doesNotContain(10);
        }
    }

    @Test
    void encode_instructionTooLong_keepsItsMaximumRatioOrWhatTheResponseLeaves() throws IOException {
        String instruction = "tea ".repeat(20);
        try (CheckpointTokenizer tokenizer = open(directory("wordpiece"), 13, InputFormat.PAIR)) {
            assertThat(count(tokenizer.encode(instruction, "yes ".repeat(20)), 16))
                    .isEqualTo(5);
            assertThat(count(tokenizer.encode(instruction, "yes yes"), 16)).isEqualTo(8);
            assertThat(count(tokenizer.encode(instruction, ""), 16)).isEqualTo(10);
            assertThat(count(tokenizer.encode("tea tea", "yes ".repeat(20)), 9)).isEqualTo(8);
            assertThat(tokenizer.encode(instruction, "").truncated()).isTrue();
        }
        TokenizerOptions fifth = TokenizerOptions.builder()
                .maxTokens(13)
                .format(InputFormat.SEPARATED_STRING)
                .maxInstructionRatio(0.2)
                .build();
        try (CheckpointTokenizer tokenizer = CheckpointTokenizer.open(directory("wordpiece"), fifth)) {
            EncodedText text = tokenizer.encode(instruction, "yes ".repeat(20));
            assertThat(count(text, 16)).isEqualTo(2);
            assertThat(count(text, 9)).isEqualTo(8);
        }
    }

    private static long count(EncodedText text, long id) {
        return Arrays.stream(text.windows().get(0).inputIds())
                .filter(i -> i == id)
                .count();
    }

    @Test
    void encode_moreThanAllWindows_isReportedAsTruncated() throws IOException {
        TokenizerOptions options = TokenizerOptions.builder()
                .maxTokens(6)
                .format(InputFormat.RESPONSE_ONLY)
                .windows(3, 2)
                .build();
        try (CheckpointTokenizer tokenizer = CheckpointTokenizer.open(directory("wordpiece"), options)) {
            // 4 tokens per window, 2 of them new
            assertThat(tokenizer.encode("", "yes ".repeat(4)).windows()).hasSize(1);
            assertThat(tokenizer.encode("", "yes ".repeat(5)).windows()).hasSize(2);
            EncodedText full = tokenizer.encode("", "yes ".repeat(8));
            assertThat(full.windows()).hasSize(3);
            assertThat(full.truncated()).isFalse();
            EncodedText more = tokenizer.encode("", "yes ".repeat(9));
            assertThat(more.windows()).hasSize(3);
            assertThat(more.truncated()).isTrue();
            assertThat(tokenizer.encode("", "yes ".repeat(100_000)).truncated()).isTrue();
        }
    }

    @Test
    void open_overlapTooLarge_namesTheLimit() {
        TokenizerOptions options = TokenizerOptions.builder()
                .maxTokens(13)
                .format(InputFormat.PAIR)
                .windows(2, 5)
                .build();
        assertThatThrownBy(() -> CheckpointTokenizer.open(directory("wordpiece"), options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("windowOverlap must be less than 5 for PAIR with 13 tokens, but was 5");
    }

    @Test
    void encode_fileTruncatesAndPads_isIgnored() throws IOException {
        // the file truncates to 8 and pads to 8
        try (CheckpointTokenizer tokenizer = open(directory("wordpiece"), 5_000, InputFormat.RESPONSE_ONLY)) {
            assertThat(ids(tokenizer, "", "yes")).containsExactly(2, 9, 3);
            assertThat(ids(tokenizer, "", "yes ".repeat(4_998))).hasSize(5_000);
            assertThat(tokenizer.encode("", "yes ".repeat(4_998)).truncated()).isFalse();
        }
    }

    @Test
    void encode_tokensBeyondTheVocabulary_keepTheirIds() throws IOException {
        // [turn] 54 is special, teapot 55 is not
        try (CheckpointTokenizer tokenizer = open(directory("wordpiece"), 16, InputFormat.RESPONSE_ONLY)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(56);
            assertThat(ids(tokenizer, "", "hot teapot")).containsExactly(2, 46, 55, 3);
            assertThat(ids(tokenizer, "", "[turn]")).doesNotContain(54);
        }
    }

    @Test
    void encode_loneSurrogates_becomeReplacementCharacters() throws IOException {
        try (CheckpointTokenizer tokenizer = open(directory("byte-bpe"), 64, InputFormat.RESPONSE_ONLY)) {
            assertThat(ids(tokenizer, "", "a\ud800b\udc00 \ud83d\ude42\u0000\udfff\ud83d"))
                    .isEqualTo(ids(tokenizer, "", "a\ufffdb\ufffd \ud83d\ude42\u0000\ufffd\ufffd"))
                    .doesNotContain(3);
        }
    }

    @Test
    void encode_millionCharacters_isTruncatedAndReported() throws IOException {
        List<String> texts = List.of(
                "yes ".repeat(250_000), "a".repeat(1_000_000), " ".repeat(1_000_000), "\u4e2d".repeat(1_000_000));
        for (Path directory : directories()) {
            try (CheckpointTokenizer tokenizer = open(directory, 512, InputFormat.PAIR)) {
                for (String text : texts) {
                    EncodedText encoded = tokenizer.encode(text, text);
                    assertThat(encoded.windows().get(0).length()).isLessThanOrEqualTo(512);
                    assertThat(encoded.truncated()).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INSTRUCTION_ONLY")
    void encode_eightThreads_areConsistent(InputFormat format) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (CheckpointTokenizer tokenizer = open(directory("byte-bpe"), 64, format)) {
            List<Future<List<long[]>>> futures = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                futures.add(pool.submit(() -> {
                    Random random = new Random(3);
                    List<long[]> all = new ArrayList<>();
                    for (int i = 0; i < 200; i++) {
                        all.add(ids(tokenizer, Reference.text(random), Reference.text(random)));
                    }
                    return all;
                }));
            }
            long[][] expected = result(futures.get(0));
            for (Future<List<long[]>> future : futures) {
                assertThat(result(future)).isDeepEqualTo(expected);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static long[][] result(Future<List<long[]>> future) throws InterruptedException, ExecutionException {
        return future.get().toArray(long[][]::new);
    }

    @Test
    void close_twice_hasNoFurtherEffectAndEncodeFails() throws IOException {
        CheckpointTokenizer tokenizer = open(directory("wordpiece"), 16, InputFormat.PAIR);
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.encode("tea", "yes"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("CheckpointTokenizer is closed");
    }

    @ParameterizedTest
    @CsvSource({
        "512, 8",
        "8, 8",
        "4, 4",
        "1e30, 8",
        "1000000000000000019884624838656, 8",
        "1000000, 8",
        "0, 8",
        "-1, 8",
        "null, 8",
    })
    void open_configWithALength_honoursItIfValid(String stated, int expected) throws IOException {
        Files.copy(directory("wordpiece").resolve("tokenizer.json"), temporary.resolve("tokenizer.json"));
        Files.writeString(temporary.resolve("tokenizer_config.json"), "{\"model_max_length\": " + stated + "}");
        try (CheckpointTokenizer tokenizer = open(temporary, 8, InputFormat.RESPONSE_ONLY)) {
            assertThat(tokenizer.maxTokens()).isEqualTo(expected);
            assertThat(ids(tokenizer, "", "yes ".repeat(9))).hasSize(expected);
        }
    }

    @Test
    void options_invalid_areRefused() {
        assertThatThrownBy(() -> TokenizerOptions.of(0, InputFormat.PAIR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxTokens must be at least 1, but was 0");
        assertThatThrownBy(() -> TokenizerOptions.builder()
                        .windows(0, 1)
                        .maxTokens(8)
                        .format(InputFormat.PAIR)
                        .build())
                .hasMessage("maxWindows must be at least 1, but was 0");
        assertThatThrownBy(() -> TokenizerOptions.builder()
                        .windows(2, -1)
                        .maxTokens(8)
                        .format(InputFormat.PAIR)
                        .build())
                .hasMessage("windowOverlap must be at least 0, but was -1");
        for (double ratio : new double[] {0, 1, -0.5, Double.NaN}) {
            assertThatThrownBy(() -> new TokenizerOptions(8, InputFormat.PAIR, 1, 0, 0, ratio))
                    .hasMessage("maxInstructionRatio must be in (0, 1), but was " + ratio);
        }
        assertThatThrownBy(() -> TokenizerOptions.builder().maxTokens(8).maxTokens(9))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("maxTokens must be set once, but was 8 and then 9");
        assertThatThrownBy(() -> TokenizerOptions.builder().maxTokens(8).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("maxTokens and format must be set, but were 8 and null");
    }
}
