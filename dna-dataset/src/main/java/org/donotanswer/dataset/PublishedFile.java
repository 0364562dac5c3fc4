package org.donotanswer.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * A published file with its size and checksum. Immutable, hence thread-safe.
 *
 * @param path the path in the published layout, with slashes, for example {@code Response/response_GPT4.csv}
 * @param bytes the size
 * @param sha256 the checksum, 64 lower-case hexadecimal digits
 */
public record PublishedFile(String path, long bytes, String sha256) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the path is not relative or not of plain names, the size is negative, or the
     *     checksum is not a SHA-256
     */
    public PublishedFile {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(sha256, "sha256");
        // Plain names keep the file inside the cache directory and need no escapes in the URL.
        if (!path.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")) {
            throw new IllegalArgumentException(
                    "path must be names joined by slashes, but was " + DatasetFormatException.clip(path));
        }
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must be at least 0, but was " + bytes + " (" + path + ")");
        }
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("sha256 must be 64 lower-case hexadecimal digits, but was "
                    + DatasetFormatException.clip(sha256) + " (" + path + ")");
        }
    }

    /** Returns the two files of a dataset with human reviews: {@code data_en.csv} and the questions. */
    public static List<PublishedFile> essential() {
        return all().stream()
                .filter(file -> file.path().equals(PublishedLayout.COMBINED)
                        || file.path().equals(PublishedLayout.INSTRUCTION))
                .toList();
    }

    /** Returns all 38 files of the layout, 31 MB: questions, responses, and the reviews by all annotators. */
    public static List<PublishedFile> all() {
        return Manifest.FILES;
    }

    /** Holds the manifest, which is read on first use. */
    private static final class Manifest {
        private static final String RESOURCE = "published-files.txt";
        private static final List<PublishedFile> FILES = read();

        private static List<PublishedFile> read() {
            try (InputStream in = PublishedFile.class.getResourceAsStream(RESOURCE)) {
                return new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.split(" ", 3))
                        .map(parts -> new PublishedFile(parts[2], Long.parseLong(parts[1]), parts[0]))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException("resource " + RESOURCE + " must be readable, but was not", e);
            }
        }
    }
}
