package org.donotanswer.encoder;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.evaluate.Provenance;

/** Evaluators with the tokenizer and the embedded model that are shipped, and a forward pass of a test. */
final class TestEvaluators {
    static final String NAME = "encoder-under-test 1";

    private static final EmbeddedModel EMBEDDED = embedded();

    private TestEvaluators() {}

    private static EmbeddedModel embedded() {
        try {
            return EmbeddedModel.shipped();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static EmbeddedEvaluator embeddedEvaluator() {
        return EmbeddedEvaluator.of(EMBEDDED);
    }

    static EncoderEvaluator of(ForwardPass forwardPass, SecondStage stage) throws IOException {
        return of(forwardPass, stage, 24);
    }

    static EncoderEvaluator of(ForwardPass forwardPass, SecondStage stage, int maxWindows) throws IOException {
        EncoderScorer scorer = new EncoderScorer(
                NAME,
                embeddedEvaluator(),
                EncoderArtifact.MINILM_L6.tokenizer(128, 24, maxWindows),
                forwardPass,
                TestStages.HEADS,
                TestStages.TEMPERATURES,
                stage);
        return new EncoderEvaluator(
                scorer, Provenance.builder("encoder-under-test", "1").build());
    }
}
