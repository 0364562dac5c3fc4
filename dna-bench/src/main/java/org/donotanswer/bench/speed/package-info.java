/** Checkpoints with random weights, the lengths of real exchanges, and the ONNX Runtime to compare with. */
@NullMarked
package org.donotanswer.bench.speed;

import org.jspecify.annotations.NullMarked;
