package org.donotanswer.classifier.weights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfPrecisionTest {
    /** Returns the value by definition: sign, 2^(exponent - 15), and 1.fraction or 0.fraction. */
    private static double float16(int bits) {
        int exponent = bits >> 10 & 31;
        int fraction = bits & 1023;
        double sign = (bits & 0x8000) == 0 ? 1 : -1;
        if (exponent == 31) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return exponent == 0
                ? sign * fraction / 1024 * Math.pow(2, -14)
                : sign * (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
    }

    @Test
    void fromFloat16_everyNumber_matchesTheDefinitionAndRoundTrips() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = HalfPrecision.fromFloat16((short) bits);

            assertThat(Float.floatToIntBits(value)).as("bits %x", bits).isEqualTo(Float.floatToIntBits((float)
                    float16(bits)));
            if (Float.isNaN(value)) {
                assertThat(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(value)))
                        .isNaN();
            } else {
                assertThat(HalfPrecision.toFloat16(value)).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void fromBfloat16_everyNumber_roundTrips() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = HalfPrecision.fromBfloat16((short) bits);

            assertThat(Float.floatToRawIntBits(value) >>> 16 | 0x40).isEqualTo(bits | 0x40);
            if (!Float.isNaN(value)) {
                assertThat(HalfPrecision.toBfloat16(value)).isEqualTo((short) bits);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1.00048828125, 1", // a tie, rounded down to even
        "1.00146484375, 1.001953125", // a tie, rounded up to even
        "65519, 65504",
        "65520, Infinity",
        "1e10, Infinity",
        "-1e10, -Infinity",
        "2.9802322e-8, 0", // half the smallest subnormal number
        "8.940697e-8, 1.1920929e-7", // one and a half times that number
        "6.1005353e-5, 6.1035156e-5", // a subnormal number that rounds up to the smallest normal one
    })
    void toFloat16_inexact_roundsToNearestEven(float value, float expected) {
        assertThat(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(value))).isEqualTo(expected);
    }

    @Test
    void toBfloat16_inexact_roundsToNearestEven() {
        assertThat(HalfPrecision.toBfloat16(Float.intBitsToFloat(0x3f80_8000))).isEqualTo((short) 0x3f80);
        assertThat(HalfPrecision.toBfloat16(Float.intBitsToFloat(0x3f81_8000))).isEqualTo((short) 0x3f82);
        assertThat(HalfPrecision.toBfloat16(Float.intBitsToFloat(0x3f80_8001))).isEqualTo((short) 0x3f81);
        assertThat(HalfPrecision.toBfloat16(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
        assertThat(HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16(Float.intBitsToFloat(0x7f80_0001))))
                .isNaN();
    }
}
