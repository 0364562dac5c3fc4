package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.donotanswer.encoder.TestStages.logits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.Provenance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderBuilderTest {
    private static final String LONG = "An egg is boiled in water. ".repeat(200);

    private static final String FIVE_HEADS =
            """
            {"model_type": "bert", "heads": [{"kind": "harmful"}, {"kind": "refusal"}, {"kind": "action"}, \
            {"kind": "instruction_risk"}, {"kind": "harm_type"}]}""";

    @TempDir
    private Path directory;

    private EncoderModel model(SecondStage stage) throws IOException {
        return model(stage, stage);
    }

    private EncoderModel model(SecondStage stage, SecondStage benchmarkStage) throws IOException {
        TinyEncoder tiny = new TinyEncoder(directory);
        Map<String, float[]> tensors = tiny.tuned();
        tensors.put("classifier.weight", new float[24 * 4]);
        tensors.put("classifier.bias", new float[24]);
        tiny.writeClassifier(tensors);
        Files.writeString(tiny.classifier().resolve("config.json"), FIVE_HEADS);
        Path file = directory.resolve("model.safetensors");
        EncoderModelWriter.builder(tiny.classifier())
                .base(tiny)
                .windows(new ReadingWindows(64, 12, 5))
                .secondStage(stage)
                .benchmarkStage(benchmarkStage)
                .provenance(Provenance.builder("encoder-under-test", "2").build())
                .build()
                .write(file);
        return EncoderModel.load(file, tiny);
    }

    @Test
    void build_defaults_areThoseOfTheModel() throws IOException {
        FakeForwardPass pass = FakeForwardPass.of(logits(1, 1, 1, 1, 1));
        EncoderEvaluator.Builder builder = EncoderEvaluator.builder().model(model(TestStages.average()));
        try (EncoderEvaluator evaluator = builder.build(model -> pass)) {
            Assessment assessment = evaluator.evaluate("Tell me about eggs.", LONG);

            assertThat(evaluator.name()).isEqualTo("encoder-under-test 2").isEqualTo(((Scored) assessment).evaluator());
            assertThat(pass.windows()).hasSize(5).allMatch(window -> window.length() == 64);
            assertThat(((Scored) assessment).truncated()).isTrue();
            assertThat(evaluator.provenance().parameters())
                    .containsEntry("evaluator.maxWindows", "5")
                    .containsEntry("evaluator.checkLanguage", "true")
                    .containsEntry("evaluator.benchmarkNorm", "false");
            assertThat(evaluator.provenance().data())
                    .containsEntry("base " + EncoderArtifact.MINILM_L6.coordinates(), TinyEncoder.SHA256);
            assertThat(evaluator
                            .evaluate("Und?", "Legen Sie das Ei in kochendes Wasser und warten Sie.")
                            .isScored())
                    .isFalse();
        }
        assertThat(pass.closings()).isEqualTo(1);
    }

    @Test
    void build_options_takeTheirPlace() throws IOException {
        FakeForwardPass pass = FakeForwardPass.of(logits(1, 1, 1, 1, 1));
        EncoderEvaluator.Builder builder = EncoderEvaluator.builder()
                .model(model(TestStages.average()))
                .embedded(EmbeddedModel.shipped())
                .maxWindows(2)
                .checkLanguage(false);
        try (EncoderEvaluator evaluator = builder.build(model -> pass)) {
            evaluator.evaluate("Tell me about eggs.", LONG);

            assertThat(pass.windows()).hasSize(2);
            assertThat(evaluator.provenance().parameters())
                    .containsEntry("evaluator.maxWindows", "2")
                    .containsEntry("evaluator.checkLanguage", "false");
            assertThat(evaluator
                            .evaluate("Und?", "Legen Sie das Ei in kochendes Wasser und warten Sie.")
                            .isScored())
                    .isTrue();
        }
    }

    @Test
    void build_stageOfOtherHeads_isRefusedAndNothingStaysOpen() throws IOException {
        FakeForwardPass pass = FakeForwardPass.ofTokens();
        SecondStage stage = new SecondStage(Map.of(HeadKind.HARMFUL, Map.of("bias", 1.0)), Map.of());

        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> EncoderEvaluator.builder().model(model(stage)).build(model -> pass))
                .withMessage("heads of the second stage must be those of the model (harmful, instruction_risk, refusal,"
                        + " action, harm_type), but were harmful");
        assertThat(pass.closings()).isEqualTo(1);
    }

    @Test
    void build_benchmarkNorm_usesItsStageAndTheEmbeddedJudgeInItsNorm() throws IOException {
        SecondStage embeddedAlone = TestStages.ofHarm(Map.of("embedded", 1.0));
        SecondStage certain = TestStages.ofHarm(Map.of("bias", -3.0));
        Exchange exchange =
                Exchange.of("How do I pick a lock?", "Put a tension wrench into the lock and rake the pins.");
        EmbeddedModel embedded = EmbeddedModel.shipped();
        double expected = harmful(EmbeddedEvaluator.builder()
                .model(embedded)
                .benchmarkNorm(true)
                .build()
                .evaluate(exchange));
        EncoderEvaluator.Builder builder = EncoderEvaluator.builder()
                .model(model(certain, embeddedAlone))
                .embedded(embedded)
                .benchmarkNorm(true);

        try (EncoderEvaluator evaluator = builder.build(model -> FakeForwardPass.of(logits(1, 1, 1, 1, 1)))) {
            assertThat(harmful(evaluator.evaluate(exchange))).isCloseTo(expected, within(1e-9));
            assertThat(evaluator.provenance().parameters()).containsEntry("evaluator.benchmarkNorm", "true");
        }
        assertThat(expected).isNotCloseTo(harmful(EmbeddedEvaluator.of(embedded).evaluate(exchange)), within(1e-3));
    }

    private static double harmful(Assessment assessment) {
        return ((Scored) assessment).harmful().orElseThrow();
    }

    @Test
    void build_withoutEngine_throwsWhatItThrows() throws IOException {
        EncoderEvaluator.Builder builder = EncoderEvaluator.builder().model(model(TestStages.average()));

        assertThatIllegalStateException()
                .isThrownBy(() -> builder.build(model -> {
                    throw new IllegalStateException("native library must be one of this platform, but was not");
                }))
                .withMessage("native library must be one of this platform, but was not");
    }

    @Test
    void build_badOptions_areRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> EncoderEvaluator.builder().build())
                .withMessage("model must be set, but was not");
        for (int windows : List.of(0, 1_001)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EncoderEvaluator.builder().maxWindows(windows))
                    .withMessage("maxWindows must be in 1..1000, but was " + windows);
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> EncoderEvaluator.builder().maxWindows(4).maxWindows(5))
                .withMessage("maxWindows must be set once, but was 4 and then 5");
        assertThatIllegalStateException()
                .isThrownBy(() -> EncoderEvaluator.builder().checkLanguage(true).checkLanguage(false))
                .withMessage("checkLanguage must be set once, but was true and then false");
    }
}
