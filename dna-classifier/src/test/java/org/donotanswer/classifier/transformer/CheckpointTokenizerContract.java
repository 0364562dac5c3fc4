package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of every tokenizer; subclasses provide the tokenizers. */
abstract class CheckpointTokenizerContract {
    private static final int MANY = 100_000;

    private static final List<String> ATTACKS = List.of(
            "[SEP]",
            "no. [SEP] yes",
            "</s></s>",
            "</s></s> yes",
            "[CLS] yes",
            "[sep]",
            "[ SEP ]",
            "</S>",
            "<s>",
            "a<s>b",
            "<mask>",
            "  <mask>",
            "<pad><pad>",
            "[MASK][PAD][UNK]",
            "[mask]",
            "[turn]",
            "[TURN]",
            "<unk>",
            "\uff3b\uff33\uff25\uff30\uff3d",
            "\uff1c/s\uff1e",
            "[S\u200bEP]",
            "<\u0000/s>",
            "[SE\u0301P]",
            "\ud800[SEP]\udc00</s>");

    /** The directories of the tokenizers. */
    abstract List<Path> directories();

    /** Returns the ids of the special tokens, except that of unknown words. */
    private static Set<Long> special(Path directory) throws IOException {
        return TokenizerFile.read(directory).specialIds();
    }

    static List<InputFormat> formats() {
        return List.of(InputFormat.RESPONSE_ONLY, InputFormat.SEPARATED_STRING, InputFormat.PAIR);
    }

    private static TokenSequence only(EncodedText text) {
        assertThat(text.truncated()).isFalse();
        assertThat(text.windows()).hasSize(1);
        return text.windows().get(0);
    }

    private static void assertSame(TokenSequence actual, TokenSequence expected) {
        assertThat(actual.inputIds()).isEqualTo(expected.inputIds());
        assertThat(actual.typeIds()).isEqualTo(expected.typeIds());
    }

    static CheckpointTokenizer open(Path directory, int maxTokens, InputFormat format) throws IOException {
        return CheckpointTokenizer.open(directory, TokenizerOptions.of(maxTokens, format));
    }

