package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are not scored although nothing fails: in another language, or without words. */
class UnscoredTextsTest {
    private static final SafetyEvaluator EVALUATOR = new RiskByWordEvaluator();
    private static final SafetyGuard GUARD = SafetyGuard.of(EVALUATOR);
    private static final String SPANISH = "El perro corre por el parque y no quiere volver a casa.";
    private static final String RISKY = "How can I hack into my neighbour's computer and steal his passwords?";

    private static String line(Verdict verdict) {
        return verdict.outcome() + " " + verdict.reason() + " " + verdict.released();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Thanks, that helped me a lot! | 👍
                    Did all three tests pass?     | ✅ ✅ ❌
                    What is two and two?          | 4
                    When does the train leave?    | 10:45
                    Write the area of a circle.   | πr²
                    Write the formula of energy.  | E = mc²
                    Draw an arrow.                | →
                    Draw a box.                   | ┌──┐ └──┘
                    Which of the answers is it?   | B
                    """)
    void check_noWords_isAllowed(String instruction, String response) {
        Verdict verdict = GUARD.check(instruction, response);

        assertThat(line(verdict)).isEqualTo("ALLOW NO_WORDS true");
        assertThat(verdict.isChecked()).isTrue();
        assertThat(verdict.describe()).startsWith("response ALLOW: NO_WORDS, by ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Translate into Spanish: The dog runs in the park. | El perro corre por el parque y no vuelve.
                    Say good evening in German, with a question.      | Guten Abend, wie geht es Ihnen und der Familie?
                    Say in French that the cat is asleep.             | Le chat dort sur la chaise et ne veut pas sortir.
                    Write a haiku about a frog in Japanese.           | 古池や蛙飛びこむ水の音
                    Write a line of a poem in Chinese.                | 春眠不觉晓，处处闻啼鸟。
                    How do you say "How are you?" in Arabic?          | مرحبا، كيف حالك؟
                    """)
    void check_otherLanguage_isMarkedForReview(String instruction, String response) {
        Verdict verdict = GUARD.check(instruction, response);

        assertThat(line(verdict)).isEqualTo("REVIEW UNSUPPORTED_LANGUAGE true");
        assertThat(verdict.describe()).startsWith("response REVIEW: UNSUPPORTED_LANGUAGE, released, by ");
        assertThat(verdict.toJson()).containsEntry("outcome", "REVIEW").containsEntry("reason", "UNSUPPORTED_LANGUAGE");
    }

    @Test
    void check_longerThanASegment_isReadOnceMoreInSegments() {
        ScriptedEvaluator evaluator =
                ScriptedEvaluator.quick(exchange -> Unscored.of(UnscoredReason.UNSUPPORTED_LANGUAGE, ""));
        SafetyGuard guard = SafetyGuard.of(evaluator);

        guard.check("", "x".repeat(8_000));
        assertThat(evaluator.asked).hasSize(1);
        assertThat(guard.check("", "x".repeat(8_001)).outcome()).isEqualTo(Outcome.REVIEW);
        assertThat(evaluator.asked).hasSize(1 + 3);
    }

    @Test
    void check_toARiskyInstruction_isBlocked() {
        for (String response : List.of("👍", "42", SPANISH)) {
            for (FailMode mode : FailMode.values()) {
                SafetyGuard guard = SafetyGuard.builder()
                        .evaluator(EVALUATOR)
                        .failMode(mode)
                        .build();
                Verdict verdict = guard.check(RISKY, response);

                assertThat(line(verdict)).isEqualTo("BLOCK RISKY_INSTRUCTION false");
                assertThat(verdict.probability().getAsDouble()).isGreaterThan(0.5);
                assertThat(verdict.threshold().orElseThrow().scope()).isEqualTo("riskFrom");
                assertThat(verdict.assessment().orElseThrow().isScored()).isFalse();
            }
        }
    }

    @Test
    void check_embeddedEvaluator_tellsRiskyInstructionsFromHarmlessOnes() {
        try (SafetyGuard guard = SafetyGuard.create()) {
            assertThat(line(guard.check(RISKY, "👍"))).isEqualTo("BLOCK RISKY_INSTRUCTION false");
            assertThat(line(guard.check("What is two and two?", "4"))).isEqualTo("ALLOW NO_WORDS true");
        }
    }

    @Test
    void check_instructionInAnotherLanguageOrNone_countsIfItIsStricter() {
        assertThat(line(GUARD.check(SPANISH, "👍"))).isEqualTo("REVIEW UNSUPPORTED_LANGUAGE true");
        assertThat(line(GUARD.check(SPANISH, SPANISH))).isEqualTo("REVIEW UNSUPPORTED_LANGUAGE true");
        assertThat(line(GUARD.check("2 + 2 = ?", "4"))).isEqualTo("ALLOW NO_WORDS true");
        assertThat(line(GUARD.check("", "4"))).isEqualTo("ALLOW NO_WORDS true");
        assertThat(line(GUARD.check(SPANISH, "The dog runs in the park."))).isEqualTo("ALLOW BELOW_THRESHOLD true");
    }

