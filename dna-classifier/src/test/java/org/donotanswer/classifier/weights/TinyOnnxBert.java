package org.donotanswer.classifier.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** ONNX files of BERT encoders of any size, with elements that count up through the file. Public, as packages share it. */
public final class TinyOnnxBert {
    /** The initializers' shapes by name, and the nodes by name. */
    final Map<String, List<Long>> tensors = new LinkedHashMap<>();

    final Map<String, byte[]> nodes = new LinkedHashMap<>();
    final Map<String, Long> types = new LinkedHashMap<>();
    private int number = 100;

    /** Creates an encoder of two layers. */
    public TinyOnnxBert(long words, long positions, long types, long hidden, long intermediate) {
        tensors.put("embeddings.word_embeddings.weight", List.of(words, hidden));
        tensors.put("embeddings.position_embeddings.weight", List.of(positions, hidden));
        tensors.put("embeddings.token_type_embeddings.weight", List.of(types, hidden));
        layerNorm("embeddings.LayerNorm", hidden);
        for (int layer = 0; layer < 2; layer++) {
            String name = "encoder.layer." + layer + ".";
            for (String part : List.of("query", "key", "value")) {
                linear(name + "attention.self." + part, hidden, hidden);
            }
            linear(name + "attention.output.dense", hidden, hidden);
            layerNorm(name + "attention.output.LayerNorm", hidden);
            linear(name + "intermediate.dense", hidden, intermediate);
            String activation = path(name + "intermediate.intermediate_act_fn") + "/Erf";
            nodes.put(activation, OnnxBytes.node(activation, "Erf", List.of("x"), List.of("y")));
            linear(name + "output.dense", intermediate, hidden);
            layerNorm(name + "output.LayerNorm", hidden);
        }
    }

    private static String path(String module) {
        return "/" + module.replace('.', '/').replace("/layer/", "/layer.");
    }

    private void layerNorm(String name, long size) {
        tensors.put(name + ".weight", List.of(size));
        tensors.put(name + ".bias", List.of(size));
    }

    private void linear(String name, long in, long out) {
        String weight = "onnx::MatMul_" + number++;
        tensors.put(name + ".bias", List.of(out));
        tensors.put(weight, List.of(in, out));
        String node = path(name) + "/MatMul";
        nodes.put(node, OnnxBytes.node(node, "MatMul", List.of("x", weight), List.of(node + "_output_0")));
    }

    /** Returns the file. */
    public byte[] bytes() {
        OnnxBytes graph = new OnnxBytes();
        nodes.values().forEach(node -> graph.bytes(1, node));
        int next = 0;
        for (Map.Entry<String, List<Long>> tensor : tensors.entrySet()) {
            float[] elements = new float[Math.toIntExact(Shapes.elements(tensor.getValue()))];
            for (int i = 0; i < elements.length; i++) {
                elements[i] = next++;
            }
            long type = types.getOrDefault(tensor.getKey(), 1L);
            List<Long> shape = new ArrayList<>(tensor.getValue());
            graph.bytes(5, OnnxBytes.tensor(tensor.getKey(), shape, type, OnnxBytes.floats(elements)));
        }
        return OnnxBytes.model(graph);
    }
}
