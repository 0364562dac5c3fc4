package org.donotanswer.classifier.weights;

import java.util.List;

/**
 * An operation of an ONNX graph.
 *
 * @param name its name, which for graphs traced by PyTorch tells the module: {@code /encoder/layer.0/output/dense/MatMul}
 * @param operator the name of the operator, for example {@code MatMul}
 * @param inputs the names of the tensors that it reads, in order
 * @param outputs the names of the tensors that it computes
 */
record OnnxNode(String name, String operator, List<String> inputs, List<String> outputs) {
    OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