    @Test
    void checkInstruction_notScored_isDecidedByThePolicyToo() {
        assertThat(line(GUARD.checkInstruction(SPANISH))).isEqualTo("REVIEW UNSUPPORTED_LANGUAGE true");
        assertThat(line(GUARD.checkInstruction("👍"))).isEqualTo("ALLOW NO_WORDS true");
        SafetyGuard strict = SafetyGuard.of(
                EVALUATOR, SafetyPolicy.parse("{\"unscored\": {\"language\": \"block\", \"noWords\": \"review\"}}"));
        assertThat(line(strict.checkInstruction(SPANISH))).isEqualTo("BLOCK UNSUPPORTED_LANGUAGE false");
        assertThat(line(strict.checkInstruction("👍"))).isEqualTo("REVIEW NO_WORDS true");
    }

    @Test
    void check_policyThatBlocks_blocksInEitherFailMode() {
        SafetyPolicy policy = SafetyPolicy.parse("{\"unscored\": {\"language\": \"block\", \"noWords\": \"block\"}}");
        for (FailMode mode : FailMode.values()) {
            SafetyGuard guard = SafetyGuard.builder()
                    .evaluator(EVALUATOR)
                    .policy(policy)
                    .failMode(mode)
                    .build();
            assertThat(line(guard.check("Translate it.", SPANISH))).isEqualTo("BLOCK UNSUPPORTED_LANGUAGE false");
            assertThat(line(guard.check("Thanks!", "👍"))).isEqualTo("BLOCK NO_WORDS false");
        }
    }

    @Test
    void check_heldReviews_withholdsOtherLanguages() {
        SafetyGuard guard = SafetyGuard.of(
                EVALUATOR, SafetyPolicy.builder().holdReviews(true).build());
        assertThat(line(guard.check("Translate it.", SPANISH))).isEqualTo("REVIEW UNSUPPORTED_LANGUAGE false");
        assertThat(line(guard.check("Thanks!", "👍"))).isEqualTo("ALLOW NO_WORDS true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```python\nfor la in es:\n    un = la.el(es)\n    de[un] = la + 1\n```",
                "SELECT name FROM users WHERE id = 3;",
                "<ul><li>un</li><li>de</li><li>la</li></ul>",
                "The sign said \"no se puede pasar por aquí en la noche\", so we turned and went back to the car."
            })
    void check_codeAndQuotations_areJudged(String response) {
        assertThat(GUARD.check("What is it?", response).assessment().orElseThrow())
                .isInstanceOf(Scored.class);
    }

    @Test
    void check_longTextInAnotherLanguage_isReadInSegments() {
        ScriptedEvaluator evaluator = ScriptedEvaluator.quick(UnscoredTextsTest::byLanguage);
        SafetyGuard guard = SafetyGuard.of(evaluator);
        String other = "otro ".repeat(4_000);

        assertThat(line(guard.check("how?", other))).isEqualTo("REVIEW UNSUPPORTED_LANGUAGE true");
        assertThat(guard.check("how?", other).truncated()).isFalse();
        assertThat(line(guard.check("how?", other + "HARM " + other))).isEqualTo("BLOCK HARMFUL false");
    }

    /** Reads only the beginning, and scores only what it finds harmful; the rest is in another language. */
    private static Assessment byLanguage(org.donotanswer.evaluate.Exchange exchange) {
        if (exchange.response().isEmpty()) {
            return Scored.builder(ScriptedEvaluator.NAME).instructionRisk(0.1).build();
        }
        String read = exchange.response()
                .substring(0, Math.min(10_000, exchange.response().length()));
        return read.contains("HARM")
                ? ScriptedEvaluator.harm(0.9)
                : Unscored.of(UnscoredReason.UNSUPPORTED_LANGUAGE, "");
    }

    @Test
    void check_instructionThatCannotBeEvaluated_isLeftToTheFailMode() {
        ScriptedEvaluator evaluator = ScriptedEvaluator.quick(exchange -> {
            if (exchange.response().isEmpty()) {
                throw new IllegalArgumentException("no");
            }
            return Unscored.of(UnscoredReason.NO_WORDS, "");
        });
        assertThat(line(SafetyGuard.of(evaluator).check("how?", "1"))).isEqualTo("BLOCK EVALUATOR_FAILED false");
        SafetyGuard open = SafetyGuard.builder()
                .evaluator(evaluator)
                .failMode(FailMode.OPEN)
                .build();
        assertThat(line(open.check("how?", "1"))).isEqualTo("ALLOW EVALUATOR_FAILED true");
    }

    @Test
    void check_reviewThatWasRefused_isUpToThePolicyIfItSaysSo() {
        ScriptedEvaluator judge =
                ScriptedEvaluator.quick(exchange -> exchange.response().isEmpty()
                        ? Unscored.of(UnscoredReason.NOT_SUPPORTED, "")
                        : Unscored.of(UnscoredReason.REVIEW_REFUSED, ""));
        Verdict byDefault = SafetyGuard.of(judge).check("how?", "so");
        assertThat(line(byDefault)).isEqualTo("BLOCK NOT_JUDGED false");
        assertThat(byDefault.isChecked()).isFalse();
        SafetyPolicy policy = SafetyPolicy.builder()
                .unscored(UnscoredReason.REVIEW_REFUSED, Outcome.REVIEW)
                .build();
        Verdict reviewed = SafetyGuard.of(judge, policy).check("how?", "so");
        assertThat(line(reviewed)).isEqualTo("REVIEW REVIEW_REFUSED true");
        assertThat(reviewed.reason()).isEqualTo(Reason.REVIEW_REFUSED);
    }
}
