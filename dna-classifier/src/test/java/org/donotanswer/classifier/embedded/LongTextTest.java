package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import org.assertj.core.api.AbstractBooleanAssert;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongTextTest {
    private static final String SENTENCE = "The recipe needs flour, butter and a little patience. ";

    private final SafetyEvaluator evaluator = SafetyEvaluator.create();

    private static String text(int chars) {
        return SENTENCE.repeat(chars / SENTENCE.length() + 1).substring(0, chars);
    }

    private static AbstractBooleanAssert<?> assertTruncated(Assessment assessment) {
        return assertThat(assessment)
                .asInstanceOf(type(Scored.class))
                .extracting(Scored::truncated, org.assertj.core.api.InstanceOfAssertFactories.BOOLEAN);
    }

    @ParameterizedTest
    @ValueSource(ints = {16_001, 1_000_000, 10_000_000})
    void evaluate_longResponse_isTruncatedAndSameAgain(int chars) {
        String response = text(chars);
        Assessment assessment = evaluator.evaluate("How do I bake a cake?", response);
        assertTruncated(assessment).isTrue();
        assertThat(evaluator.evaluate("How do I bake a cake?", response)).isEqualTo(assessment);
    }

    @Test
    void evaluate_longestReadResponse_isNotTruncated() {
        assertTruncated(evaluator.evaluate("How do I bake a cake?", text(16_000)))
                .isFalse();
    }

    @Test
    void evaluate_longInstruction_isTruncated() {
        assertTruncated(evaluator.evaluate(text(1_000_000), "Bake it.")).isTrue();
        assertTruncated(evaluator.evaluate(text(16_000), "Bake it.")).isFalse();
    }

    @Test
    void evaluate_otherMiddle_isEqual() {
        String head = text(TextNormalizer.HEAD_CHARS);
        String tail = text(TextNormalizer.TAIL_CHARS);
        assertThat(evaluator.evaluate("", head + "Something wicked. ".repeat(500) + tail))
                .isEqualTo(evaluator.evaluate("", head + "x" + tail));
    }

    @Test
    void evaluate_longTextBefore_doesNotChangeLater() {
        Assessment before = evaluator.evaluate("Who?", "I don't know.");
        evaluator.evaluate(text(20_000), "\uFDFA word ".repeat(2_000) + "don't ".repeat(4_000));
        assertThat(evaluator.evaluate("Who?", "I don't know.")).isEqualTo(before);
    }

    /** A clause of cue words alone needs the most working memory. */
    @ParameterizedTest
    @ValueSource(ints = {255, 256, 257, 1_023, 1_024, 1_025, 2_047, 2_048, 2_049, 2_500})
    void evaluate_clauseOfCueWords_isScored(int words) {
        try (SafetyEvaluator fresh = SafetyEvaluator.create()) {
            assertThat(fresh.evaluate("", "sorry ".repeat(words))).isInstanceOf(Scored.class);
            assertThat(fresh.evaluate("sorry ".repeat(words), "sorry")).isInstanceOf(Scored.class);
        }
    }

    @Test
    void evaluate_oneWordOrManyMarks_isScored() {
        assertThat(evaluator.evaluate("a".repeat(16_000), "a".repeat(16_000))).isInstanceOf(Scored.class);
        assertThat(evaluator.evaluate("?".repeat(16_000), "?!".repeat(7_999) + "so"))
                .isInstanceOf(Scored.class);
        assertThat(evaluator.evaluate("?".repeat(16_000), "?!".repeat(8_000)))
                .isEqualTo(Unscored.of(UnscoredReason.NO_WORDS, "response has no words"));
        assertThat(evaluator.evaluate("n't ".repeat(4_000), "'".repeat(8_000) + "a".repeat(8_000)))
                .isInstanceOf(Scored.class);
    }
}
