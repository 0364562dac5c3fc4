package org.donotanswer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
    @ParameterizedTest
    @ValueSource(
            strings = {"", "plain", "\u00e9\u20ac\ud83d\ude00", "a replacement \ufffd that was written", "\ufeffmarked"
            })
    void decode_validBytes_isTheText(String text) throws MalformedUtf8Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThat(Utf8.decode(bytes)).isEqualTo(text);
        assertThat(Utf8.decodeOrNull(bytes, bytes.length)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "61 FF 62, 1",
        "C3, 0",
        "61 62 E2 82, 2",
        "EF BF BD FF, 3",
        "ED A0 80, 0",
        "C0 80, 0",
        "61 F4 90 80 80, 1"
    })
    void decode_malformedBytes_throwsWithTheOffset(String hex, int offset) {
        byte[] bytes = bytes(hex);

        assertThatExceptionOfType(MalformedUtf8Exception.class)
                .isThrownBy(() -> Utf8.decode(bytes))
                .withMessage("text must be UTF-8, but was malformed at byte " + offset)
                .returns(offset, MalformedUtf8Exception::offset);
        assertThat(Utf8.decodeOrNull(bytes, bytes.length)).isNull();
    }

    private static byte[] bytes(String hex) {
        return HexFormat.ofDelimiter(" ").parseHex(hex);
    }

    @Test
    void decode_ofALength_readsNoFurther() throws MalformedUtf8Exception {
        byte[] bytes = bytes("61 62 FF");

        assertThat(Utf8.decode(bytes, 2)).isEqualTo("ab");
        assertThat(Utf8.decodeOrNull(bytes, 2)).isEqualTo("ab");
    }

    @Test
    void wellFormed_unpairedSurrogates_areReplaced() {
        String text = "a\ud83d b\ude00 \ud83d\ude00";

        assertThat(Utf8.isWellFormed(text)).isFalse();
        assertThat(Utf8.wellFormed(text)).isEqualTo("a\ufffd b\ufffd \ud83d\ude00");
        assertThat(Utf8.isWellFormed(Utf8.wellFormed(text))).isTrue();
    }

    @Test
    void byteOrderMark_atTheStartAlone_isThreeBytes() {
        byte[] marked = "\ufeffab".getBytes(StandardCharsets.UTF_8);

        assertThat(Utf8.byteOrderMark(marked, marked.length)).isEqualTo(3);
        assertThat(Utf8.byteOrderMark(marked, 2)).isZero();
        assertThat(Utf8.byteOrderMark(Arrays.copyOfRange(marked, 1, 5), 4)).isZero();
    }
}
