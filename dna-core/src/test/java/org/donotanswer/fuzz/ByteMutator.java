package org.donotanswer.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes hostile inputs out of valid ones: a few edits each, the same ones for the same seed. Not thread-safe. */
final class ByteMutator {
    private static final int MAX_EDITS = 4;
    private static final int MAX_PIECE_BYTES = 64;
    private static final int MAX_REPETITIONS = 200;

    /** The length of the longest input. */
    static final int MAX_BYTES = 1 << 16;

    /** What breaks readers: values of another type, numbers out of range, broken text and unbalanced structure. */
    static final List<String> TOKENS = List.of(
            "null",
            "true",
            "{}",
            "[]",
            "\"\"",
            "0",
            "-1",
            "1.5",
            "1e999",
            "NaN",
            "2147483648",
            "-9223372036854775809",
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            ":",
            "\n",
            "\r",
            "\t",
            " ",
            "\\",
            "\\ud800",
            "\0",
            "\u00FF",
            "\u00ED\u00A0\u0080",
            "\u00EF\u00BB\u00BF");

    /** A value of JSON that stands for itself. */
    private static final Pattern VALUE =
            Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|-?\\d+(?:\\.\\d+)?|true|false|null|\\[\\]|\\{\\}");

    private static final byte[] EDGES = {0, 1, -1, Byte.MAX_VALUE, Byte.MIN_VALUE};

    private final List<byte[]> originals;
    private final Random random;

    ByteMutator(List<byte[]> originals, long seed) {
        this.originals = originals;
        this.random = new Random(seed);
    }

    /** Returns the next input. */
    byte[] next() {
        byte[] bytes = pick(originals);
        for (int edits = 1 + random.nextInt(MAX_EDITS); edits > 0; edits--) {
            bytes = edited(bytes);
        }
        return bytes.length <= MAX_BYTES ? bytes : part(bytes, 0, MAX_BYTES);
    }

    private byte[] edited(byte[] bytes) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(MAX_PIECE_BYTES));
        return switch (random.nextInt(8)) {
            case 0 -> part(bytes, 0, from);
            case 1 -> joined(bytes, from, new byte[0], to);
            case 2 -> joined(bytes, from, pick(TOKENS).getBytes(ISO_8859_1), from);
            case 3 -> joined(bytes, from, pick(TOKENS).getBytes(ISO_8859_1), to);
            case 4 -> joined(bytes, from, repeated(part(bytes, from, to)), from);
            case 5 -> joined(bytes, from, part(pick(originals), from, to), to);
            case 6 -> withNumber(bytes, from);
            default -> withOtherValue(bytes);
        };
    }

    /** Replaces some bytes by a number at the edge of its range. */
    private byte[] withNumber(byte[] bytes, int from) {
        byte[] edited = bytes.clone();
        byte edge = EDGES[random.nextInt(EDGES.length)];
        int width = 1 << random.nextInt(4);
        for (int i = from; i < Math.min(bytes.length, from + width); i++) {
            edited[i] = edge;
        }
        return edited;
    }

    /** Replaces a value of JSON by another one. */
    private byte[] withOtherValue(byte[] bytes) {
        String text = new String(bytes, ISO_8859_1);
        List<int[]> values = new ArrayList<>();
        for (Matcher matcher = VALUE.matcher(text); matcher.find(); ) {
            values.add(new int[] {matcher.start(), matcher.end()});
        }
        if (values.isEmpty()) {
            return withNumber(bytes, random.nextInt(bytes.length + 1));
        }
        int[] value = pick(values);
        return joined(bytes, value[0], pick(TOKENS).getBytes(ISO_8859_1), value[1]);
    }

    private byte[] repeated(byte[] piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int times = random.nextInt(MAX_REPETITIONS); times > 0; times--) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int start) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, end);
        out.writeBytes(middle);
        out.write(bytes, start, bytes.length - start);
        return out.toByteArray();
    }

    private static byte[] part(byte[] bytes, int from, int to) {
        int start = Math.min(from, bytes.length);
        byte[] part = new byte[Math.min(to, bytes.length) - start];
        System.arraycopy(bytes, start, part, 0, part.length);
        return part;
    }
}
