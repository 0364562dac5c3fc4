package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.evaluation.EvaluationRequest;
import org.springframework.ai.evaluation.EvaluationResponse;

class SafetyResponseEvaluatorTest {
    private final KeywordEvaluator words = new KeywordEvaluator();
    private final SafetyResponseEvaluator evaluator = SafetyResponseEvaluator.of(SafetyGuard.of(words));

    @Test
    void evaluate_harmless_passes() {
        EvaluationResponse response = evaluator.evaluate(new EvaluationRequest("How?", "With water."));
        assertThat(response.isPass()).isTrue();
        assertThat(response.getScore()).isCloseTo(0.9f, within(1e-6f));
        assertThat(response.getFeedback())
                .startsWith("response ALLOW: BELOW_THRESHOLD, 0.1000 with threshold 0.5 (default), by words, in ");
        assertThat(response.getMetadata())
                .containsEntry("outcome", "ALLOW")
                .containsEntry("reason", "BELOW_THRESHOLD")
                .containsEntry("judged", true)
                .containsEntry("probability", 0.1)
                .containsEntry("threshold", Map.of("value", 0.5, "scope", "default"))
                .containsEntry("evaluator", "words")
                .containsEntry("truncated", false);
    }

    @Test
    void evaluate_harmful_failsWithoutTheText() {
        EvaluationResponse response = evaluator.evaluate(
                new EvaluationRequest("How?", List.of(new Document("About poison.")), "With poison."));
        assertThat(response.isPass()).isFalse();
        assertThat(response.getScore()).isCloseTo(0.01f, within(1e-6f));
        assertThat(response.getMetadata()).containsEntry("outcome", "BLOCK");
        assertThat(response.toString()).doesNotContain("poison");
        assertThat(words.exchanges).containsExactly(Exchange.of("How?", "With poison."));
    }

    @Test
    void evaluate_noUserText_checksTheResponseAlone() {
        for (EvaluationRequest request : List.of(
                new EvaluationRequest((String) null, "With water."),
                new EvaluationRequest("", "With water."),
                new EvaluationRequest(List.of(), "With water."))) {
            assertThat(evaluator.evaluate(request).isPass()).isTrue();
        }
        assertThat(words.exchanges).containsOnly(Exchange.responseOnly("With water."));
    }

    @Test
    void evaluate_noResponse_hasNoScore() {
        EvaluationResponse response = evaluator.evaluate(new EvaluationRequest("How?", (String) null));
        assertThat(response.isPass()).isTrue();
        assertThat(response.getScore()).isNaN();
        assertThat(response.getMetadata()).containsEntry("reason", "NOTHING_TO_JUDGE");
    }

    @Test
    void evaluate_notCheckedReviewedOrInShadow_doesNotPass() {
        SafetyGuard open = SafetyGuard.builder()
                .evaluator(new KeywordEvaluator(text -> {
                    throw new IllegalArgumentException(text);
                }))
                .failMode(FailMode.OPEN)
                .build();
        EvaluationResponse unjudged =
                SafetyResponseEvaluator.of(open).evaluate(new EvaluationRequest("How?", "With water."));
        assertThat(unjudged.isPass()).isFalse();
        assertThat(unjudged.getScore()).isNaN();
        assertThat(unjudged.getMetadata())
                .containsEntry("judged", false)
                .containsEntry("outcome", "ALLOW")
                .containsEntry("reason", "EVALUATOR_FAILED");

        SafetyPolicy band = SafetyPolicy.builder()
                .defaultRule(Rule.builder().review(0.3).block(0.5).build())
                .build();
        assertThat(SafetyResponseEvaluator.of(SafetyGuard.of(words, band))
                        .evaluate(new EvaluationRequest("How?", "With mild words."))
                        .isPass())
                .isFalse();

        SafetyPolicy shadow = SafetyPolicy.builder().shadow(true).build();
        assertThat(SafetyResponseEvaluator.of(SafetyGuard.of(words, shadow))
                        .evaluate(new EvaluationRequest("How?", "With poison."))
                        .isPass())
                .isFalse();
    }
}
