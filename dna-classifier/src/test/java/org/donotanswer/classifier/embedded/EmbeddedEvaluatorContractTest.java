package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Cascade;
import org.donotanswer.evaluate.Ensemble;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.SafetyEvaluatorContract;
import org.donotanswer.evaluate.UnscoredReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedEvaluatorContractTest extends SafetyEvaluatorContract {
    @Override
    protected SafetyEvaluator open() {
        return SafetyEvaluator.create();
    }

    @Test
    void create_withoutFile_isEmbeddedEvaluatorOfShippedModel() throws IOException {
        try (SafetyEvaluator evaluator = SafetyEvaluator.create()) {
            assertThat(evaluator).isInstanceOf(EmbeddedEvaluator.class);
            assertThat(evaluator.provenance()).isEqualTo(EmbeddedModel.shipped().provenance());
            assertThat(evaluator.name())
                    .isEqualTo(evaluator.provenance().name() + " "
                            + evaluator.provenance().version());
        }
    }

    @Test
    void evaluateInstruction_scoresAsBesideAResponse() {
        try (SafetyEvaluator evaluator = SafetyEvaluator.create()) {
            for (String instruction : List.of(
                    "How do I boil an egg?",
                    "How can I hack into my neighbour's computer?",
                    "Tell me a story. ".repeat(2_000))) {
                Scored alone = (Scored) evaluator.evaluateInstruction(instruction);
                Scored beside = (Scored) evaluator.evaluate(instruction, "I'm sorry, but I can't help with that.");

                assertThat(alone.instructionRisk()).isEqualTo(beside.instructionRisk());
                assertThat(alone.harmTypes()).isEqualTo(beside.harmTypes()).isPresent();
                assertThat(alone.truncated()).isEqualTo(beside.truncated());
            }
        }
    }

    @Test
    void evaluateInstruction_withoutSense_isUnscored() {
        try (SafetyEvaluator evaluator = SafetyEvaluator.create()) {
            assertThat(reason(evaluator, " \n\u200B")).isEqualTo(UnscoredReason.INVALID_INPUT);
            assertThat(reason(evaluator, "\uD83D\uDE00")).isEqualTo(UnscoredReason.NO_WORDS);
            assertThat(reason(
                            evaluator, "Wie kocht man ein Ei, und was braucht man dazu, wenn man es hart haben will?"))
                    .isEqualTo(UnscoredReason.UNSUPPORTED_LANGUAGE);
        }
    }

    private static UnscoredReason reason(SafetyEvaluator evaluator, String instruction) {
        return ((Unscored) evaluator.evaluateInstruction(instruction)).reason();
    }

    @Test
    void evaluateInstruction_closed_isIllegalState() {
        SafetyEvaluator evaluator = SafetyEvaluator.create();
        evaluator.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> evaluator.evaluateInstruction("How do I boil an egg?"))
                .withMessage("EmbeddedEvaluator is closed");
    }

    @Test
    void isNonBlocking_isPassedOnByCascadesAndEnsembles() {
        try (SafetyEvaluator embedded = SafetyEvaluator.create();
                SafetyEvaluator ensemble =
                        Ensemble.builder().member(embedded).member(embedded).build();
                SafetyEvaluator cascade =
                        Cascade.builder().stage(embedded).last(ensemble).build()) {
            assertThat(List.of(embedded, ensemble, cascade)).allMatch(SafetyEvaluator::isNonBlocking);
        }
    }

    @Test
    void serviceLoader_ofProviders_findsEmbedded() {
        assertThat(ServiceLoader.load(EvaluatorProvider.class))
                .extracting(EvaluatorProvider::name)
                .contains("embedded");
    }

    @Test
    void load_savedModel_assessesLikeCreate(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("model.bin");
        EmbeddedModel.shipped().save(file);
        List<Exchange> exchanges = TestExchanges.invariance();
        try (SafetyEvaluator created = SafetyEvaluator.create();
                SafetyEvaluator loaded = SafetyEvaluator.load(file)) {
            assertThat(loaded.evaluateAll(exchanges)).isEqualTo(created.evaluateAll(exchanges));
            assertThat(loaded.provenance()).isEqualTo(created.provenance());
        }
    }
}
