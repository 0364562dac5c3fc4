package org.donotanswer.encoder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.SafetensorsWriter;
import org.donotanswer.classifier.weights.TensorType;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.classifier.weights.WeightTensor;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Writes the file of a model from the directory that {@link org.donotanswer.classifier.finetune.FineTuner} wrote and the
 * encoder that it was trained from. The same input gives the same bytes. Immutable, hence thread-safe.
 */
public final class EncoderModelWriter {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CONFIG = "config.json";

    /** What Hugging Face's classifiers call the encoder. */
    private static final String PREFIX = "bert.";

    /** A buffer of some versions of the reference, which counts up. */
    private static final String POSITION_IDS = "embeddings.position_ids";

    private final Path classifier;
    private final EncoderBase base;
    private final ReadingWindows windows;
    private final SecondStage secondStage;
    private final SecondStage benchmarkStage;
    private final Provenance provenance;

    private EncoderModelWriter(Builder builder) {
        classifier = builder.classifier;
        base = BuilderChecks.requireSet("base", builder.base);
        windows = BuilderChecks.requireSet("windows", builder.windows);
        secondStage = BuilderChecks.requireSet("secondStage", builder.secondStage);
        benchmarkStage = BuilderChecks.requireSet("benchmarkStage", builder.benchmarkStage);
        provenance = BuilderChecks.requireSet("provenance", builder.provenance);
    }

    /**
     * Returns a builder.
     *
     * @param classifier the directory of a fine-tuned classifier, in the layout of Hugging Face
     */
    public static Builder builder(Path classifier) {
        return new Builder(classifier);
    }

    /**
     * Writes the file, in place of another of that name.
     *
     * @throws IllegalStateException if the encoder's artifact is not on the class path; its message says what to add
     * @throws ModelFormatException if the classifier is not a BERT classifier with declared heads on the encoder
     * @throws IOException if a file cannot be read or written
     */
    public void write(Path file) throws IOException {
        write(file, ChangeCodes.LEVELS);
    }

    /** Writes a file with codes of other sizes, to measure them. */
    void write(Path file, int levels) throws IOException {
        String baseSha256 = base.sha256();
        EncoderMetadata metadata = metadata(baseSha256);
        try (CheckpointWeights baseWeights = base.weights(baseSha256);
                CheckpointWeights tuned = CheckpointWeights.open(classifier)) {
            SafetensorsWriter.write(file, tensors(tuned, baseWeights, metadata.outputs(), levels), metadata.entries());
        }
    }

    private EncoderMetadata metadata(String baseSha256) throws IOException {
        JsonNode config = config();
        List<HeadKind> heads = heads(config);
        Map<HeadKind, Double> temperatures = temperatures(config);
        try {
            return new EncoderMetadata(
                    base.artifact().coordinates(),
                    baseSha256,
                    heads,
                    windows,
                    temperatures,
                    secondStage,
                    benchmarkStage,
                    provenance);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(e.getMessage() + " (" + classifier.resolve(CONFIG) + ")", e);
        }
    }

    private JsonNode config() throws IOException {
        Path file = classifier.resolve(CONFIG);
        try {
            JsonNode config = JSON.readTree(Files.readAllBytes(file));
            String type = config.path("model_type").asText();
            if (!type.equals("bert")) {
                throw new ModelFormatException("model_type must be bert, but was '" + type + "' (" + file + ")");
            }
            return config;
        } catch (JsonProcessingException | CharConversionException e) {
            throw new ModelFormatException(CONFIG + " must be JSON, but was malformed (" + file + ")", e);
        }
    }

    private List<HeadKind> heads(JsonNode config) throws ModelFormatException {
        List<HeadKind> heads = new ArrayList<>();
        for (JsonNode head : config.path("heads")) {
            heads.add(kind(head));
        }
        if (heads.isEmpty()) {
            throw new ModelFormatException("heads must be declared, but were not (" + classifier.resolve(CONFIG) + ")");
        }
        return heads;
    }

    private HeadKind kind(JsonNode head) throws ModelFormatException {
        String name = head.path("kind").asText();
        for (HeadKind kind : HeadKind.values()) {
            if (kind.configName().equals(name)) {
                return kind;
            }
        }
        throw new ModelFormatException(
                "kind of a head must be known, but was '" + name + "' (" + classifier.resolve(CONFIG) + ")");
    }

    private Map<HeadKind, Double> temperatures(JsonNode config) throws ModelFormatException {
        Map<HeadKind, Double> temperatures = new EnumMap<>(HeadKind.class);
        for (JsonNode head : config.path("heads")) {
            temperatures.put(kind(head), head.path("temperature").asDouble(1));
        }
        return temperatures;
    }

