package org.donotanswer.bench.speed;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * The time of the forward pass of one window: medians in milliseconds of processor time of the one thread that computes it.
 *
 * @param tokens the number of tokens of the window
 * @param transformer the transformer evaluator in 32-bit floats, on PyTorch
 * @param onnx ONNX Runtime in 32-bit floats
 * @param quantizedOnnx ONNX Runtime in 8 bits, as its tools quantize the exported graph
 * @param judge the encoder judge
 */
@JsonPropertyOrder({"tokens", "transformer", "onnx", "quantizedOnnx", "judge", "speedUp"})
record EncoderSpeedRow(int tokens, double transformer, double onnx, double quantizedOnnx, double judge) {
    /** Returns how many times as fast as the ordinary 8 bits the judge is. */
    @JsonProperty
    double speedUp() {
        return quantizedOnnx / judge;
    }
}
