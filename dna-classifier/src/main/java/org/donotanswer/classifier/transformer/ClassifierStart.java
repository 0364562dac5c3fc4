package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.classifier.transformer.ClassifierSetup.LowRank;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.WeightTensor;

/** Makes what is trained of a setup: the configuration of the classifier, and the values that its weights start from. */
final class ClassifierStart {
    private static final Pattern LAYER = Pattern.compile("\\.(?:layer|layers|albert_layers)\\.(\\d+)\\.");
    private static final double DEFAULT_INITIALIZER_RANGE = 0.02;
    private static final String CLASSIFIER = "ForSequenceClassification";

    private final ClassifierSetup setup;
    private final CheckpointConfig base;
    private final ObjectNode config;
    private final Architecture architecture;
    private final TorchScriptProgram program;
    private final TorchScriptProgram inference;
    private final List<Integer> groups;
    private final Map<String, List<Long>> shapes;
    private final Map<String, ByteBuffer> values = new LinkedHashMap<>();
    private final Map<Integer, Integer> adapted = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();

    private ClassifierStart(ClassifierSetup setup) throws IOException {
        this.setup = setup;
        base = CheckpointConfig.read(setup.base());
        config = classifierConfig();
        CheckpointConfig read = CheckpointConfig.of(base.file(), config);
        architecture = Architecture.of(read);
        groups = setup.heads().isEmpty()
                ? List.of(read.labelCount())
                : setup.heads().stream().map(head -> head.labels().size()).toList();
        Dropout dropout =
                setup.dropout().isPresent() ? Dropout.uniform(setup.dropout().getAsDouble()) : Dropout.of(read);
        program = architecture.program(new Kernels(setup.precision(), false, dropout));
        inference = architecture.program(new Kernels(setup.precision(), false));
        shapes = new LinkedHashMap<>(program.weights());
    }

    /**
     * Returns what is trained.
     *
     * @throws CheckpointException if the base is not a supported encoder, or malformed
     * @throws IllegalArgumentException if the setup does not suit it
     */
    static TrainableModel prepare(ClassifierSetup setup) throws IOException {
        return new ClassifierStart(setup).prepare();
    }

