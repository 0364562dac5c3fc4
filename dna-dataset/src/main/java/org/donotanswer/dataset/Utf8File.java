package org.donotanswer.dataset;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.donotanswer.internal.MalformedUtf8Exception;
import org.donotanswer.internal.Sha256;
import org.donotanswer.internal.Utf8;

/** A text file that is certainly UTF-8, read whole, with its checksum; a byte order mark is taken off the text. */
record Utf8File(Path path, String text, String sha256) {

    static Utf8File read(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        String text = decode(path, bytes);
        return new Utf8File(path, text.startsWith("\uFEFF") ? text.substring(1) : text, Sha256.of(bytes));
    }

    private static String decode(Path path, byte[] bytes) throws DatasetFormatException {
        try {
            return Utf8.decode(bytes);
        } catch (MalformedUtf8Exception e) {
            String decoded = new String(bytes, 0, e.offset(), StandardCharsets.UTF_8);
            int lineStart = 0;
            long line = 1;
            for (int i = 0; i < decoded.length(); i++) {
                if (isLineEnd(decoded, i)) {
                    line++;
                    lineStart = i + 1;
                }
            }
            throw new DatasetFormatException(
                    String.format(Locale.ROOT, "text must be UTF-8, but was byte 0x%02X", bytes[e.offset()]),
                    path,
                    line,
                    String.valueOf(decoded.length() - lineStart + 1));
        }
    }

    /** Whether a line ends with the character at the index: a line feed, or a carriage return without one. */
    private static boolean isLineEnd(String text, int index) {
        char c = text.charAt(index);
        return c == '\n' || (c == '\r' && (index + 1 == text.length() || text.charAt(index + 1) != '\n'));
    }
}
