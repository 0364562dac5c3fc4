package org.donotanswer.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A text file that is certainly UTF-8, read whole, with its checksum; a byte order mark is taken off the text. */
record Utf8File(Path path, String text, String sha256) {

    static Utf8File read(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        String text = decode(path, bytes);
        return new Utf8File(path, text.startsWith("\uFEFF") ? text.substring(1) : text, Sha256.of(bytes));
    }

    private static String decode(Path path, byte[] bytes) throws DatasetFormatException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        // UTF-8 never decodes to more characters than it has bytes.
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            String decoded = out.flip().toString();
            int lineStart = 0;
            long line = 1;
            for (int i = 0; i < decoded.length(); i++) {
                if (isLineEnd(decoded, i)) {
                    line++;
                    lineStart = i + 1;
                }
            }
            throw new DatasetFormatException(
                    String.format(Locale.ROOT, "text must be UTF-8, but was byte 0x%02X", bytes[in.position()]),
                    path,
                    line,
                    String.valueOf(decoded.length() - lineStart + 1));
        }
        return out.flip().toString();
    }

    /** Whether a line ends with the character at the index: a line feed, or a carriage return without one. */
    private static boolean isLineEnd(String text, int index) {
        char c = text.charAt(index);
        return c == '\n' || (c == '\r' && (index + 1 == text.length() || text.charAt(index + 1) != '\n'));
    }
}
