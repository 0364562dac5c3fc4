package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.evaluate.Provenance;
import org.junit.jupiter.api.Test;

class EncoderProvenanceTest {
    private static final String BASE = "dev.langchain4j:an-encoder:1.0";

    @Test
    void addedTo_model_namesWhatItStandsOn() throws IOException {
        Provenance trained = Provenance.builder("do-not-answer-encoder", "1")
                .seed(42)
                .data("labels", "b".repeat(64))
                .parameter("epochs", "1")
                .figure("AUROC", 0.9)
                .build();
        EmbeddedModel embedded = EmbeddedModel.shipped();

        Provenance provenance = new EncoderProvenance(
                        BASE, "a".repeat(64), embedded, new ReadingWindows(128, 24, 12), false, true)
                .addedTo(trained);

        assertThat(provenance.name()).isEqualTo("do-not-answer-encoder");
        assertThat(provenance.version()).isEqualTo("1");
        assertThat(provenance.seed()).hasValue(42);
        assertThat(provenance.figures()).isEqualTo(trained.figures());
        assertThat(provenance.data())
                .containsEntry("base " + BASE, "a".repeat(64))
                .containsEntry("labels", "b".repeat(64));
        embedded.provenance().data().forEach((name, checksum) -> assertThat(provenance.data())
                .containsEntry("embedded " + name, checksum));
        assertThat(provenance.parameters())
                .containsEntry("epochs", "1")
                .containsEntry("base", BASE)
                .containsEntry("embedded.name", embedded.provenance().name())
                .containsEntry("embedded.version", embedded.provenance().version())
                .containsEntry("evaluator.maxTokens", "128")
                .containsEntry("evaluator.overlap", "24")
                .containsEntry("evaluator.maxWindows", "12")
                .containsEntry("evaluator.checkLanguage", "false")
                .containsEntry("evaluator.benchmarkNorm", "true");
    }
}
