/**
 * Readers and a writer for checkpoint weights, in pure Java: safetensors files, files written by {@code torch.save}, from
 * which only tensors are ever built, and encoders in ONNX files.
 */
@NullMarked
package org.donotanswer.classifier.weights;

import org.jspecify.annotations.NullMarked;
