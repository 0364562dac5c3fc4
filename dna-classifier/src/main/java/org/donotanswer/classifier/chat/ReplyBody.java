package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.donotanswer.classifier.chat.ChatException.FailureKind;

/**
 * The body of a response, without compression, which some gateways apply without being asked. Immutable, hence
 * thread-safe.
 */
final class ReplyBody {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Some servers write the NaN of their statistics.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*\"?([A-Za-z0-9._:-]{1,40})", Pattern.CASE_INSENSITIVE);
    private static final Pattern PAGE = Pattern.compile("\\s*<(?:!doctype|html|head|body)", Pattern.CASE_INSENSITIVE);
    private static final int GZIP_1 = 0x1f;
    private static final int GZIP_2 = 0x8b;
    private static final int ZLIB_METHOD = 0x08;

    private final byte[] bytes;
    private final Charset charset;

    private ReplyBody(byte[] bytes, Charset charset) {
        this.bytes = bytes;
        this.charset = charset;
    }

    /**
     * Returns the body.
     *
     * @param maxBytes how many bytes it may have after decompression
     * @throws ChatException if it is compressed in an unknown way, broken or too long
     */
    static ReplyBody of(byte[] received, HttpHeaders headers, int maxBytes) throws ChatException {
        byte[] bytes = received;
        for (String encoding : encodings(headers)) {
            bytes = switch (encoding) {
                case "gzip", "x-gzip" -> isGzip(bytes) ? inflated(gzip(bytes), maxBytes) : bytes;
                case "deflate" -> inflated(deflate(bytes), maxBytes);
                default ->
                    throw malformed("reply must be plain or compressed by gzip or deflate, but was compressed by "
                            + (ErrorReply.isIdentifier(encoding) ? encoding : "another method"));
            };
        }
        // Two bytes that no JSON begins with.
        return new ReplyBody(isGzip(bytes) ? inflated(gzip(bytes), maxBytes) : bytes, charset(headers));
    }

    /** Returns the encodings from the last that was applied to the first. */
    private static List<String> encodings(HttpHeaders headers) {
        List<String> encodings = new ArrayList<>();
        for (String value : headers.allValues("content-encoding")) {
            for (String encoding : value.split(",", -1)) {
                String name = encoding.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !name.equals("identity") && !name.equals("utf-8")) {
                    encodings.add(name);
                }
            }
        }
        Collections.reverse(encodings);
        return encodings;
    }

    private static Charset charset(HttpHeaders headers) {
        Matcher matcher = CHARSET.matcher(headers.firstValue("content-type").orElse(""));
        try {
            return matcher.find() ? Charset.forName(matcher.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }

    private static boolean isGzip(byte[] bytes) {
        return bytes.length > 2 && (bytes[0] & 0xff) == GZIP_1 && (bytes[1] & 0xff) == GZIP_2;
    }

    private static InputStream gzip(byte[] bytes) throws ChatException {
        try {
            return new GZIPInputStream(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw malformed("compressed reply must be complete, but was broken");
        }
    }

    /** By the standard it has zlib's header, but some servers leave it out. */
    private static InputStream deflate(byte[] bytes) {
        boolean zlib = bytes.length > 1
                && (bytes[0] & 0x0f) == ZLIB_METHOD
                && (((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff)) % 31 == 0;
        return new InflaterInputStream(new ByteArrayInputStream(bytes), new Inflater(!zlib));
    }

    private static byte[] inflated(InputStream compressed, int maxBytes) throws ChatException {
        try (compressed) {
            byte[] bytes = compressed.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw malformed("reply must be at most " + maxBytes + " bytes long, but was longer");
            }
            return bytes;
        } catch (ChatException e) {
            throw e;
        } catch (IOException e) {
            throw malformed("compressed reply must be complete, but was broken");
        }
    }

    /** Returns the JSON; empty if it is something else. */
    Optional<JsonNode> json() {
        try {
            JsonNode node = isUtf8() ? MAPPER.readTree(bytes) : MAPPER.readTree(text());
            return node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (JsonProcessingException e) {
            // Without the cause, whose message quotes the text.
            return Optional.empty();
        } catch (IOException e) {
            // Not in the encoding that it claims to be in.
            return Optional.empty();
        }
    }

    /** Jackson tells UTF-8 from UTF-16 and UTF-32 itself. */
    private boolean isUtf8() {
        return charset.name().startsWith("UTF-") || charset.equals(StandardCharsets.US_ASCII);
    }

    /** Returns whether this is a web page, which is what a proxy or a web server has at other addresses. */
    boolean isPage() {
        return PAGE.matcher(text()).lookingAt();
    }

    /** Returns the body as a text. */
    String text() {
        String text = new String(bytes, charset);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static ChatException malformed(String message) {
        return new ChatException(message, FailureKind.MALFORMED_REPLY);
    }
}
