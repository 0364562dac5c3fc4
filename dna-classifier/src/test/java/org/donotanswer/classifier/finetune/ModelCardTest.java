package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.donotanswer.classifier.finetune.EpochFigures.HeadFigures;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.ClassifierSetup.LowRank;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.InputFormat;
import org.junit.jupiter.api.Test;

class ModelCardTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final ClassifierSetup SETUP = ClassifierSetup.builder(Path.of("secret", "place"))
            .heads(List.of(HeadKind.HARMFUL, HeadKind.REFUSAL))
            .format(InputFormat.PAIR)
            .lowRank(new LowRank(8, 16, List.of("query", "value")))
            .build();
    private static final FineTuningResult RESULT = new FineTuningResult(
            List.of(
                    new EpochFigures(
                            1,
                            0.5,
                            Map.of(
                                    HeadKind.HARMFUL, new HeadFigures(40, 0.31234, 0.875, 0.8),
                                    HeadKind.REFUSAL, new HeadFigures(30, 0.2, 0.9, Double.NaN))),
                    new EpochFigures(2, 0.25, Map.of(HeadKind.HARMFUL, new HeadFigures(40, 0.4, 0.85, 0.75)))),
            1,
            Map.of(HeadKind.HARMFUL, new HeadCalibration(1.3, OptionalDouble.of(0.25))),
            120,
            45_000,
            7,
            List.of("weights that start at random: classifier.weight"));

    private static ModelCard.Builder card() {
        return ModelCard.builder("guard")
                .base("owner/encoder")
                .setup(SETUP)
                .options(FineTuningOptions.builder()
                        .epochs(2)
                        .headWeight(HeadKind.REFUSAL, 0.5)
                        .seed(3)
                        .build())
                .result(RESULT);
    }

    @Test
    void text_metadata_isWhatTheHubReads() {
        assertThat(card().license("apache-2.0").build().text())
                .startsWith(
                        """
                        ---
                        license: "apache-2.0"
                        base_model: "owner/encoder"
                        library_name: transformers
                        pipeline_tag: text-classification
                        tags:
                        - text-classification
                        - safety
                        - do-not-answer
                        ---

                        # guard
                        """);
        assertThat(card().build().text()).startsWith("---\nbase_model:").doesNotContain("license");
        assertThat(card().delta().build().text())
                .contains(
                        "library_name: peft\n",
                        "they need the base.",
                        "(base, num_labels=4)\n",
                        "`heads` in delta.json");
    }

    @Test
    void text_heads_haveTheirOutputsAndLabels() {
        assertThat(card().build().text())
                .contains(
                        """
                        It reads the instruction and the response, as a pair of texts.

                        | head | outputs | labels |
                        |---|---|---|
                        | harmful | 0 to 1 | harmless, harmful |
                        | refusal | 2 to 3 | no refusal, refusal |
                        """);
    }

    @Test
    void text_data_isNamedWithChecksumsAndSources() {
        assertThat(card().data("train.csv", SHA256)
                        .source("people", 100)
                        .source("", 20)
                        .build()
                        .text())
                .contains("| train.csv | `" + SHA256 + "` |\n")
                .contains("| unknown | 20 |\n| people | 100 |\n");
        assertThat(card().build().text()).contains("The files were not named.");
    }

    @Test
    void text_settings_areThoseOfTheTraining() {
        String text = card().command("java -jar tool.jar --epochs 2")
                .platform("PyTorch", "2.7.1")
                .build()
                .text();
        assertThat(text)
                .contains("\n\n    java -jar tool.jar --epochs 2\n\n")
                .contains("| epochs | 2 |\n", "| learning rate | 5.0E-5 |\n", "| seed | 3 |\n", "| PyTorch | 2.7.1 |\n")
                .contains("| weight of the head refusal | 0.5 |\n")
                .contains("| low-rank change | rank 8, alpha 16.0, of query, value |\n")
                .contains("| steps | 120 |\n", "| weights that were trained | 45000 |\n")
                .doesNotContain("secret");
    }

    @Test
    void text_figures_areATablePerEpochAndHead() {
        assertThat(card().build().text())
                .contains(
                        """
                        | epoch | training loss | head | examples | log loss | accuracy | macro F1 |
                        |---|---|---|---|---|---|---|
                        | 1 (kept) | 0.5000 | harmful | 40 | 0.3123 | 0.8750 | 0.8000 |
                        | 1 (kept) | 0.5000 | refusal | 30 | 0.2000 | 0.9000 | - |
                        | 2 | 0.2500 | harmful | 40 | 0.4000 | 0.8500 | 0.7500 |
                        """)
                .contains("| head | temperature | threshold |\n|---|---|---|\n| harmful | 1.3000 | 0.2500 |\n")
                .contains("- 7 training examples were longer than the maximum number of tokens and read in part.\n")
                .endsWith("- weights that start at random: classifier.weight.\n");
    }

    @Test
    void text_nothingHeldOut_saysSo() {
        FineTuningResult result =
                new FineTuningResult(List.of(new EpochFigures(1, 0.5, Map.of())), 1, Map.of(), 10, 100, 0, List.of());
        String text = ModelCard.builder("guard")
                .base("owner/encoder")
                .setup(SETUP)
                .options(FineTuningOptions.builder().build())
                .result(result)
                .build()
                .text();
        assertThat(text)
                .contains("No examples were held out, so there is the training loss alone.\n")
                .contains("| 1 (kept) | 0.5000 | - | - | - | - | - |\n")
                .contains("The heads were not calibrated.\n")
                .doesNotContain("read in part", "chosen on the examples held out");
    }

    @Test
    void text_valuesWithMarkup_areEscaped() {
        String text = card().license("a\"b\nc")
                .data("a|b\n<script>&.csv", SHA256)
                .command("one\ntwo")
                .build()
                .text();
        assertThat(text)
                .contains("license: \"a\\\"b\\nc\"\n")
                .contains("| a\\|b &lt;script>&amp;.csv | ")
                .contains("    one two\n");
    }

    @Test
    void provenance_holdsDataSettingsAndSeed() {
        var provenance = card().data("train.csv", SHA256).build().provenance();
        assertThat(provenance.name()).isEqualTo("guard");
        assertThat(provenance.version()).isEqualTo("fine-tuned from owner/encoder");
        assertThat(provenance.seed()).hasValue(3);
        assertThat(provenance.data()).containsEntry("train.csv", SHA256);
        assertThat(provenance.parameters()).containsEntry("batch size", "16").containsEntry("precision", "FLOAT32");
    }

    @Test
    void builder_valuesMissingOrSetTwice_areRefused() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> ModelCard.builder("guard").base("b").setup(SETUP).build())
                .withMessage("result must be set, but was not");
        assertThatIllegalStateException()
                .isThrownBy(() -> card().base("other"))
                .withMessage("base must be set once, but was owner/encoder and then other");
        assertThatIllegalStateException()
                .isThrownBy(() -> card().source("people", 1).source("people", 2))
                .withMessage("source people must be set once, but was 1 and then 2");
    }
}
