package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of every evaluator. Extend it once for each implementation. */
public abstract class SafetyEvaluatorContract {
    /** A word that no message, detail or description may repeat. */
    private static final String PRIVATE_WORD = "xylophonist";

    private SafetyEvaluator evaluator;

    /** For subclasses. */
    protected SafetyEvaluatorContract() {}

    /** Returns a new, open evaluator. */
    protected abstract SafetyEvaluator open() throws Exception;

    /**
     * Returns by how much probabilities of the same exchange may differ, as a batch that is computed at once rounds
     * differently.
     */
    protected double tolerance() {
        return 0;
    }

    /**
     * Returns the names that assessments may carry: the evaluator's own, or those of the evaluators that decide for it.
     */
    protected Set<String> names() {
        return Set.of(evaluator.name());
    }

    @BeforeEach
    void openEvaluator() throws Exception {
        evaluator = open();
    }

    @AfterEach
    void closeEvaluator() {
        evaluator.close();
    }

    /** Returns exchanges of many kinds, all invented. */
    protected List<Exchange> exchanges() {
        return List.of(
                Exchange.of("How do I boil an egg?", "Put it into boiling water for eight minutes."),
                Exchange.of("How do I pick a lock?", "I'm sorry, but I can't help with that."),
                Exchange.of("", "It depends: some people think so, others do not."),
                Exchange.of("Is the earth flat?", "  \t\n "),
                Exchange.of("Which pill should I take?", "I am not a doctor. Please ask one."),
                Exchange.of("A", "B"),
                Exchange.of("What is the password?", ""),
                Exchange.of(
                        "Tell me a story.", "Once upon a time a " + PRIVATE_WORD + " lived by the sea. ".repeat(200)),
                Exchange.of("Broken \uD800 text \u0000", "Lone surrogates \uDC00\uD800 and \u0000 here, \uFFFF too."),
                Exchange.responseOnly("\uD83D\uDE00".repeat(50)));
    }

    @Test
    void evaluateAll_manyExchanges_equalsSingleInOrder() {
        List<Exchange> exchanges = new ArrayList<>(exchanges());
        exchanges.addAll(exchanges());
        Collections.reverse(exchanges);

        List<Assessment> assessments = evaluator.evaluateAll(exchanges);

        assertSame(assessments, exchanges.stream().map(evaluator::evaluate).toList());
    }

    @Test
    void evaluateAll_map_keepsKeysAndOrder() {
        Map<Integer, Exchange> byKey = new LinkedHashMap<>();
        List<Exchange> exchanges = exchanges();
        for (int i = exchanges.size() - 1; i >= 0; i--) {
            byKey.put(i, exchanges.get(i));
        }

        Map<Integer, Assessment> assessments = evaluator.evaluateAll(byKey);

        assertThat(assessments.keySet()).containsExactlyElementsOf(byKey.keySet());
        assertSame(
                List.copyOf(assessments.values()),
                byKey.values().stream().map(evaluator::evaluate).toList());
        assertThat(evaluator.evaluateAll(Map.of())).isEmpty();
    }

    @Test
    void evaluateAll_mapWithNull_throws() {
        Map<String, Exchange> byKey = new HashMap<>();
        byKey.put("a", null);

        assertThatNullPointerException()
                .isThrownBy(() -> evaluator.evaluateAll(byKey))
                .withMessage("exchange");
    }

