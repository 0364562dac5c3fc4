package org.donotanswer.guard.audit;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Writes texts as the HMAC-SHA-256 of their UTF-8 form. Thread-safe. */
final class HashedTexts implements TextForm {
    private static final String ALGORITHM = "HmacSHA256";
    /** Hashed to name the key, so that lines with different keys can be told apart without revealing a key. */
    private static final String KEY_NAME = "org.donotanswer.guard.audit key";

    private static final int KEY_NAME_DIGITS = 8;

    private final Mac keyed;
    private final String keyName;

    HashedTexts(byte[] key) {
        try {
            keyed = Mac.getInstance(ALGORITHM);
            keyed.init(new SecretKeySpec(key, ALGORITHM));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(ALGORITHM + " must be there in every Java runtime, but was not", e);
        }
        keyName = hash(KEY_NAME).substring(0, KEY_NAME_DIGITS);
    }

    @Override
    public Map<String, Object> of(String text) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("hmac", hash(text));
        json.put("key", keyName);
        json.put("chars", text.length());
        return json;
    }

    @Override
    public int heldChars(String text) {
        return 0;
    }

    private String hash(String text) {
        return HexFormat.of().formatHex(copy().doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Mac copy() {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(ALGORITHM + " must be cloneable, as the runtime's own is, but was not", e);
        }
    }
}
