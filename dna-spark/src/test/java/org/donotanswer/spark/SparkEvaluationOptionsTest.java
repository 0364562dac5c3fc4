package org.donotanswer.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparkEvaluationOptionsTest {
    @Test
    void defaults_nothingSet_areThoseOfTheConstants() {
        assertThat(SparkEvaluationOptions.defaults())
                .isEqualTo(new SparkEvaluationOptions("embedded", "assessment", 128));
    }

    @Test
    void builder_valueSetTwice_showsBoth() {
        SparkEvaluationOptions.Builder builder =
                SparkEvaluationOptions.builder().evaluator("encoder");

        assertThatIllegalStateException()
                .isThrownBy(() -> builder.evaluator("cascade"))
                .withMessage("evaluator must be set once, but was encoder and then cascade");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "hf:owner/name", "s3a://bucket/model.dna", "a\0b"})
    void evaluator_neitherNameNorPath_isRefused(String evaluator) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        SparkEvaluationOptions.builder().evaluator(evaluator).build())
                .withMessageStartingWith(
                        "evaluator must be embedded, encoder, cascade or a path, but was '" + evaluator + "'");
    }

    @Test
    void build_valueOutOfRange_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkEvaluationOptions.builder().batchSize(0).build())
                .withMessage("batchSize must be at least 1, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkEvaluationOptions.builder().column(" ").build())
                .withMessage("column must not be blank, but was ' '");
    }
}