    /** Returns the architecture of a base, whatever the task of its class. */
    static Architecture architecture(Path base) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(base);
        referenceClass(config);
        ObjectNode copy = config.root().deepCopy();
        copy.remove("architectures");
        return Architecture.of(CheckpointConfig.of(config.file(), copy));
    }

    /** Returns the name of the reference's class, of which there must be one: a traced model, for one, cannot be trained. */
    private static String referenceClass(CheckpointConfig config) throws CheckpointException {
        String type = config.text("model_type");
        Optional<String> name = Architecture.referenceClass(type);
        if (name.isEmpty()) {
            throw config.invalid("model_type", "must be " + Architecture.MODEL_TYPES, type);
        }
        return name.get();
    }

    private TrainableModel prepare() throws IOException {
        readWeights();
        setup.lowRank().ifPresent(this::addFactors);
        Set<String> trained = trained();
        if (trained.isEmpty()) {
            throw new IllegalArgumentException("weights must not all be frozen, but were");
        }
        TrainingProgram training = new TrainingProgram(
                program,
                inference,
                shapes.keySet().stream().map(trained::contains).toList(),
                adapted,
                scale(),
                TrainableModel.decayed(shapes, trained),
                groups);
        return new TrainableModel(
                config,
                architecture,
                training,
                shapes,
                values,
                trained,
                adapted,
                scale(),
                groups.stream().mapToInt(Integer::intValue).sum(),
                remarks);
    }

    private double scale() {
        return setup.lowRank().map(LowRank::scale).orElse(1.0);
    }

    /** Returns the configuration of the base with the classifier's class, labels, heads and input. */
    private ObjectNode classifierConfig() throws CheckpointException {
        ObjectNode copy = base.root().deepCopy();
        copy.remove(List.of("_name_or_path", "problem_type", "num_labels", "finetuning_task", "task_specific_params"));
        copy.putArray("architectures").add(referenceClass(base) + CLASSIFIER);
        copy.put(Checkpoint.INPUT_FORMAT, setup.format().name().toLowerCase(Locale.ROOT));
        if (!setup.heads().isEmpty()) {
            ObjectNode id2label = copy.putObject("id2label");
            ObjectNode label2id = copy.putObject("label2id");
            ArrayNode heads = copy.putArray("heads");
            int output = 0;
            for (HeadKind head : setup.heads()) {
                ObjectNode entry = heads.addObject().put("kind", head.configName());
                ArrayNode outputs = entry.putArray("outputs");
                for (String label : head.labels()) {
                    id2label.put(String.valueOf(output), label);
                    label2id.put(label, output);
                    outputs.add(output++);
                }
            }
        }
        return copy;
    }

    private void readWeights() throws IOException {
        double range = base.positiveNumber("initializer_range", DEFAULT_INITIALIZER_RANGE);
        if (setup.fromScratch()) {
            shapes.forEach((name, shape) -> values.put(name, initial(name, shape, range)));
            remarks.add("all weights start at random");
            return;
        }
        boolean keepsHead = keepsHead();
        List<String> started = new ArrayList<>();
        try (CheckpointWeights weights = CheckpointWeights.open(setup.base())) {
            for (Map.Entry<String, List<Long>> entry : shapes.entrySet()) {
                String name = entry.getKey();
                boolean head = !name.startsWith(architecture.basePrefix());
                Optional<String> found = head && !keepsHead
                        ? Optional.empty()
                        : WeightMatching.find(architecture.basePrefix(), name, weights);
                if (found.isPresent()) {
                    values.put(name, checked(weights.tensor(found.get()), entry.getValue()));
                } else if (head || name.contains("pooler.")) {
                    values.put(name, initial(name, entry.getValue(), range));
                    started.add(name);
                } else {
                    throw new CheckpointException(
                            name + " must be in the base, but was missing (" + setup.base() + ")");
                }
            }
        }
        if (!started.isEmpty()) {
            remarks.add("weights that start at random: " + String.join(", ", started));
        }
    }

    /** Returns whether the base has the very outputs that are trained. */
    private boolean keepsHead() throws CheckpointException {
        if (base.architecture().filter(name -> name.endsWith(CLASSIFIER)).isEmpty()) {
            return false;
        }
        SortedMap<Integer, String> labels =
                CheckpointConfig.of(base.file(), config).labels();
        return base.labels().equals(labels);
    }

    private static ByteBuffer checked(WeightTensor tensor, List<Long> shape) throws CheckpointException {
        if (!tensor.shape().equals(shape)) {
            throw new CheckpointException(tensor.name() + " must have shape " + shape + ", but was " + tensor.shape()
                    + " (" + tensor.file().getFileName() + ")");
        }
        return WeightMatching.floats(tensor);
    }

    /**
     * Returns the values that a weight starts from at random: normal numbers for matrices, zeros for biases, ones for the
     * weights of layer normalisation. Each weight has its own seed, so that it does not depend on the others.
     */
    private ByteBuffer initial(String name, List<Long> shape, double range) {
        float[] weights = new float[elements(shape)];
        if (shape.size() > 1) {
            Random random = random(name);
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (range * random.nextGaussian());
            }
        } else if (!name.endsWith("bias")) {
            Arrays.fill(weights, 1);
        }
        return buffer(weights);
    }

    private Random random(String name) {
        return new Random(setup.seed() * 0x9E3779B97F4A7C15L + Arrays.hashCode(name.getBytes(StandardCharsets.UTF_8)));
    }

    private static int elements(List<Long> shape) {
        return Math.toIntExact(shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact));
    }

    private static ByteBuffer buffer(float[] weights) {
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(weights.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(weights);
        return buffer;
    }

    /** Adds the factors of the changed matrices: A is uniform as in the reference, B is zero, so that nothing changes at first. */
    private void addFactors(LowRank lowRank) {
        List<String> names = List.copyOf(shapes.keySet());
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!isMatrixOfEncoder(name)) {
                continue;
            }
            String layer = name.substring(0, name.length() - ".weight".length());
            if (!lowRank.changes(layer)) {
                continue;
            }
            long out = shapes.get(name).get(0);
            long in = shapes.get(name).get(1);
            if (lowRank.rank() > Math.min(in, out)) {
                throw new IllegalArgumentException("rank must be at most the size of " + name + " (" + Math.min(in, out)
                        + "), but was " + lowRank.rank());
            }
            adapted.put(i, shapes.size());
            addFactor(layer + LowRank.FACTOR_A, List.of((long) lowRank.rank(), in), 1 / Math.sqrt((double) in));
            addFactor(layer + LowRank.FACTOR_B, List.of(out, (long) lowRank.rank()), 0);
        }
        if (adapted.isEmpty()) {
            throw new IllegalArgumentException("targets must name linear maps of the encoder, but were "
                    + lowRank.targets() + " (" + setup.base() + ")");
        }
    }

    private boolean isMatrixOfEncoder(String name) {
        return name.startsWith(architecture.basePrefix())
                && name.endsWith(".weight")
                && shapes.get(name).size() == 2
                && LAYER.matcher(name).find()
                && !name.contains("embedding");
    }

    private void addFactor(String name, List<Long> shape, double bound) {
        float[] weights = new float[elements(shape)];
        if (bound > 0) {
            Random random = random(name);
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (bound * (2 * random.nextDouble() - 1));
            }
        }
        shapes.put(name, shape);
        values.put(name, buffer(weights));
    }

    private Set<String> trained() {
        int layers = 1
                + shapes.keySet().stream()
                        .mapToInt(ClassifierStart::layer)
                        .filter(layer -> layer < Integer.MAX_VALUE)
                        .max()
                        .orElse(-1);
        if (setup.frozenLayers() > layers) {
            throw new IllegalArgumentException("frozenLayers must be at most " + layers
                    + ", the layers of the base with weights of their own, but was " + setup.frozenLayers());
        }
        Predicate<String> encoder = name -> name.startsWith(architecture.basePrefix()) && !name.contains("pooler.");
        Set<String> trained = new LinkedHashSet<>();
        for (String name : shapes.keySet()) {
            boolean factor = name.endsWith(LowRank.FACTOR_A) || name.endsWith(LowRank.FACTOR_B);
            boolean frozen = (setup.lowRank().isPresent() && !factor && encoder.test(name))
                    || (setup.frozenEmbeddings() && encoder.test(name) && name.contains("embeddings."))
                    || layer(name) < setup.frozenLayers();
            if (!frozen) {
                trained.add(name);
            }
        }
        return trained;
    }

    /** Returns the number of the layer that a weight belongs to, from 0, or a large number if to none. */
    private static int layer(String name) {
        Matcher matcher = LAYER.matcher(name);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : Integer.MAX_VALUE;
    }
}
