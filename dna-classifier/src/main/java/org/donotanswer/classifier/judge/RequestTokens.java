package org.donotanswer.classifier.judge;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.internal.Sha256;

/**
 * What only those know who do not speak through the exchange: the mark of the fences around its texts, and the token that a
 * verdict carries. They follow from the texts by a secret, so that no text can hold its own. The token stands outside the
 * fences alone: whoever repeats what is between them, fences included, has not given a verdict. Immutable, hence
 * thread-safe.
 *
 * @param fence the mark
 * @param token the token
 */
record RequestTokens(String fence, String token) {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int FENCE_BYTES = 8;
    private static final int TOKEN_BYTES = 12;

    /** Returns a secret. */
    static SecretKey key(byte[] secret) {
        return new SecretKeySpec(secret, ALGORITHM);
    }

    /** Returns the tokens of an exchange. */
    static RequestTokens of(SecretKey secret, Exchange exchange) {
        return new RequestTokens(
                mac(secret, "fence", exchange, FENCE_BYTES), mac(secret, "token", exchange, TOKEN_BYTES));
    }

    private static String mac(SecretKey secret, String purpose, Exchange exchange, int bytes) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            mac.update(bytes(List.of(purpose, exchange.instruction(), exchange.response())));
            return HexFormat.of().formatHex(mac.doFinal(), 0, bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java must have " + ALGORITHM + ", but was without", e);
        }
    }

    /** Returns the SHA-256 of texts, other for any other texts, as hexadecimal digits. */
    static String sha256(List<String> texts) {
        return Sha256.of(bytes(texts));
    }

    /** Puts each text's length before it, and keeps every char: UTF-8 would turn unpaired surrogates into one and the same. */
    private static byte[] bytes(List<String> texts) {
        int size = texts.stream()
                .mapToInt(text -> Math.addExact(Integer.BYTES, Math.multiplyExact(Character.BYTES, text.length())))
                .reduce(0, Math::addExact);
        ByteBuffer buffer = ByteBuffer.allocate(size);
        for (String text : texts) {
            buffer.putInt(text.length());
            buffer.asCharBuffer().put(text);
            buffer.position(buffer.position() + Character.BYTES * text.length());
        }
        return buffer.array();
    }
}
