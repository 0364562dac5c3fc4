package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.weights.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExchangeTokenizerTest {
    private static final int MAX_TOKENS = 128;
    private static final int OVERLAP = 24;
    private static final int MAX_WINDOWS = 24;
    private static final String INSTRUCTION = "How do I boil an egg?";

    @TempDir
    private Path directory;

    private static ExchangeTokenizer open() throws IOException {
        return EncoderArtifact.MINILM_L6.tokenizer(MAX_TOKENS, OVERLAP, MAX_WINDOWS);
    }

    /** Opens the same tokenizer as that of a checkpoint. */
    private CheckpointTokenizer checkpoint(TokenizerOptions options) throws IOException {
        try (InputStream in = ExchangeTokenizerTest.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
            Files.write(
                    directory.resolve("tokenizer.json"),
                    Objects.requireNonNull(in).readAllBytes());
        }
        SmallTokenizer.settings(directory, "{\"tokenizer_class\":\"BertTokenizer\",\"do_lower_case\":true}");
        return CheckpointTokenizer.open(directory, options);
    }

    private static TokenizerOptions.Builder pairs() {
        return TokenizerOptions.builder().maxTokens(MAX_TOKENS).format(InputFormat.PAIR);
    }

    private static String words(int count, long seed) {
        List<String> vocabulary =
                List.of("egg", "Water,", "unbelievably", "na\u00efve", "(7:30)", "\u6c34", "xyzzyx", "the");
        Random random = new Random(seed);
        return random.ints(count, 0, vocabulary.size())
                .mapToObj(vocabulary::get)
                .collect(Collectors.joining(" "));
    }

    private static void assertSame(List<TokenSequence> actual, List<TokenSequence> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).inputIds()).isEqualTo(expected.get(i).inputIds());
            assertThat(actual.get(i).typeIds()).isEqualTo(expected.get(i).typeIds());
        }
    }

    @Test
    void encode_upToAllWindows_readsAsTheCheckpointDoes() throws IOException {
        List<String> responses = List.of(
                "",
                "Ten minutes.",
                "[SEP] [CLS] \uD800 \u0000 \uD83D\uDE42",
                words(60, 1),
                words(160, 2),
                words(250, 3));
        try (ExchangeTokenizer tokenizer = open();
                CheckpointTokenizer checkpoint =
                        checkpoint(pairs().windows(MAX_WINDOWS, OVERLAP).build())) {
            for (String instruction : List.of("", INSTRUCTION, words(90, 4))) {
                for (String response : responses) {
                    EncodedText actual = tokenizer.encode(instruction, response);
                    EncodedText expected = checkpoint.encode(instruction, response);

                    assertThat(actual.truncated()).isEqualTo(expected.truncated());
                    assertSame(actual.windows(), expected.windows());
                }
            }
        }
    }

    /** Returns the tokens of a text without special tokens. */
    private long[] tokens(String text) throws IOException {
        TokenizerOptions whole = TokenizerOptions.of(1_000_000, InputFormat.RESPONSE_ONLY);
        try (CheckpointTokenizer checkpoint = checkpoint(whole)) {
            long[] ids = checkpoint.encode("", text).windows().get(0).inputIds();
            return Arrays.copyOfRange(ids, 1, ids.length - 1);
        }
    }

    /** Returns the window of a response from a token on. */
    private static long[] window(long[] instruction, long[] response, int from) {
        int width = MAX_TOKENS - 3 - instruction.length;
        List<Long> ids = new ArrayList<>(List.of(101L));
        Arrays.stream(instruction).forEach(ids::add);
        ids.add(102L);
        Arrays.stream(response, from, Math.min(from + width, response.length)).forEach(ids::add);
        ids.add(102L);
        return ids.stream().mapToLong(Long::longValue).toArray();
    }

    @Test
    void encode_moreThanAllWindows_readsTheBeginningAndTheEnd() throws IOException {
        long[] instruction = tokens(INSTRUCTION);
        int width = MAX_TOKENS - 3 - instruction.length;
        int step = width - OVERLAP;
        int most = width + (MAX_WINDOWS - 1) * step;
        try (ExchangeTokenizer tokenizer = open()) {
            for (int count : new int[] {1_300, 3_000, 100_000}) {
                String text = words(count, count);
                long[] response = tokens(text);
                assertThat(response).hasSizeGreaterThan(most);

                EncodedText encoded = tokenizer.encode(INSTRUCTION, text);

                assertThat(encoded.textCut()).isTrue();
                assertThat(encoded.instructionCut()).isFalse();
                assertThat(encoded.windows()).hasSize(24);
                for (int i = 0; i < 18; i++) {
                    assertThat(encoded.windows().get(i).inputIds()).isEqualTo(window(instruction, response, i * step));
                }
                for (int i = 0; i < 6; i++) {
                    int from = response.length - width - (5 - i) * step;
                    assertThat(encoded.windows().get(18 + i).inputIds()).isEqualTo(window(instruction, response, from));
                }
            }
        }
    }

    @Test
    void encode_oneTokenMoreThanAllWindows_isTruncatedWithFewMissing() throws IOException {
        long[] instruction = tokens(INSTRUCTION);
        int width = MAX_TOKENS - 3 - instruction.length;
        int most = width + (MAX_WINDOWS - 1) * (width - OVERLAP);
        try (ExchangeTokenizer tokenizer = open()) {
            EncodedText full = tokenizer.encode(INSTRUCTION, "egg ".repeat(most));
            assertThat(full.truncated()).isFalse();
            assertThat(full.windows()).hasSize(MAX_WINDOWS);

            EncodedText more = tokenizer.encode(INSTRUCTION, "egg ".repeat(most) + "water");
            assertThat(more.truncated()).isTrue();
            assertThat(more.windows()).hasSize(MAX_WINDOWS);
            long[] last = more.windows().get(MAX_WINDOWS - 1).inputIds();
            assertThat(last[last.length - 2]).isEqualTo(2300); // water
        }
    }

    @Test
    void encode_fewWindows_areForTheBeginning() throws IOException {
        String text = "egg ".repeat(400) + "water";
        for (int max : new int[] {1, 2, 3, 4}) {
            try (ExchangeTokenizer tokenizer = EncoderArtifact.MINILM_L6.tokenizer(MAX_TOKENS, OVERLAP, max)) {
                EncodedText encoded = tokenizer.encode(INSTRUCTION, text);
                long[] last = encoded.windows().get(max - 1).inputIds();
                assertThat(encoded.windows()).hasSize(max);
                assertThat(encoded.truncated()).isTrue();
                assertThat(last[last.length - 2] == 2300).isEqualTo(max == 4);
            }
        }
    }

    @Test
    void encode_millionChars_hasWindowsWithinTheLimits() throws IOException {
        List<String> texts = List.of(
                "egg ".repeat(250_000),
                "a".repeat(1_000_000),
                " ".repeat(1_000_000),
                "\u4e2d".repeat(1_000_000),
                "\uD83D\uDE42".repeat(500_000),
                "!?".repeat(500_000),
                "x" + " ".repeat(120_000) + "y");
        try (ExchangeTokenizer tokenizer = open()) {
            for (String instruction : List.of("", INSTRUCTION, "egg ".repeat(250_000), "a".repeat(1_000_000))) {
                for (String response : texts) {
                    EncodedText encoded = tokenizer.encode(instruction, response);
                    assertThat(encoded.windows()).hasSizeBetween(1, MAX_WINDOWS);
                    assertThat(encoded.windows()).allMatch(window -> window.length() <= MAX_TOKENS);
                }
            }
            assertThat(tokenizer.encode(INSTRUCTION, texts.get(0)).truncated()).isTrue();
            // Chars between the ends that make no token: all tokens were read.
            EncodedText apart = tokenizer.encode(INSTRUCTION, texts.get(6));
            assertThat(apart.truncated()).isFalse();
            assertThat(apart.windows()).hasSize(1);
        }
    }

    @Test
    void encode_longInstruction_isCutToHalfOfTheWindow() throws IOException {
        try (ExchangeTokenizer tokenizer = open()) {
            EncodedText encoded = tokenizer.encode("egg ".repeat(500), "water ".repeat(500));
            assertThat(encoded.instructionCut()).isTrue();
            assertThat(encoded.textCut()).isFalse();
            assertThat(encoded.truncated()).isTrue();
            for (TokenSequence window : encoded.windows()) {
                assertThat(Arrays.stream(window.inputIds())
                                .filter(id -> id == 8288)
                                .count())
                        .isEqualTo(62); // egg
            }
            EncodedText alone = tokenizer.encode("egg ".repeat(500), "");
            assertThat(alone.instructionCut()).isTrue();
            assertThat(alone.windows()).hasSize(1);
            assertThat(alone.windows().get(0).length()).isEqualTo(MAX_TOKENS);
        }
    }

    @Test
    void of_badWindows_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncoderArtifact.MINILM_L6.tokenizer(4, 0, 1))
                .withMessage("maxTokens must be at least 5 for PAIR with this tokenizer, but was 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncoderArtifact.MINILM_L6.tokenizer(128, 63, 2))
                .withMessage("windowOverlap must be less than 63 for PAIR with 128 tokens, but was 63");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncoderArtifact.MINILM_L6.tokenizer(128, 24, 0))
                .withMessage("maxWindows must be at least 1, but was 0");
    }

    @Test
    void of_malformedTokenizer_saysWhere() {
        ObjectNode empty = new ObjectMapper().createObjectNode();
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> ExchangeTokenizer.of(empty, empty.deepCopy(), "class path", 128, 24, 24))
                .withMessage("tokenizer.json must be an object with a model, but was not (class path)");
    }

    @Test
    void close_twice_hasNoFurtherEffectAndEncodeFails() throws IOException {
        ExchangeTokenizer tokenizer = open();
        tokenizer.close();
        tokenizer.close();
        assertThatIllegalStateException().isThrownBy(() -> tokenizer.encode(INSTRUCTION, "Ten minutes."));
    }

    @Test
    void requireTokenizers_otherPlatform_namesIt() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dos.arch=sparc",
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TokenizersProbe.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        assertThat(process.getInputStream())
                .hasContent("native library of ai.djl.huggingface:tokenizers:0.35.1 must be one of this platform, but"
                        + " none could be loaded for " + System.getProperty("os.name") + " sparc");
        assertThat(process.waitFor()).isEqualTo(0);
    }

    @Test
    void requireTokenizers_withoutDjl_namesTheArtifactToAdd() throws Exception {
        URL[] places = {
            NativeLibraries.class.getProtectionDomain().getCodeSource().getLocation()
        };
        try (URLClassLoader loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
            Method method = loader.loadClass(NativeLibraries.class.getName()).getDeclaredMethod("requireTokenizers");
            method.setAccessible(true);
            assertThat(catchThrowable(() -> method.invoke(null)).getCause())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("DJL's tokenizers must be on the class path, but were not (add"
                            + " ai.djl.huggingface:tokenizers:0.35.1)");
        }
    }
}
