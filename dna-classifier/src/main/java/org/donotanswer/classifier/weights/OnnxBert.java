package org.donotanswer.classifier.weights;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tensors of a BERT encoder in an ONNX file that PyTorch traced from Hugging Face's {@code BertModel}. Such a file
 * keeps the names of embeddings, biases and layer normalisations. A weight of a linear layer is stored transposed, under
 * a number: the name of the layer is that of the MatMul node that reads it.
 *
 * <p>Dimensions: V words, P positions, T token types, H hidden size, F intermediate size.
 */
final class OnnxBert {
    private static final String WORDS = "embeddings.word_embeddings.weight";
    private static final String LAYER = "encoder.layer.";

    private final OnnxFile file;
    private final FileErrors errors;
    private final Map<String, OnnxNode> nodes = new HashMap<>();
    private final SortedMap<String, WeightTensor> found = new TreeMap<>();
    private final Set<String> used = new HashSet<>();

    private OnnxBert(OnnxFile file) {
        this.file = file;
        this.errors = FileErrors.of(file.path());
    }

    /**
     * Returns the tensors under the names of {@code BertModel}.
     *
     * @throws CheckpointException if the file holds another model, or more than an encoder
     */
    static SortedMap<String, WeightTensor> tensors(OnnxFile file) throws CheckpointException {
        return new OnnxBert(file).tensors();
    }

    private SortedMap<String, WeightTensor> tensors() throws CheckpointException {
        for (OnnxNode node : file.nodes()) {
            if (!node.name().isEmpty() && nodes.put(node.name(), node) != null) {
                throw errors.invalid("node " + node.name(), "must occur once in the graph", "repeated");
            }
        }
        if (!nodes.containsKey(nodeName(LAYER + "0.attention.self.query", "MatMul"))) {
            throw notAnEncoder("MatMul nodes of encoder.layer.0");
        }
        List<Long> words = matrix(WORDS);
        long hidden = words.get(1);
        add(WORDS, words);
        for (String name : List.of("position_embeddings", "token_type_embeddings")) {
            String weight = "embeddings." + name + ".weight";
            add(weight, List.of(matrix(weight).get(0), hidden));
        }
        addLayerNorm("embeddings.LayerNorm", hidden);
        long intermediate = initializer(LAYER + "0.intermediate.dense.bias").elements();
        for (int layer = 0; hasLayer(layer); layer++) {
            addLayer(LAYER + layer + ".", hidden, intermediate);
        }
        for (String name : file.tensors().keySet()) {
            if (!used.contains(name)) {
                throw errors.invalid(name, "must be a tensor of Hugging Face's BertModel", "another one");
            }
        }
        return found;
    }

    private boolean hasLayer(int layer) {
        return nodes.containsKey(nodeName(LAYER + layer + ".attention.self.query", "MatMul"));
    }

    private void addLayer(String name, long hidden, long intermediate) throws CheckpointException {
        String self = name + "attention.self.";
        addLinear(self + "query", hidden, hidden);
        addLinear(self + "key", hidden, hidden);
        addLinear(self + "value", hidden, hidden);
        addLinear(name + "attention.output.dense", hidden, hidden);
        addLayerNorm(name + "attention.output.LayerNorm", hidden);
        addLinear(name + "intermediate.dense", hidden, intermediate);
        // The error function is part of the exact GELU only; ReLU and the approximations lack it.
        node(name + "intermediate.intermediate_act_fn", "Erf");
        addLinear(name + "output.dense", intermediate, hidden);
        addLayerNorm(name + "output.LayerNorm", hidden);
    }

    private void addLinear(String name, long in, long out) throws CheckpointException {
        OnnxNode node = node(name, "MatMul");
        if (node.inputs().size() != 2) {
            throw errors.invalid(
                    "node " + node.name(), "must have 2 inputs", node.inputs().size());
        }
        String source = node.inputs().get(1);
        WeightTensor weight = initializer(source); // [in, out]
        requireShape(weight, List.of(in, out));
        used.add(source);
        found.put(name + ".weight", weight.transposed(name + ".weight")); // [out, in]
        add(name + ".bias", List.of(out));
    }

    private void addLayerNorm(String name, long size) throws CheckpointException {
        add(name + ".weight", List.of(size));
        add(name + ".bias", List.of(size));
    }

    private void add(String name, List<Long> shape) throws CheckpointException {
        WeightTensor tensor = initializer(name);
        requireShape(tensor, shape);
        used.add(name);
        found.put(name, tensor);
    }

    private List<Long> matrix(String name) throws CheckpointException {
        List<Long> shape = initializer(name).shape();
        if (shape.size() != 2) {
            throw errors.invalid(name, "must have 2 dimensions", shape.size());
        }
        return shape;
    }

    private void requireShape(WeightTensor tensor, List<Long> shape) throws CheckpointException {
        if (!tensor.shape().equals(shape)) {
            throw errors.invalid(tensor.name(), "must have shape " + shape, tensor.shape());
        }
    }

    private WeightTensor initializer(String name) throws CheckpointException {
        WeightTensor tensor = file.tensors().get(name);
        if (tensor != null) {
            return tensor;
        }
        Long type = file.otherTypes().get(name);
        if (type != null) {
            throw errors.invalid(
                    name, "must hold 32-bit floats (type " + OnnxReader.FLOAT + " of ONNX)", "of type " + type);
        }
        throw notAnEncoder("initializer " + name);
    }

    /** Returns the node of a module, such as {@code /encoder/layer.0/output/dense/MatMul}. */
    private OnnxNode node(String module, String operator) throws CheckpointException {
        String name = nodeName(module, operator);
        OnnxNode node = nodes.get(name);
        if (node == null || !node.operator().equals(operator)) {
            throw notAnEncoder("node " + name);
        }
        return node;
    }

    /** Returns the name of a node: a module's dots become slashes, but a layer is an element of a list, with a dot. */
    private static String nodeName(String module, String operator) {
        return "/" + module.replace('.', '/').replace("/layer/", "/layer.") + "/" + operator;
    }

    private CheckpointException notAnEncoder(String missing) {
        return errors.invalid("model", "must be an encoder named like Hugging Face's BertModel", "without " + missing);
    }
}
