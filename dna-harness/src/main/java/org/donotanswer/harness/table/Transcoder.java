package org.donotanswer.harness.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.donotanswer.harness.io.BadInputException;

/** A stream of text in another encoding as UTF-8. Not thread-safe. */
final class Transcoder extends InputStream {
    private static final int BUFFER_CHARACTERS = 1 << 13;

    private final Reader reader;
    private final String encoding;
    private final String file;
    private final char[] characters = new char[BUFFER_CHARACTERS];
    private int kept;
    private byte[] bytes = {};
    private int start;
    private long line = 1;

    Transcoder(InputStream in, Charset encoding, String file) {
        this.encoding = encoding.name().toLowerCase(Locale.ROOT);
        this.file = file;
        reader = new InputStreamReader(
                in,
                encoding.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    private boolean fill() throws IOException {
        while (start == bytes.length) {
            int read;
            try {
                read = reader.read(characters, kept, characters.length - kept);
            } catch (CharacterCodingException e) {
                // Not the cause: its message has only the length of the bytes.
                throw new BadInputException("text must be " + encoding + ", but was not", file, line, null);
            }
            int length = kept + Math.max(0, read);
            if (length == 0) {
                return false;
            }
            // The first half of a surrogate pair waits for the second.
            boolean half = read > 0 && Character.isHighSurrogate(characters[length - 1]);
            String text = new String(characters, 0, half ? length - 1 : length);
            characters[0] = characters[length - 1];
            kept = half ? 1 : 0;
            line += text.chars().filter(c -> c == '\n').count();
            bytes = text.getBytes(StandardCharsets.UTF_8);
            start = 0;
        }
        return true;
    }

    @Override
    public int read() throws IOException {
        return fill() ? bytes[start++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, bytes.length - start);
        System.arraycopy(bytes, start, target, offset, count);
        start += count;
        return count;
    }

    @Override
    public int available() throws IOException {
        return start < bytes.length || reader.ready() ? 1 : 0;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
