package org.donotanswer.classifier.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.weights.WeightSource;

/**
 * The weights of a classifier that is trained, with the sums of their gradients and the moments of AdamW, in the memory of
 * the engine. Their manager releases them. Not thread-safe.
 */
final class TrainingWeights {
    private static final String FIRST = "first.";
    private static final String SECOND = "second.";

    private final TrainableModel model;
    private final PtNDManager manager;
    private final int threads;

    /** All weights in the order of the program; those that are trained, and what belongs to them, in the same order. */
    private final List<PtNDArray> all = new ArrayList<>();

    private final List<String> trainedNames = new ArrayList<>();
    private final List<PtNDArray> trained = new ArrayList<>();
    private final List<PtNDArray> sums = new ArrayList<>();
    private final List<PtNDArray> first = new ArrayList<>();
    private final List<PtNDArray> second = new ArrayList<>();

    TrainingWeights(TrainableModel model, PtNDManager manager, int threads) {
        this.model = model;
        this.manager = manager;
        this.threads = threads;
        model.values().forEach((name, values) -> {
            PtNDArray weight = copied(values, shape(name));
            all.add(weight);
            if (model.isTrained(name)) {
                trainedNames.add(name);
                trained.add(weight);
                sums.add(zeros(shape(name), "sums"));
                first.add(zeros(shape(name), "first"));
                second.add(zeros(shape(name), "second"));
            }
        });
    }

    private Shape shape(String name) {
        return new Shape(
                model.shapes().get(name).stream().mapToLong(Long::longValue).toArray());
    }

    /** The engine uses a buffer in place, which must not be written to, so the values are copied. */
    private PtNDArray copied(ByteBuffer values, Shape shape) {
        ByteBuffer copy = ByteBuffer.allocateDirect(values.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(values.duplicate()).flip();
        try (PtNDArray aliased = Torch.floats(manager, copy, shape)) {
            return named((PtNDArray) aliased.duplicate(), "weights");
        }
    }

    private PtNDArray zeros(Shape shape, String list) {
        return named((PtNDArray) manager.zeros(shape, DataType.FLOAT32), list);
    }

    /** The engine makes a list of consecutive arguments with such a name. */
    private static PtNDArray named(PtNDArray array, String list) {
        array.setName(list + "[]");
        return array;
    }

    List<PtNDArray> all() {
        return all;
    }

    List<PtNDArray> trained() {
        return trained;
    }

    List<PtNDArray> sums() {
        return sums;
    }

    List<PtNDArray> first() {
        return first;
    }

    List<PtNDArray> second() {
        return second;
    }

    List<String> trainedNames() {
        return List.copyOf(trainedNames);
    }

    /** Returns the number of weights that are trained, over all tensors. */
    long trainedElements() {
        return trained.stream().mapToLong(PtNDArray::size).sum();
    }

    /** Returns the summed gradients by name. */
    Map<String, float[]> gradients() {
        Map<String, float[]> gradients = new LinkedHashMap<>();
        for (int i = 0; i < sums.size(); i++) {
            gradients.put(trainedNames.get(i), sums.get(i).toFloatArray());
        }
        return gradients;
    }

    /** Returns the weights that are trained, and their moments, by name. */
    Map<String, WeightSource> state() {
        Map<String, WeightSource> state = new LinkedHashMap<>();
        for (int i = 0; i < trained.size(); i++) {
            String name = trainedNames.get(i);
            state.put(name, source(name, trained.get(i)));
            state.put(FIRST + name, source(name, first.get(i)));
            state.put(SECOND + name, source(name, second.get(i)));
        }
        return state;
    }

    /** Returns the weights that are trained by name. */
    Map<String, WeightSource> trainedByName() {
        Map<String, WeightSource> found = new LinkedHashMap<>();
        for (int i = 0; i < trained.size(); i++) {
            found.put(trainedNames.get(i), source(trainedNames.get(i), trained.get(i)));
        }
        return found;
    }

    private WeightSource source(String name, PtNDArray array) {
        return WeightSource.of(model.shapes().get(name), array::toFloatArray);
    }

    /**
     * Sets the weights that are trained and, if wanted, their moments.
     *
     * @throws IllegalArgumentException if a tensor is missing or has another number of elements
     */
    void restore(Map<String, float[]> state, boolean withMoments) {
        for (int i = 0; i < trained.size(); i++) {
            String name = trainedNames.get(i);
            set(trained.get(i), state, name);
            if (withMoments) {
                set(first.get(i), state, FIRST + name);
                set(second.get(i), state, SECOND + name);
            }
        }
    }

    private static void set(PtNDArray array, Map<String, float[]> state, String name) {
        float[] values = state.get(name);
        if (values == null || values.length != array.size()) {
            throw new IllegalArgumentException("number of elements of " + name + " must be " + array.size()
                    + ", but was " + (values == null ? "missing" : String.valueOf(values.length)));
        }
        array.set(values);
    }

    /** Returns the architecture's weights by name, with low-rank changes added to their matrices. */
    Map<String, WeightSource> merged() {
        Map<String, WeightSource> merged = new LinkedHashMap<>();
        List<String> names = List.copyOf(model.shapes().keySet());
        for (int i = 0; i < model.architectureWeights(); i++) {
            String name = names.get(i);
            PtNDArray weight = all.get(i);
            Integer factor = model.adapted().get(i);
            merged.put(
                    name,
                    factor == null
                            ? source(name, weight)
                            : WeightSource.of(
                                    model.shapes().get(name), () -> sum(weight, all.get(factor), all.get(factor + 1))));
        }
        return merged;
    }

    private float[] sum(PtNDArray weight, PtNDArray a, PtNDArray b) {
        Torch.prepareThread(threads);
        try (NDArray product = b.matMul(a);
                NDArray scaled = product.mul(model.adapterScale());
                NDArray sum = weight.add(scaled)) {
            return sum.toFloatArray();
        }
    }
}