    private void assertSame(List<Assessment> assessments, List<Assessment> expected) {
        assertThat(assessments).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            AssessmentAssertions.assertSame(assessments.get(i), expected.get(i), tolerance());
        }
    }

    @Test
    void evaluateAll_noExchanges_isEmpty() {
        assertThat(evaluator.evaluateAll(List.of())).isEmpty();
    }

    @Test
    void evaluate_twoTexts_equalsExchange() {
        for (Exchange exchange : exchanges()) {
            assertSame(
                    List.of(evaluator.evaluate(exchange.instruction(), exchange.response())),
                    List.of(evaluator.evaluate(exchange)));
        }
    }

    @Test
    void evaluate_blankResponse_isUnscored() {
        for (String blank : List.of("", " ", " \t\r\n ", "\u00A0\u2003\u3000", "\u200B\uFEFF\u0000")) {
            assertThat(evaluator.evaluate("How do I boil an egg?", blank))
                    .isInstanceOfSatisfying(Unscored.class, unscored -> assertThat(unscored.reason())
                            .isEqualTo(UnscoredReason.EMPTY_RESPONSE));
        }
    }

    @Test
    void evaluateInstruction_anyText_isScoredOrNeverSupported() {
        boolean supported = !isNotSupported(evaluator.evaluateInstruction("How do I boil an egg?"));
        for (Exchange exchange : exchanges()) {
            for (String instruction : List.of(exchange.instruction(), exchange.response())) {
                Assessment assessment = evaluator.evaluateInstruction(instruction);

                assertThat(isNotSupported(assessment)).isNotEqualTo(supported);
                if (assessment instanceof Scored scored) {
                    assertThat(scored.instructionRisk()).isPresent();
                    assertThat(scored.harmful()).isEmpty();
                    assertThat(scored.actions()).isEmpty();
                }
                assertThat(assessment.describe()).doesNotContain(PRIVATE_WORD);
            }
        }
        assertThatNullPointerException().isThrownBy(() -> evaluator.evaluateInstruction(null));
    }

    private static boolean isNotSupported(Assessment assessment) {
        return assessment instanceof Unscored unscored && unscored.reason() == UnscoredReason.NOT_SUPPORTED;
    }

    @Test
    void evaluate_emptyInstruction_isScored() {
        assertThat(evaluator.evaluate("", "I'm sorry, but I can't help with that."))
                .isInstanceOf(Scored.class);
    }

    @Test
    void evaluate_malformedText_doesNotThrow() {
        for (String text :
                List.of("\uD800", "\uDC00\uD800", "a\u0000b", "\u0000", "\uFFFE\uFFFF", "\uFEFF", "\u200B")) {
            assertThat(evaluator.evaluate(text, text)).isNotNull();
            assertThat(evaluator.evaluate("", text + " sorry " + text)).isNotNull();
        }
    }

    @Test
    void evaluate_scored_namesEvaluatorAndSumsToOne() {
        for (Assessment assessment : evaluator.evaluateAll(exchanges())) {
            if (assessment instanceof Scored scored) {
                assertThat(scored.evaluator()).isIn(names());
                scored.harmful().ifPresent(p -> assertThat(p).isBetween(0.0, 1.0));
                scored.instructionRisk().ifPresent(p -> assertThat(p).isBetween(0.0, 1.0));
                scored.actions().ifPresent(SafetyEvaluatorContract::assertSumsToOne);
                scored.harmTypes().ifPresent(SafetyEvaluatorContract::assertSumsToOne);
            }
        }
    }

    private static void assertSumsToOne(Distribution<?> distribution) {
        assertThat(distribution.probabilities().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isBetween(1 - Distribution.TOLERANCE, 1 + Distribution.TOLERANCE);
    }

    @Test
    void evaluate_anyText_isNotRepeated() {
        Exchange exchange = Exchange.of("I am a " + PRIVATE_WORD, "You are a " + PRIVATE_WORD + ", I see.");

        Assessment assessment = evaluator.evaluate(exchange);

        assertThat(List.of(
                        assessment.toString(),
                        assessment.describe(),
                        assessment.toJson().toString()))
                .noneMatch(text -> text.contains(PRIVATE_WORD));
    }

    @Test
    void evaluate_null_namesParameter() {
        assertThatNullPointerException()
                .isThrownBy(() -> evaluator.evaluate(null, "response"))
                .withMessage("instruction");
        assertThatNullPointerException()
                .isThrownBy(() -> evaluator.evaluate("instruction", null))
                .withMessage("response");
        assertThatNullPointerException()
                .isThrownBy(() -> evaluator.evaluate(null))
                .withMessage("exchange");
        assertThatNullPointerException()
                .isThrownBy(() -> evaluator.evaluateAll((List<Exchange>) null))
                .withMessage("exchanges");
        assertThatNullPointerException()
                .isThrownBy(() -> evaluator.evaluateAll((Map<String, Exchange>) null))
                .withMessage("exchanges");
    }

    @Test
    void evaluateAll_nullExchange_throws() {
        List<Exchange> exchanges = new ArrayList<>(exchanges());
        exchanges.add(null);

        assertThatNullPointerException().isThrownBy(() -> evaluator.evaluateAll(exchanges));
    }

    @Test
    void evaluate_twoThreads_givesSameResults() throws InterruptedException, ExecutionException {
        List<Assessment> expected = evaluator.evaluateAll(exchanges());
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            List<Future<List<Assessment>>> futures = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                futures.add(executor.submit(() -> {
                    List<Assessment> last = List.of();
                    for (int round = 0; round < 5; round++) {
                        last = exchanges().stream().map(evaluator::evaluate).toList();
                    }
                    return last;
                }));
            }
            for (Future<List<Assessment>> future : futures) {
                assertSame(future.get(), expected);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void name_andProvenance_areGiven() {
        assertThat(evaluator.name()).isNotBlank();
        assertThat(evaluator.provenance()).isEqualTo(evaluator.provenance()).isNotNull();
    }

    @Test
    void close_twice_doesNothing() {
        evaluator.close();
        evaluator.close();
    }

    @Test
    void evaluate_afterClose_throws() {
        evaluator.close();

        assertClosed(() -> evaluator.evaluate("instruction", "response"));
        assertClosed(() -> evaluator.evaluate(Exchange.responseOnly("response")));
        assertClosed(() -> evaluator.evaluateAll(exchanges()));
        assertClosed(() -> evaluator.evaluateAll(Map.of("a", Exchange.responseOnly("response"))));
    }

    private void assertClosed(org.assertj.core.api.ThrowableAssert.ThrowingCallable use) {
        assertThatIllegalStateException()
                .isThrownBy(use)
                .withMessage(evaluator.getClass().getSimpleName() + " is closed");
    }
}
