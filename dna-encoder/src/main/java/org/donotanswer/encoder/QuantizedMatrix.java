package org.donotanswer.encoder;

/**
 * The matrix of a linear layer in 8 bits, with a scale for each output: weight = code * scale. The codes are symmetric, -127 to
 * 127, so that there is no zero point.
 *
 * @param codes [inputs, outputs], as ONNX multiplies them
 * @param scales [outputs]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record QuantizedMatrix(byte[] codes, float[] scales) {
    private static final int MAX_CODE = 127;

    /** Quantizes a matrix, [outputs, inputs]. */
    static QuantizedMatrix of(float[] weights, int outputs) {
        int inputs = weights.length / outputs;
        byte[] codes = new byte[weights.length];
        float[] scales = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            int row = output * inputs;
            float max = 0;
            for (int input = 0; input < inputs; input++) {
                max = Math.max(max, Math.abs(weights[row + input]));
            }
            float scale = max == 0 ? 1 : max / MAX_CODE;
            scales[output] = scale;
            for (int input = 0; input < inputs; input++) {
                codes[input * outputs + output] = (byte) Math.round(weights[row + input] / scale);
            }
        }
        return new QuantizedMatrix(codes, scales);
    }

    int outputs() {
        return scales.length;
    }

    int inputs() {
        return codes.length / scales.length;
    }
}
