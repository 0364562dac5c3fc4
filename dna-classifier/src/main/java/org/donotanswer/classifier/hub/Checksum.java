package org.donotanswer.classifier.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;
import org.donotanswer.internal.Sha256;

/** The two checksums that the hub uses as ETags: Git's blob hash for small files, SHA-256 for large ones. */
final class Checksum {
    private static final Pattern KNOWN = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final int GIT_DIGITS = 40;
    private static final int BUFFER_BYTES = 1 << 16;

    private Checksum() {}

    static boolean isKnown(String etag) {
        return KNOWN.matcher(etag).matches();
    }

    /** Returns the checksum of a file, of the same kind as the tag. */
    static String of(Path file, String etag) throws IOException {
        return etag.length() == GIT_DIGITS ? gitHash(file) : Sha256.of(file);
    }

    private static String gitHash(Path file) throws IOException {
        MessageDigest digest = sha1();
        digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return Sha256.hex(digest.digest());
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform supports SHA-1, but this one does not", e);
        }
    }
}
