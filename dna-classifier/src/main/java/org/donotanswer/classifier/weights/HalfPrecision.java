package org.donotanswer.classifier.weights;

/**
 * Converts between 32-bit floats and the 16-bit formats binary16 (IEEE 754) and bfloat16. Conversions to 16 bits round
 * to nearest, ties to even. Stateless, hence thread-safe.
 */
final class HalfPrecision {
    private static final int EXPONENT_MASK = 0x7f80_0000;

    private HalfPrecision() {}

    /** Returns the float with exactly the value of a binary16 number. */
    static float fromFloat16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >>> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) { // zero and subnormal numbers: multiples of 2^-24
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        if (exponent == 0x1f) {
            return Float.intBitsToFloat(sign | EXPONENT_MASK | fraction << 13);
        }
        return Float.intBitsToFloat(sign | (exponent + (127 - 15)) << 23 | fraction << 13);
    }

    static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    static short toFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fff_ffff;
        if (magnitude > EXPONENT_MASK) { // NaN; the quiet bit keeps it NaN if only low bits were set
            return (short) (sign | 0x7e00 | (magnitude >>> 13 & 0x3ff));
        }
        if (magnitude >= 0x4780_0000) { // 65536 and above: infinity
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x3880_0000) { // below 2^-14: Math.rint rounds ties to even
            return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24));
        }
        int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
        return (short) (sign | (rounded >>> 13) - ((127 - 15) << 10));
    }

    static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & 0x7fff_ffff) > EXPONENT_MASK) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
}
