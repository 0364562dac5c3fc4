package org.donotanswer.classifier.weights;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The parts of an ONNX file that tell its weights.
 *
 * @param path the file, for errors
 * @param nodes the operations, in the file's order
 * @param tensors the initializers of 32-bit floats, by name
 * @param otherTypes the types of all other initializers, as the numbers that ONNX gives them, by name
 */
record OnnxFile(
        Path path, List<OnnxNode> nodes, SortedMap<String, WeightTensor> tensors, Map<String, Long> otherTypes) {}
