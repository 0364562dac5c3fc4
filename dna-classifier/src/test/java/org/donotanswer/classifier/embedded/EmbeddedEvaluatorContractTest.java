package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.SafetyEvaluatorContract;
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
