package org.donotanswer.classifier.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The two checksums that the hub has for tags: Git's own of small files, SHA-256 of large ones. */
final class Checksum {
    private static final Pattern KNOWN = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final int GIT_DIGITS = 40;
    private static final int BUFFER_BYTES = 1 << 16;

    private Checksum() {}

    static boolean isKnown(String etag) {
        return KNOWN.matcher(etag).matches();
    }

    /** Returns the file's checksum of the kind that the tag is. */
    static String of(Path file, String etag) throws IOException {
        boolean git = etag.length() == GIT_DIGITS;
        MessageDigest digest = digest(git ? "SHA-1" : "SHA-256");
        if (git) {
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }
}
