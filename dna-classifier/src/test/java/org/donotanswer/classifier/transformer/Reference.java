package org.donotanswer.classifier.transformer;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** The unmodified tokenizer of a file, as the reference to compare with, and random texts for the comparison. */
final class Reference implements AutoCloseable {
    private static final String[] WORDS = {
        "how do you make the tea",
        "Pouring HOT water",
        "it's a pot",
        "  ",
        "\n",
        "\n\n ",
        "\t",
        "...",
        "?!",
        "1,234.5",
        " ",
        "don't",
        "caf\u00e9",
        "e\u0301",
        "\u0000",
        "\u00a0",
        "\u200b",
        "\u0007",
        "\u4e2d\u6587",
        "\ud83d\ude42",
        "\u03a3",
        "[ SEP",
        "< s >",
        "##ing",
        "teapot",
        "\u2581"
    };

    private final HuggingFaceTokenizer tokenizer;

    Reference(Path directory) throws IOException {
        tokenizer = HuggingFaceTokenizer.newInstance(
                directory.resolve("tokenizer.json"), Map.of("truncation", "false", "padding", "false"));
    }

    TokenSequence encode(String text) {
        return sequence(tokenizer.encode(text));
    }

    TokenSequence encode(String first, String second) {
        return sequence(tokenizer.encode(first, second));
    }

    private static TokenSequence sequence(Encoding encoding) {
        return new TokenSequence(encoding.getIds(), encoding.getTypeIds());
    }

    /**
     * Returns a text of words, spaces and characters of all planes, without lone surrogates and names of special
     * tokens.
     */
    static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int parts = random.nextInt(24); parts > 0; parts--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append(WORDS[random.nextInt(WORDS.length)]);
                case 1 -> text.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
                case 2 -> text.append((char) random.nextInt(128));
                default -> text.appendCodePoint(character(random));
            }
        }
        return text.toString();
    }

    private static int character(Random random) {
        int point;
        do {
            point = random.nextInt(random.nextBoolean() ? 0x3000 : Character.MAX_CODE_POINT + 1);
        } while (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
        return point;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
