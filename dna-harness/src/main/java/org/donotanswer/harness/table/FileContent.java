package org.donotanswer.harness.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.FileCompression;

/** What the first bytes of a file tell: its encoding, or that it is no text. Stateless, hence thread-safe. */
final class FileContent {
    /** A kind of file that is not read, and what to do with it; its first bytes are in ISO 8859-1. */
    private record Binary(String description, String hint, String start) {}

    private static final List<Binary> BINARIES = List.of(
            new Binary(
                    "a Parquet file", "give it by its name, neither compressed nor through a pipe", ParquetRows.MAGIC),
            new Binary("an Arrow file", "convert it to CSV or JSON lines", "ARROW1"),
            new Binary(
                    "compressed by gzip twice", "decompress it, for example with gunzip", FileCompression.GZIP.start()),
            new Binary(
                    "compressed by zstd twice", "decompress it, for example with unzstd", FileCompression.ZSTD.start()),
            new Binary("compressed by bzip2", "decompress it, for example with bunzip2", "BZh"),
            new Binary("compressed by xz", "decompress it, for example with unxz", "\u00FD7zXZ\0"),
            new Binary("a 7z archive", "extract it", "7z\u00BC\u00AF"),
            new Binary(
                    "a spreadsheet or an archive (zip)",
                    "save the spreadsheet as CSV UTF-8, or extract the archive",
                    "PK\u0003\u0004"),
            new Binary("an old spreadsheet (xls)", "save it as CSV UTF-8", "\u00D0\u00CF\u0011\u00E0"),
            new Binary("a database (SQLite)", "export the table as CSV", "SQLite format 3"),
            new Binary("a PDF", "export its table as CSV", "%PDF-"));

    private FileContent() {}

    /**
     * Returns the text of a file in UTF-8, decompressed and without a byte order mark.
     *
     * @throws BadInputException if it is no text
     */
    static LookAhead text(InputStream in, String file, Optional<Charset> encoding) throws IOException {
        LookAhead raw = decompressed(new LookAhead(in), file);
        for (Binary binary : BINARIES) {
            if (startsWith(raw, binary.start().getBytes(StandardCharsets.ISO_8859_1))) {
                throw new BadInputException(
                        "file must be CSV or JSON, but was " + binary.description() + "; " + binary.hint(),
                        file,
                        1,
                        null);
            }
        }
        Charset charset = charset(raw, encoding);
        LookAhead text =
                charset.equals(StandardCharsets.UTF_8) ? raw : new LookAhead(new Transcoder(raw, charset, file));
        if (startsWith(text, "\uFEFF".getBytes(StandardCharsets.UTF_8))) {
            text.skipNBytes(3);
        }
        return text;
    }

    /** The content tells, whatever the name says. */
    private static LookAhead decompressed(LookAhead in, String file) throws IOException {
        for (FileCompression compression : List.of(FileCompression.GZIP, FileCompression.ZSTD)) {
            if (startsWith(in, compression.start().getBytes(StandardCharsets.ISO_8859_1))) {
                return new LookAhead(compression.decompress(in, file));
            }
        }
        return in;
    }

    /** Returns whether a file begins with these characters of ISO 8859-1. */
    static boolean startsWith(Path file, String start) throws IOException {
        byte[] expected = start.getBytes(StandardCharsets.ISO_8859_1);
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(expected.length), expected);
        }
    }

    private static boolean startsWith(LookAhead in, byte[] start) throws IOException {
        for (int i = 0; i < start.length; i++) {
            if (in.peek(i) != (start[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /** A byte order mark is never a mistake, unlike an option. */
    private static Charset charset(LookAhead in, Optional<Charset> given) throws IOException {
        int first = in.peek(0);
        if (first == 0xEF && in.peek(1) == 0xBB && in.peek(2) == 0xBF) {
            return StandardCharsets.UTF_8;
        }
        if (first == 0xFF && in.peek(1) == 0xFE) {
            return in.peek(2) == 0 && in.peek(3) == 0 ? Charset.forName("UTF-32LE") : StandardCharsets.UTF_16LE;
        }
        if (first == 0xFE && in.peek(1) == 0xFF) {
            return StandardCharsets.UTF_16BE;
        }
        if (given.isPresent()) {
            return given.get();
        }
        // Text that begins with ASCII, as a header or JSON does.
        if (first > 0 && in.peek(1) == 0) {
            return StandardCharsets.UTF_16LE;
        }
        return first == 0 && in.peek(1) > 0 ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
    }

    /** Returns whether the name of a file, without that of a compression, ends with one of the extensions. */
    static boolean hasExtension(String file, String... extensions) {
        String name = FileCompression.ofName(file).withoutExtension(file).toLowerCase(Locale.ROOT);
        return Arrays.stream(extensions).anyMatch(name::endsWith);
    }
}
