package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a {@link TrainableClassifier} is made of. Immutable but for the values, hence thread-safe.
 *
 * @param config the {@code config.json} of the classifier
 * @param architecture read from it
 * @param program the program that trains it
 * @param shapes the shapes of all weights by name: the architecture's in the order of its program, then low-rank factors
 * @param values the initial values, in the same order
 * @param trained the names of the weights that are trained
 * @param adapted by the index of an adapted matrix, the index of its factor A [rank, in]; B [out, rank] follows it
 * @param adapterScale the factor of the product of the low-rank factors
 * @param outputs the number of outputs of all heads
 * @param remarks what a user should know of the start, one sentence each
 */
record TrainableModel(
        ObjectNode config,
        Architecture architecture,
        TrainingProgram program,
        Map<String, List<Long>> shapes,
        Map<String, ByteBuffer> values,
        Set<String> trained,
        Map<Integer, Integer> adapted,
        double adapterScale,
        int outputs,
        List<String> remarks) {
    TrainableModel {
        shapes = Collections.unmodifiableMap(new LinkedHashMap<>(shapes));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        trained = Set.copyOf(trained);
        adapted = Map.copyOf(adapted);
        remarks = List.copyOf(remarks);
    }

    boolean isTrained(String name) {
        return trained.contains(name);
    }

    /** Returns the number of weights without low-rank factors, which come last. */
    int architectureWeights() {
        return shapes.size() - 2 * adapted.size();
    }

    /**
     * Returns whether weight decay applies to a weight. It does not to biases and the weights of layer normalisation, which
     * are the tensors with one dimension.
     */
    static boolean isDecayed(String name, List<Long> shape) {
        return shape.size() > 1 && !name.contains("bias");
    }

    /** Returns the indices among trained weights of those to which weight decay applies. */
    static List<Integer> decayed(Map<String, List<Long>> shapes, Set<String> trained) {
        List<Integer> decayed = new ArrayList<>();
        int index = 0;
        for (Map.Entry<String, List<Long>> weight : shapes.entrySet()) {
            if (trained.contains(weight.getKey())) {
                if (isDecayed(weight.getKey(), weight.getValue())) {
                    decayed.add(index);
                }
                index++;
            }
        }
        return decayed;
    }
}
