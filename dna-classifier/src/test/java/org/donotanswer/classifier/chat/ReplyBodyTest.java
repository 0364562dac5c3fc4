package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpHeaders;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyBodyTest {
    private static final String TEXT = "{\"a\":\"größer\"}";

    private static HttpHeaders headers(String name, String... values) {
        return HttpHeaders.of(Map.of(name, List.of(values)), (header, value) -> true);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream compressed = new GZIPOutputStream(out)) {
            compressed.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(byte[] bytes, boolean withoutHeader) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, withoutHeader);
        try (OutputStream compressed = new DeflaterOutputStream(out, deflater)) {
            compressed.write(bytes);
        }
        deflater.end();
        return out.toByteArray();
    }

    private static String read(byte[] bytes, HttpHeaders headers) throws Exception {
        return ReplyBody.of(bytes, headers, 1_000)
                .json()
                .orElseThrow()
                .path("a")
                .asText();
    }

    @Test
    void json_compressed_isTheSame() throws Exception {
        assertThat(read(utf8(TEXT), headers("x"))).isEqualTo("größer");
        assertThat(read(gzip(utf8(TEXT)), headers("Content-Encoding", "gzip"))).isEqualTo("größer");
        assertThat(read(gzip(utf8(TEXT)), headers("Content-Encoding", "X-GZIP")))
                .isEqualTo("größer");
        assertThat(read(gzip(utf8(TEXT)), headers("x"))).isEqualTo("größer");
        assertThat(read(utf8(TEXT), headers("Content-Encoding", "identity"))).isEqualTo("größer");
        assertThat(read(utf8(TEXT), headers("Content-Encoding", "gzip"))).isEqualTo("größer");
        assertThat(read(deflate(utf8(TEXT), false), headers("Content-Encoding", "deflate")))
                .isEqualTo("größer");
        assertThat(read(deflate(utf8(TEXT), true), headers("Content-Encoding", "deflate")))
                .isEqualTo("größer");
        assertThat(read(gzip(deflate(utf8(TEXT), false)), headers("Content-Encoding", "deflate, gzip")))
                .isEqualTo("größer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "compress"})
    void of_otherCompression_isNamed(String encoding) {
        assertThatThrownBy(() -> ReplyBody.of(utf8("x"), headers("Content-Encoding", encoding), 1_000))
                .isInstanceOf(ChatException.class)
                .hasMessage("reply must be plain or compressed by gzip or deflate, but was compressed by " + encoding);
    }

    @Test
    void of_brokenCompression_isAFailure() throws Exception {
        byte[] whole = gzip(utf8(TEXT));

        assertThatThrownBy(() -> ReplyBody.of(Arrays.copyOf(whole, whole.length - 12), headers("x"), 1_000))
                .isInstanceOf(ChatException.class)
                .hasMessage("compressed reply must be complete, but was broken");
        assertThatThrownBy(() -> ReplyBody.of(utf8("junk"), headers("Content-Encoding", "deflate"), 1_000))
                .isInstanceOf(ChatException.class)
                .hasMessage("compressed reply must be complete, but was broken");
    }

    @Test
    void of_bomb_isCutOff() throws Exception {
        byte[] bomb = gzip(new byte[1_000_000]);

        assertThat(bomb).hasSizeLessThan(1_500);
        assertThatThrownBy(() -> ReplyBody.of(bomb, headers("Content-Encoding", "gzip"), 10_000))
                .isInstanceOf(ChatException.class)
                .hasMessage("reply must be at most 10000 bytes long, but was longer");
        assertThatThrownBy(() -> ReplyBody.of(gzip(bomb), headers("Content-Encoding", "gzip, gzip"), 10_000))
                .isInstanceOf(ChatException.class)
                .hasMessage("reply must be at most 10000 bytes long, but was longer");
    }

    @Test
    void json_encoding_isThatOfTheHeaderOrOfUnicode() throws Exception {
        assertThat(read(utf8("\uFEFF" + TEXT), headers("x"))).isEqualTo("größer");
        assertThat(read(TEXT.getBytes(StandardCharsets.UTF_16LE), headers("x"))).isEqualTo("größer");
        assertThat(read(
                        TEXT.getBytes(StandardCharsets.ISO_8859_1),
                        headers("Content-Type", "application/json; charset=ISO-8859-1")))
                .isEqualTo("größer");
        assertThat(read(
                        TEXT.getBytes(Charset.forName("windows-1252")),
                        headers("Content-Type", "application/json;charset=\"windows-1252\"")))
                .isEqualTo("größer");
        assertThat(read(utf8(TEXT), headers("Content-Type", "application/json; charset=klingon")))
                .isEqualTo("größer");
        assertThat(ReplyBody.of(TEXT.getBytes(StandardCharsets.ISO_8859_1), headers("x"), 1_000)
                        .json())
                .isEmpty();
    }

    @Test
    void json_numbersThatAreNone_areTolerated() throws Exception {
        assertThat(read(utf8("\n\n {\"a\":\"b\",\"t\":NaN,\"u\":-Infinity} \n"), headers("x")))
                .isEqualTo("b");
        assertThat(ReplyBody.of(utf8("{\"a\":1} {"), headers("x"), 1_000).json())
                .isEmpty();
        assertThat(ReplyBody.of(new byte[0], headers("x"), 1_000).json()).isEmpty();
    }

    @Test
    void isPage_looksAtTheBeginning() throws Exception {
        assertThat(ReplyBody.of(utf8(" \n<!doctype HTML><p>"), headers("x"), 1_000)
                        .isPage())
                .isTrue();
        assertThat(ReplyBody.of(utf8("<html lang=de>"), headers("x"), 1_000).isPage())
                .isTrue();
        assertThat(ReplyBody.of(utf8("see <html>"), headers("x"), 1_000).isPage())
                .isFalse();
    }
}
