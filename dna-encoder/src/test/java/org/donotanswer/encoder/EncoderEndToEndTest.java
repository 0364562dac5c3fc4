package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.SafetensorsWriter;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the file of a model with random weights to assessments, with everything real but the size of the encoder. */
class EncoderEndToEndTest {
    private static final int HIDDEN = 24;
    private static final int INTERMEDIATE = 32;
    private static final String SHA256 = "7".repeat(64);
    private static final String CONFIG =
            """
            {"model_type": "bert", "heads": [{"kind": "harmful"}, {"kind": "refusal"}, {"kind": "action"}, \
            {"kind": "instruction_risk"}, {"kind": "harm_type"}]}""";

    @TempDir
    private Path directory;

    private final Random random = new Random(5);
    private final Map<String, List<Long>> shapes = new LinkedHashMap<>();
    private final Map<String, float[]> tensors = new LinkedHashMap<>();

    private void add(String name, double mean, double deviation, long... shape) {
        int size = 1;
        for (long dimension : shape) {
            size *= (int) dimension;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        tensors.put(name, values);
        shapes.put(name, Arrays.stream(shape).boxed().toList());
    }

    private void addLinear(String name, long inputs, long outputs) {
        add(name + ".weight", 0, 1 / Math.sqrt((double) inputs), outputs, inputs);
        add(name + ".bias", 0, 0.1, outputs);
    }

    private void addNorm(String name) {
        add(name + ".weight", 1, 0.1, HIDDEN);
        add(name + ".bias", 0, 0.1, HIDDEN);
    }

    private void addEncoder() {
        add("embeddings.word_embeddings.weight", 0, 1, 30_522, HIDDEN);
        add("embeddings.position_embeddings.weight", 0, 1, 512, HIDDEN);
        add("embeddings.token_type_embeddings.weight", 0, 1, 2, HIDDEN);
        addNorm("embeddings.LayerNorm");
        for (String linear : List.of("self.query", "self.key", "self.value", "output.dense")) {
            addLinear("encoder.layer.0.attention." + linear, HIDDEN, HIDDEN);
        }
        addNorm("encoder.layer.0.attention.output.LayerNorm");
        addLinear("encoder.layer.0.intermediate.dense", HIDDEN, INTERMEDIATE);
        addLinear("encoder.layer.0.output.dense", INTERMEDIATE, HIDDEN);
        addNorm("encoder.layer.0.output.LayerNorm");
    }

    private void write(Path file, String prefix) throws IOException {
        Map<String, WeightSource> sources = new LinkedHashMap<>();
        tensors.forEach((name, values) -> {
            boolean isHead = name.startsWith("classifier");
            sources.put(isHead ? name : prefix + name, WeightSource.of(shapes.get(name), () -> values));
        });
        SafetensorsWriter.write(file, sources, Map.of());
    }

    private EncoderBase base() {
        return new EncoderBase() {
            @Override
            public EncoderArtifact artifact() {
                return EncoderArtifact.BGE_SMALL;
            }

            @Override
            public String sha256() {
                return SHA256;
            }

            @Override
            public CheckpointWeights weights(String sha256) throws IOException {
                return CheckpointWeights.openFile(directory.resolve("base.safetensors"));
            }
        };
    }

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        addEncoder();
        write(directory.resolve("base.safetensors"), "");
        addLinear("pooler.dense", HIDDEN, HIDDEN);
        addLinear("classifier", HIDDEN, 24);
        Path classifier = Files.createDirectory(directory.resolve("classifier"));
        write(classifier.resolve("model.safetensors"), "bert.");
        Files.writeString(classifier.resolve("config.json"), CONFIG);
        model = directory.resolve("model.safetensors");
        EncoderModelWriter.builder(classifier)
                .base(base())
                .windows(new ReadingWindows(128, 24, 24))
                .secondStage(TestStages.average())
                .benchmarkStage(TestStages.average())
                .provenance(Provenance.builder("random-encoder", "1").build())
                .build()
                .write(model);
    }

    @Test
    void evaluate_modelFromItsFile_scoresWhatTheEmbeddedJudgeScores() throws IOException {
        List<Exchange> exchanges = List.of(
                Exchange.of("How do I boil an egg?", "Put it into boiling water for eight minutes."),
                Exchange.of("Tell me about eggs.", "An egg is boiled in water. ".repeat(60)),
                Exchange.of("", "An egg is boiled in water. ".repeat(20_000)),
                Exchange.of("What is 6 times 7?", "42"));
        assertThat(new EncoderEvaluatorProvider().supports(model)).isTrue();
        try (EncoderEvaluator evaluator = EncoderEvaluator.of(EncoderModel.load(model, base()))) {
            List<Assessment> assessments = evaluator.evaluateAll(exchanges);

            assertThat(evaluator.name()).isEqualTo("random-encoder 1");
            assertThat(evaluator.provenance().data())
                    .containsEntry("base " + EncoderArtifact.BGE_SMALL.coordinates(), SHA256);
            assertThat(assessments.stream().map(Assessment::isScored)).containsExactly(true, true, true, false);
            Scored scored = (Scored) assessments.get(1);
            assertThat(scored.harmful()).isPresent();
            assertThat(scored.refusal()).isPresent();
            assertThat(scored.actions()).isPresent();
            assertThat(scored.instructionRisk()).isPresent();
            assertThat(scored.harmTypes()).isPresent();
            assertThat(scored.truncated()).isFalse();
            assertThat(((Scored) assessments.get(2)).truncated()).isTrue();
            assertThat(evaluator.evaluateAll(exchanges)).isEqualTo(assessments);
            assertThat(evaluator.evaluateInstruction("How do I boil an egg?").isScored())
                    .isTrue();
        }
    }
}