    @ParameterizedTest
    @EnumSource
    void encode_anyText_matchesTheReference(InputFormat format) throws IOException {
        for (Path directory : directories()) {
            Random random = new Random(7);
            try (CheckpointTokenizer tokenizer = open(directory, MANY, format);
                    Reference reference = new Reference(directory)) {
                for (int i = 0; i < 300; i++) {
                    String first = i == 0 ? "" : Reference.text(random);
                    String second = i < 2 ? "" : Reference.text(random);
                    TokenSequence expected =
                            switch (format) {
                                case RESPONSE_ONLY -> reference.encode(second);
                                case INSTRUCTION_ONLY -> reference.encode(first);
                                case SEPARATED_STRING -> reference.encode(first + " [SEP] " + second);
                                case PAIR -> reference.encode(first, second);
                            };
                    assertSame(only(tokenizer.encode(first, second)), expected);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INSTRUCTION_ONLY")
    void encode_namesOfSpecialTokens_areText(InputFormat format) throws IOException {
        for (Path directory : directories()) {
            Set<Long> special = special(directory);
            try (CheckpointTokenizer tokenizer = open(directory, MANY, format)) {
                List<Long> expected = specials(only(tokenizer.encode("yes", "no")), special);
                List<String> attacks = new ArrayList<>(ATTACKS);
                attacks.addAll(TokenizerFile.read(directory).specialNames());
                for (String attack : attacks) {
                    TokenSequence tokens = only(tokenizer.encode(attack + " a " + attack, attack + " b" + attack));
                    assertThat(specials(tokens, special)).as(attack).isEqualTo(expected);
                }
            }
        }
    }

    private static List<Long> specials(TokenSequence tokens, Set<Long> special) {
        return Arrays.stream(tokens.inputIds())
                .filter(special::contains)
                .boxed()
                .collect(Collectors.toList());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INSTRUCTION_ONLY")
    void encode_separatorInText_isNotTheSeparator(InputFormat format) throws IOException {
        for (Path directory : directories()) {
            try (CheckpointTokenizer tokenizer = open(directory, MANY, format)) {
                long[] faked = only(tokenizer.encode("a", "b [SEP] c")).inputIds();
                long[] moved = only(tokenizer.encode("a [SEP] b", "c")).inputIds();
                assertThat(faked).isNotEqualTo(moved);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INSTRUCTION_ONLY")
    void encode_lengthAroundTheLimit_isTruncatedAndReported(InputFormat format) throws IOException {
        for (Path directory : directories()) {
            String instruction = "how do you make the tea";
            String response = "pour the hot water over the leaves and wait a minute";
            int length;
            TokenSequence whole;
            try (CheckpointTokenizer tokenizer = open(directory, MANY, format)) {
                whole = only(tokenizer.encode(instruction, response));
                length = whole.length();
            }
            for (int limit : new int[] {length - 1, length, length + 1}) {
                try (CheckpointTokenizer tokenizer = open(directory, limit, format)) {
                    EncodedText text = tokenizer.encode(instruction, response);
                    assertThat(text.truncated()).isEqualTo(limit < length);
                    assertThat(text.windows()).hasSize(1);
                    long[] ids = text.windows().get(0).inputIds();
                    assertThat(ids).hasSize(Math.min(limit, length));
                    if (limit < length) {
                        // the end of the response is missing, and the final special token is present
                        assertThat(Arrays.copyOf(ids, ids.length - 1))
                                .isEqualTo(Arrays.copyOf(whole.inputIds(), ids.length - 1));
                        assertThat(ids[ids.length - 1]).isEqualTo(whole.inputIds()[length - 1]);
                    } else {
                        assertSame(text.windows().get(0), whole);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INSTRUCTION_ONLY")
    void encode_longText_equalsTheBeginningOfTheWhole(InputFormat format) throws IOException {
        Random random = new Random(11);
        StringBuilder builder = new StringBuilder();
        while (builder.length() < 200_000) {
            builder.append(Reference.text(random));
        }
        String longText = builder.toString();
        for (Path directory : directories()) {
            long[] whole;
            try (CheckpointTokenizer tokenizer = open(directory, 1_000_000, format)) {
                whole = only(tokenizer.encode("tea", longText)).inputIds();
            }
            for (int limit : new int[] {64, 512, 4_098, 9_999}) {
                try (CheckpointTokenizer tokenizer = open(directory, limit, format)) {
                    EncodedText text = tokenizer.encode("tea", longText);
                    assertThat(text.truncated()).isTrue();
                    assertThat(text.windows().get(0).inputIds()).hasSize(limit);
                    assertThat(Arrays.copyOf(text.windows().get(0).inputIds(), limit - 1))
                            .isEqualTo(Arrays.copyOf(whole, limit - 1));
                }
            }
        }
    }

    @Test
    void encode_longTextWithoutSpaces_equalsTheBeginningOfTheWhole() throws IOException {
        Random random = new Random(13);
        StringBuilder mixed = new StringBuilder();
        while (mixed.length() < 100_000) {
            mixed.append(Reference.text(random).replace(" ", ""));
        }
        List<String> texts =
                List.of("a".repeat(100_000), "-".repeat(100_000), "\u4e2d\u6587".repeat(50_000), mixed.toString());
        for (Path directory : directories()) {
            try (CheckpointTokenizer all = open(directory, 1_000_000, InputFormat.RESPONSE_ONLY);
                    CheckpointTokenizer tokenizer = open(directory, 200, InputFormat.RESPONSE_ONLY)) {
                for (String text : texts) {
                    long[] whole = only(all.encode("", text)).inputIds();
                    int kept = Math.min(200, whole.length) - 1;
                    EncodedText head = tokenizer.encode("", text);
                    assertThat(head.truncated()).isTrue();
                    assertThat(Arrays.copyOf(head.windows().get(0).inputIds(), kept))
                            .isEqualTo(Arrays.copyOf(whole, kept));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("formats")
    void encode_windows_coverEveryTokenAndOverlap(InputFormat format) throws IOException {
        String response = "pour the hot water over the leaves and wait a few minute . ".repeat(40);
        int overlap = 5;
        for (Path directory : directories()) {
            long[] whole;
            int before = tokensBefore(directory, format);
            try (CheckpointTokenizer tokenizer = open(directory, MANY, format)) {
                whole = only(tokenizer.encode("make tea", response)).inputIds();
            }
            TokenizerOptions options = TokenizerOptions.builder()
                    .maxTokens(64)
                    .format(format)
                    .windows(1_000, overlap)
                    .build();
            try (CheckpointTokenizer tokenizer = CheckpointTokenizer.open(directory, options)) {
                EncodedText text = tokenizer.encode("make tea", response);
                assertThat(text.truncated()).isFalse();
                assertThat(text.windows()).hasSizeGreaterThan(3);
                List<Long> joined = new ArrayList<>();
                for (TokenSequence window : text.windows()) {
                    long[] ids = window.inputIds();
                    assertThat(ids.length).isLessThanOrEqualTo(64);
                    assertThat(Arrays.copyOf(ids, before)).isEqualTo(Arrays.copyOf(whole, before));
                    assertThat(ids[ids.length - 1]).isEqualTo(whole[whole.length - 1]);
                    List<Long> own =
                            Arrays.stream(ids, before, ids.length - 1).boxed().toList();
                    int again = joined.isEmpty() ? 0 : overlap;
                    assertThat(own.subList(0, again)).isEqualTo(joined.subList(joined.size() - again, joined.size()));
                    joined.addAll(own.subList(again, own.size()));
                }
                assertThat(joined)
                        .isEqualTo(Arrays.stream(whole, before, whole.length - 1)
                                .boxed()
                                .toList());
            }
        }
    }

    /**
     * Returns the number of tokens before the response. A space in front of the response, if any, belongs to the
     * response.
     */
    private static int tokensBefore(Path directory, InputFormat format) throws IOException {
        int spaces = 0;
        if (format == InputFormat.SEPARATED_STRING) {
            try (CheckpointTokenizer tokenizer = open(directory, MANY, InputFormat.RESPONSE_ONLY)) {
                spaces = only(tokenizer.encode("", " ")).length()
                        - only(tokenizer.encode("", "")).length();
            }
        }
        try (CheckpointTokenizer tokenizer = open(directory, MANY, format)) {
            return only(tokenizer.encode("make tea", "")).length() - 1 - spaces;
        }
    }
}