    private Map<String, WeightSource> tensors(
            CheckpointWeights tuned, CheckpointWeights baseWeights, long outputs, int levels) throws IOException {
        Map<String, List<Long>> shapes = new TreeMap<>(EncoderModelFile.shapes(baseWeights));
        Map<String, List<Long>> additions =
                EncoderModelFile.additions(EncoderModelFile.hiddenSize(baseWeights), outputs);
        requireNoOthers(tuned.names(), shapes.keySet(), additions.keySet());
        Map<String, WeightSource> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, List<Long>> each : shapes.entrySet()) {
            WeightTensor tensor = tuned.tensor(PREFIX + each.getKey());
            requireShape(tensor, each.getValue());
            addChange(each.getKey(), tensor, baseWeights.tensor(each.getKey()), levels, tensors);
        }
        for (Map.Entry<String, List<Long>> each : additions.entrySet()) {
            WeightTensor tensor = tuned.tensor(tunedName(each.getKey()));
            requireShape(tensor, each.getValue());
            // Half precision suffices for the one matrix among them that is large.
            boolean isLarge = each.getKey().equals(EncoderModelFile.POOLER + ".weight");
            TensorType type = isLarge ? TensorType.FLOAT16 : TensorType.FLOAT32;
            tensors.put(each.getKey(), new WeightSource(type, tensor.shape(), tensor::toFloats));
        }
        return tensors;
    }

    private static String tunedName(String name) {
        return name.startsWith(EncoderModelFile.CLASSIFIER) ? name : PREFIX + name;
    }

    private void requireNoOthers(Set<String> names, Set<String> ofBase, Set<String> additions)
            throws ModelFormatException {
        Set<String> others = new TreeSet<>(names);
        ofBase.forEach(name -> others.remove(PREFIX + name));
        additions.forEach(name -> others.remove(tunedName(name)));
        others.remove(PREFIX + POSITION_IDS);
        if (!others.isEmpty()) {
            throw new ModelFormatException("tensors must be those of a BERT classifier on " + base.artifact()
                    + ", but had " + others.iterator().next() + " (" + classifier + ")");
        }
    }

    private void requireShape(WeightTensor tensor, List<Long> shape) throws ModelFormatException {
        if (!tensor.shape().equals(shape)) {
            throw new ModelFormatException(tensor.name() + " must have shape " + shape + ", but was " + tensor.shape()
                    + " (" + classifier + ")");
        }
    }

    /** Adds what changed in a tensor of the base: codes for a matrix, all values of a vector, nothing if nothing changed. */
    private void addChange(
            String name, WeightTensor tuned, WeightTensor before, int levels, Map<String, WeightSource> tensors)
            throws IOException {
        float[] change = tuned.toFloats();
        float[] old = before.toFloats();
        boolean isChanged = false;
        for (int i = 0; i < change.length; i++) {
            change[i] -= old[i];
            isChanged |= change[i] != 0;
            if (!Float.isFinite(change[i])) {
                throw new ModelFormatException(
                        tuned.name() + " must have finite values, but had others (" + classifier + ")");
            }
        }
        List<Long> shape = tuned.shape();
        if (!isChanged) {
            return;
        }
        if (shape.size() != 2) {
            tensors.put(name, WeightSource.of(shape, tuned::toFloats));
            return;
        }
        ChangeCodes codes = ChangeCodes.of(change, Math.toIntExact(shape.get(0)), levels);
        tensors.put(
                name + EncoderModelFile.CODES, new WeightSource(TensorType.INT8, shape, () -> floats(codes.codes())));
        tensors.put(name + EncoderModelFile.SCALE, WeightSource.of(shape.subList(0, 1), codes::scales));
    }

    private static float[] floats(byte[] codes) {
        float[] values = new float[codes.length];
        for (int i = 0; i < codes.length; i++) {
            values[i] = codes[i];
        }
        return values;
    }

    /** Builds a writer. Each value must be set, and can be set once. Not thread-safe. */
    public static final class Builder {
        private final Path classifier;
        private @Nullable EncoderBase base;
        private @Nullable ReadingWindows windows;
        private @Nullable SecondStage secondStage;
        private @Nullable SecondStage benchmarkStage;
        private @Nullable Provenance provenance;

        private Builder(Path classifier) {
            this.classifier = Objects.requireNonNull(classifier, "classifier");
        }

        /** Sets the encoder that was fine-tuned. */
        public Builder base(EncoderArtifact value) {
            return base(EncoderBase.of(value));
        }

        Builder base(EncoderBase value) {
            base = BuilderChecks.setOnce("base", base, value);
            return this;
        }

        /** Sets how an exchange is read, which should be as in the training. */
        public Builder windows(ReadingWindows value) {
            windows = BuilderChecks.setOnce("windows", windows, value);
            return this;
        }

        /** Sets how the logits become probabilities. */
        public Builder secondStage(SecondStage value) {
            secondStage = BuilderChecks.setOnce("secondStage", secondStage, value);
            return this;
        }

        /** Sets how they do in the norm of the Do-Not-Answer benchmark's annotators. */
        public Builder benchmarkStage(SecondStage value) {
            benchmarkStage = BuilderChecks.setOnce("benchmarkStage", benchmarkStage, value);
            return this;
        }

        /** Sets the data and the settings that the classifier was trained with, and its figures. */
        public Builder provenance(Provenance value) {
            provenance = BuilderChecks.setOnce("provenance", provenance, value);
            return this;
        }

        /**
         * Returns the writer.
         *
         * @throws IllegalStateException if a value is missing
         */
        public EncoderModelWriter build() {
            return new EncoderModelWriter(this);
        }
    }
}
