/**
 * Measures the speed of evaluators and guards, and reports it.
 *
 * <p>This is a laboratory, not an API: {@code dna-bench} is not published. It writes checkpoints with random weights, draws
 * exchanges with the lengths of real ones, and builds ONNX graphs of checkpoints ({@code OnnxEncoder}) to compare our
 * forward pass with ONNX Runtime's on the same weights.
 */
@NullMarked
package org.donotanswer.bench.speed;

import org.jspecify.annotations.NullMarked;
