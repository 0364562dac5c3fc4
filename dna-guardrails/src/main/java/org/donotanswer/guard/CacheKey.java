package org.donotanswer.guard;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.internal.Sha256;

/**
 * The cache key of an instruction and a text: the SHA-256 of the evaluator, the policy and both texts, each preceded
 * by its length, so that different pairs have different keys. Keeps no text. Immutable, hence thread-safe.
 */
record CacheKey(long first, long second, long third, long fourth) {
    /** Creates keys. Thread-safe. */
    static final class Factory {
        private static final int CHUNK = 2048;

        private final MessageDigest prefix;

        /** Creates a factory of keys for one version of an evaluator and one version of a policy. */
        Factory(SafetyEvaluator evaluator, String policyVersion) {
            prefix = Sha256.digest();
            update(prefix, evaluator.name());
            // The platform is left out: it cannot change while the process, and with it the cache, lives.
            Map<String, Object> provenance =
                    new TreeMap<>(evaluator.provenance().toJson());
            provenance.remove("platform");
            update(prefix, provenance.toString());
            update(prefix, policyVersion);
            // Fails now, if at all, rather than at the first check.
            of(Verdict.Subject.RESPONSE, "", "");
        }

        /** Returns the key of a response to an instruction, or of an instruction alone. */
        CacheKey of(Verdict.Subject subject, String instruction, String text) {
            MessageDigest digest = copy(prefix);
            update(digest, subject.name());
            update(digest, instruction);
            update(digest, text);
            ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            return new CacheKey(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        }

        /** Hashes chars rather than UTF-8, so that texts with different malformed chars have different keys. */
        private static void update(MessageDigest digest, String text) {
            int length = text.length();
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + 2 * Math.min(CHUNK, length));
            bytes.putInt(length);
            for (int start = 0; start < length; start += CHUNK) {
                int end = Math.min(length, start + CHUNK);
                for (int i = start; i < end; i++) {
                    bytes.putChar(text.charAt(i));
                }
                digest.update(bytes.flip());
                bytes.clear();
            }
            digest.update(bytes.flip());
        }

        private static MessageDigest copy(MessageDigest digest) {
            try {
                return (MessageDigest) digest.clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(
                        "provider of SHA-256 must support clones, but was " + digest.getProvider(), e);
            }
        }
    }
}
