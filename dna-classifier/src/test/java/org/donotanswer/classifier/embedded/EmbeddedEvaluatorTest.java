package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.donotanswer.classifier.embedded.training.TinyModel;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Test;

class EmbeddedEvaluatorTest {
    @Test
    void build_withoutModel_throws() {
        assertThatIllegalStateException()
                .isThrownBy(() -> EmbeddedEvaluator.builder().build())
                .withMessage("model must be set, but was not");
    }

    @Test
    void builder_setTwice_throwsNamingBoth() {
        EmbeddedModel model = TinyModel.get();
        EmbeddedEvaluator.Builder builder =
                EmbeddedEvaluator.builder().model(model).checkLanguage(true);
        assertThatIllegalStateException()
                .isThrownBy(() -> builder.model(model))
                .withMessage("model must be set once, but was EmbeddedModel[do-not-answer-embedded 2]"
                        + " and then EmbeddedModel[do-not-answer-embedded 2]");
        assertThatIllegalStateException()
                .isThrownBy(() -> builder.checkLanguage(false))
                .withMessage("checkLanguage must be set once, but was true and then false");
    }

    @Test
    void builder_null_throws() {
        assertThatNullPointerException()
                .isThrownBy(() -> EmbeddedEvaluator.builder().model(null))
                .withMessage("model");
        assertThatNullPointerException().isThrownBy(() -> EmbeddedEvaluator.of(null));
    }

    @Test
    void of_model_hasItsNameAndProvenance() {
        try (SafetyEvaluator evaluator = EmbeddedEvaluator.of(TinyModel.get())) {
            assertThat(evaluator.name()).isEqualTo("do-not-answer-embedded 2");
            assertThat(evaluator.provenance()).isEqualTo(TinyModel.get().provenance());
        }
    }
}
