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
 * Two strings in a request that the exchange cannot contain, because they are derived from its texts and a secret: the
 * mark of the fences around the texts, and the token that a judgement has to carry. The token occurs only outside the
 * fences: a reply that repeats everything between them, fences included, is not a judgement. Immutable, hence
 * thread-safe.
 *
 * @param fence the mark of the fences
 * @param token the token of the judgement
 */
record RequestTokens(String fence, String token) {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int FENCE_BYTES = 8;
    private static final int TOKEN_BYTES = 12;

    /** Returns a key made of a secret. */
    static SecretKey key(byte[] secret) {
        return new SecretKeySpec(secret, ALGORITHM);
    }

    /** Returns the tokens of the request about an exchange. */
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
            throw new IllegalStateException("every Java platform supports " + ALGORITHM + ", but this one does not", e);
        }
    }

    /** Returns the SHA-256 of a list of texts, which differs from that of any other list. */
    static String sha256(List<String> texts) {
        return Sha256.of(bytes(texts));
    }

    /**
     * Encodes each text as its length and its chars. UTF-8 would not do: it encodes all unpaired surrogates as the same
     * byte.
     */
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
