package org.donotanswer.encoder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.SafetensorsWriter;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.evaluate.Provenance;

/** An encoder of four hidden units and a classifier that was fine-tuned from it, with random weights. */
final class TinyEncoder implements EncoderBase {
    static final String SHA256 = "5".repeat(64);
    static final ReadingWindows WINDOWS = new ReadingWindows(16, 4, 3);
    static final SecondStage STAGE = new SecondStage(
            Map.of(HeadKind.HARMFUL, Map.of("bias", -0.5, "encoderMax", 0.75)),
            Map.of(HeadKind.ACTION, new SecondStage.ClassMix(0.5, 0.25, List.of(0.0, 0.1, 0.2, 0.3, 0.4, 0.5))));
    static final SecondStage BENCHMARK_STAGE = new SecondStage(
            Map.of(HeadKind.HARMFUL, Map.of("bias", 0.25, "encoderMean", 1.5)),
            Map.of(HeadKind.ACTION, new SecondStage.ClassMix(0.75, 0.5, List.of(0.5, 0.4, 0.3, 0.2, 0.1, 0.0))));
    static final Provenance PROVENANCE =
            Provenance.builder("tiny", "7").seed(3).figure("auc", 0.75).build();
    static final String CONFIG =
            """
            {"model_type": "bert", "heads": [{"kind": "harmful", "temperature": 1.5, "threshold": 0.4}, {"kind": "action"}]}""";

    static final String QUERY = "encoder.layer.0.attention.self.query.weight";
    static final String QUERY_BIAS = "encoder.layer.0.attention.self.query.bias";
    static final String WORDS = "embeddings.word_embeddings.weight";
    static final String NORM = "embeddings.LayerNorm.weight";

    private static final Map<String, List<Long>> SHAPES = Map.of(
            WORDS,
            List.of(9L, 4L),
            NORM,
            List.of(4L),
            QUERY,
            List.of(4L, 4L),
            QUERY_BIAS,
            List.of(4L),
            "encoder.layer.0.intermediate.dense.weight",
            List.of(6L, 4L));

    private final Path directory;
    private int reads;

    /** Creates an encoder with its classifier in a directory. */
    TinyEncoder(Path directory) throws IOException {
        this.directory = directory;
        Random random = new Random(1);
        Map<String, float[]> base = new TreeMap<>();
        new TreeMap<>(SHAPES).forEach((name, shape) -> base.put(name, values(size(shape), random, 1)));
        write(baseFile(), base);
        Map<String, float[]> tuned = new TreeMap<>();
        base.forEach((name, values) -> {
            float[] changed = values.clone();
            boolean isFrozen = name.startsWith("embeddings.");
            float[] change = values(changed.length, random, isFrozen ? 0 : 0.05);
            for (int i = 0; i < changed.length; i++) {
                changed[i] += change[i];
            }
            tuned.put("bert." + name, changed);
        });
        tuned.put("bert.pooler.dense.weight", values(16, random, 1));
        tuned.put("bert.pooler.dense.bias", values(4, random, 1));
        tuned.put("classifier.weight", values(32, random, 1));
        tuned.put("classifier.bias", values(8, random, 1));
        Files.createDirectories(classifier());
        writeClassifier(tuned);
        Files.writeString(classifier().resolve("config.json"), CONFIG);
    }

    private static int size(List<Long> shape) {
        return (int) shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    }

    private static float[] values(int count, Random random, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }

    private static List<Long> shape(String name, float[] values) {
        String plain = name.replaceFirst("^bert\\.", "");
        if (SHAPES.containsKey(plain)) {
            return SHAPES.get(plain);
        }
        return name.endsWith(".weight") ? List.of(values.length / 4L, 4L) : List.of((long) values.length);
    }

    private static void write(Path file, Map<String, float[]> tensors) throws IOException {
        Map<String, WeightSource> sources = new LinkedHashMap<>();
        tensors.forEach((name, values) -> sources.put(name, WeightSource.of(shape(name, values), () -> values)));
        SafetensorsWriter.write(file, sources, Map.of());
    }

    private Path baseFile() {
        return directory.resolve("base.safetensors");
    }

    Path classifier() {
        return directory.resolve("classifier");
    }

    /** Returns the weights of the classifier by its names. */
    Map<String, float[]> tuned() throws IOException {
        return floats(CheckpointWeights.open(classifier()));
    }

    /** Returns the weights of the encoder by its names. */
    Map<String, float[]> untuned() throws IOException {
        return floats(CheckpointWeights.openFile(baseFile()));
    }

    private static Map<String, float[]> floats(CheckpointWeights weights) throws IOException {
        Map<String, float[]> floats = new TreeMap<>();
        for (String name : weights.names()) {
            floats.put(name, weights.tensor(name).toFloats());
        }
        return floats;
    }

    void writeClassifier(Map<String, float[]> tensors) throws IOException {
        write(classifier().resolve("model.safetensors"), tensors);
    }

    EncoderModelWriter writer() {
        return EncoderModelWriter.builder(classifier())
                .base(this)
                .windows(WINDOWS)
                .secondStage(STAGE)
                .benchmarkStage(BENCHMARK_STAGE)
                .provenance(PROVENANCE)
                .build();
    }

    /** Returns how often the weights were read. */
    int reads() {
        return reads;
    }

    @Override
    public EncoderArtifact artifact() {
        return EncoderArtifact.MINILM_L6;
    }

    @Override
    public String sha256() {
        return SHA256;
    }

    @Override
    public CheckpointWeights weights(String sha256) throws IOException {
        if (!sha256.equals(SHA256)) {
            throw new CheckpointException("SHA-256 of tiny must be " + sha256 + ", but was " + SHA256);
        }
        reads++;
        return CheckpointWeights.openFile(baseFile());
    }
}
