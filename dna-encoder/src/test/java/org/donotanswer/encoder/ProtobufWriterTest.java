package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ProtobufWriterTest {
    private static String hex(ProtobufWriter message) {
        return HexFormat.of().formatHex(message.toBytes());
    }

    /** The example of the encoding's documentation. */
    @Test
    void integer_ofTwoBytes_isVarint() {
        assertThat(hex(new ProtobufWriter().integer(1, 150))).isEqualTo("089601");
    }

    @Test
    void integer_negative_hasTenBytes() {
        assertThat(hex(new ProtobufWriter().integer(20, -1))).isEqualTo("a001ffffffffffffffffff01");
    }

    @Test
    void text_isUtf8WithItsLength() {
        assertThat(hex(new ProtobufWriter().text(2, "t\u00e9"))).isEqualTo("120374c3a9");
    }

    @Test
    void float32_isLittleEndian() {
        assertThat(hex(new ProtobufWriter().float32(2, 1.5f))).isEqualTo("150000c03f");
    }

    @Test
    void message_isNestedWithItsLength() {
        ProtobufWriter inner = new ProtobufWriter().integer(1, 150);

        assertThat(hex(new ProtobufWriter().message(3, inner))).isEqualTo("1a03089601");
    }
}
