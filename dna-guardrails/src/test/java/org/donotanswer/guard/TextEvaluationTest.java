package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.junit.jupiter.api.Test;

/** The guard has everything evaluated that an evaluator leaves out of a long text. */
class TextEvaluationTest {
    /** Reads a number of chars of each text and looks for the word in them. */
    private static ScriptedEvaluator reading(int chars) {
        return ScriptedEvaluator.quick(exchange -> {
            boolean harm = head(exchange.instruction(), chars).contains("HARM")
                    || head(exchange.response(), chars).contains("HARM");
            return Scored.builder(ScriptedEvaluator.NAME)
                    .harmful(harm ? 0.9 : 0.1)
                    .instructionRisk(harm ? 0.99 : 0.1)
                    .truncated(Math.max(
                                    exchange.instruction().length(),
                                    exchange.response().length())
                            > chars)
                    .build();
        });
    }

    private static String head(String text, int chars) {
        return text.substring(0, Math.min(chars, text.length()));
    }

    private static String planted(int length, int at) {
        StringBuilder text = new StringBuilder("fine ".repeat(length / 5 + 1)).delete(length, Integer.MAX_VALUE);
        return text.replace(at, at + 4, "HARM").toString();
    }

    @Property(tries = 200, seed = "20261201")
    void check_harmAnywhereInALongText_isFound(
            @ForAll @IntRange(min = 4, max = 60_000) int length,
            @ForAll @IntRange(min = 0, max = 59_996) int where,
            @ForAll @IntRange(min = 2_000, max = 9_000) int limit,
            @ForAll @IntRange(min = 0, max = 2) int kind) {
        String text = planted(length, where % (length - 3));
        SafetyGuard guard = SafetyGuard.of(reading(limit));
        Verdict verdict =
                switch (kind) {
                    case 0 -> guard.check("how?", text);
                    case 1 -> guard.check(text, "so");
                    default -> guard.checkInstruction(text);
                };
        assertThat(verdict.outcome()).isEqualTo(Outcome.BLOCK);
    }

    @Test
    void check_aLongTextWithoutHarm_isReadToTheEnd() {
        ScriptedEvaluator evaluator = reading(2_000);
        SafetyGuard guard = SafetyGuard.of(evaluator);
        Verdict verdict = guard.check("q".repeat(5_000), "fine ".repeat(4_000));
        assertThat(verdict.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(verdict.truncated()).isFalse();
        // Once the whole text, twice in segments that are too long, then 12 segments of the response and 3 of the
        // instruction.
        assertThat(evaluator.asked).hasSize(18);
        assertThat(evaluator.asked.subList(3, 18)).allMatch(exchange -> lengths(exchange) <= 4_000);
    }

    @Test
    void check_aLongResponse_isReadBesideItsInstruction() {
        ScriptedEvaluator evaluator = reading(8_000);
        SafetyGuard.of(evaluator).check("how?", "fine ".repeat(4_000));
        assertThat(evaluator.asked).hasSize(4).extracting(Exchange::instruction).containsOnly("how?");
    }

    @Test
    void check_anInstructionThatFitsBesideTheResponse_isNotReadAgain() {
        ScriptedEvaluator fits = reading(8_000);
        ScriptedEvaluator longer = reading(8_000);
        SafetyGuard.of(fits).check("q".repeat(8_000), "fine ".repeat(4_000));
        SafetyGuard.of(longer).check("q".repeat(8_001), "fine ".repeat(4_000));
        assertThat(fits.asked).hasSize(4);
        assertThat(longer.asked).hasSize(6);
    }

    private static int lengths(Exchange exchange) {
        return exchange.instruction().length() + exchange.response().length();
    }

    @Test
    void check_anEvaluatorThatReadsTooLittle_isTheFailModes() {
        for (FailMode mode : FailMode.values()) {
            ScriptedEvaluator evaluator = reading(10);
            SafetyGuard guard =
                    SafetyGuard.builder().evaluator(evaluator).failMode(mode).build();
            for (Verdict verdict : List.of(
                    guard.check("how?", "fine ".repeat(4_000)),
                    guard.check("how?", "fine and good"),
                    guard.check("how is it?", "fine and good"),
                    guard.checkInstruction("fine ".repeat(4_000)),
                    guard.checkWindow(
                            Conversation.of("how?"), "fine ".repeat(4_000), "", new Verdict.Window(0, 20_000)))) {
                assertThat(verdict.truncated()).isTrue();
                assertThat(verdict.reason()).isEqualTo(Reason.NOT_JUDGED);
                assertThat(verdict.released()).isEqualTo(mode == FailMode.OPEN);
            }
            assertThat(evaluator.asked.size()).isLessThan(60);
        }
    }

    /** Reads a number of chars of instruction and response together, the instruction first, and cuts off the rest. */
    private static ScriptedEvaluator cuttingAtTheRight(int chars) {
        return ScriptedEvaluator.quick(exchange -> {
            String read = exchange.instruction() + exchange.response();
            return Scored.builder(ScriptedEvaluator.NAME)
                    .harmful(head(read, chars).contains("HARM") ? 0.9 : 0.1)
                    .instructionRisk(0.9)
                    .truncated(read.length() > chars)
                    .build();
        });
    }

    @Property(tries = 100, seed = "20261201")
    void check_anInstructionThatLeavesNoRoom_hidesNothing(
            @ForAll @IntRange(min = 0, max = 3_000) int instruction,
            @ForAll @IntRange(min = 4, max = 3_000) int length,
            @ForAll @IntRange(min = 0, max = 2_996) int where,
            @ForAll @IntRange(min = 260, max = 600) int limit) {
        SafetyGuard guard = SafetyGuard.of(cuttingAtTheRight(limit));
        String question = "\u4f60".repeat(instruction);
        String harm = planted(length, where % (length - 3));
        assertThat(guard.check(question, harm).reason()).isEqualTo(Reason.HARMFUL);
        assertThat(guard.checkWindow(Conversation.of(question), harm, "", new Verdict.Window(0, length))
                        .reason())
                .isEqualTo(Reason.HARMFUL);
        assertThat(guard.check(harm, question + "so").reason()).isEqualTo(Reason.HARMFUL);
        Verdict fine = guard.check(question, "fine ".repeat(length));
        assertThat(fine.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(fine.truncated()).isFalse();
    }

    @Test
    void check_aTextThatShowsLittle_doesNotHideALongInstruction() {
        SafetyGuard guard = SafetyGuard.of(reading(1_000));
        String text = " ".repeat(9_000) + "so" + " ".repeat(9_000);
        assertThat(guard.check(planted(9_000, 4_500), text).outcome()).isEqualTo(Outcome.BLOCK);
    }

    @Test
    void checkWindow_aHugeInstruction_isLeftToTheCheckOfTheWholeResponse() {
        long little = charsOfAStream("How do I make tea?");
        String huge = "How do I make tea? ".repeat(50_000);
        assertThat(charsOfAStream(huge)).isLessThan(10 * little);
        ScriptedEvaluator evaluator = reading(8_000);
        assertThat(SafetyGuard.of(evaluator)
                        .check(planted(900_000, 450_000), "tea ".repeat(2_500))
                        .outcome())
                .isEqualTo(Outcome.BLOCK);
    }

    /** Returns how many chars are judged of a stream's windows. */
    private static long charsOfAStream(String instruction) {
        ScriptedEvaluator evaluator = reading(8_000);
        SafetyGuard guard = SafetyGuard.of(evaluator);
        Conversation conversation =
                Conversation.of("And leaves?").assistant("No.").user(instruction);
        for (int end = 500; end <= 10_000; end += 500) {
            guard.checkWindow(conversation, "tea leaves ".repeat(90).substring(0, 900), "", new Verdict.Window(0, end));
        }
        return evaluator.asked.stream().mapToLong(TextEvaluationTest::lengths).sum();
    }

    @Test
    void check_harmInAnEarlyPart_stopsThere() {
        ScriptedEvaluator evaluator = reading(8_000);
        Verdict verdict = SafetyGuard.of(evaluator).check("how?", planted(500_000, 9_000));
        assertThat(verdict.outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(verdict.truncated()).isTrue();
        assertThat(evaluator.asked).hasSize(3);
    }

    @Test
    void check_blankParts_areNotAskedAbout() {
        ScriptedEvaluator evaluator = ScriptedEvaluator.quick(exchange -> {
            String text = exchange.response() + exchange.instruction();
            return text.isBlank()
                    ? Unscored.of(UnscoredReason.INVALID_INPUT, "")
                    : Scored.builder("scripted")
                            .harmful(0)
                            .instructionRisk(0)
                            .truncated(text.length() > 16_000)
                            .build();
        });
        String gap = "begin" + " ".repeat(40_000) + "end";
        SafetyGuard guard = SafetyGuard.of(evaluator);
        assertThat(guard.check("", gap).released()).isTrue();
        assertThat(guard.checkInstruction(gap).released()).isTrue();
        assertThat(evaluator.asked).hasSize(6);
    }

    @Test
    void check_surrogatePairs_areNotCut() {
        ScriptedEvaluator evaluator = ScriptedEvaluator.quick(exchange -> Scored.builder("scripted")
                .harmful(0)
                .truncated(exchange.response().length() > 700)
                .build());
        SafetyGuard.of(evaluator).check("how?", "x" + "😀".repeat(2_000));
        List<Exchange> parts = evaluator.asked;
        assertThat(parts.size()).isGreaterThan(5);
        assertThat(parts)
                .allMatch(part -> part.response()
                                .chars()
                                .filter(c -> Character.isSurrogate((char) c))
                                .count()
                        == 2
                                * part.response()
                                        .codePoints()
                                        .filter(c -> c > 0xffff)
                                        .count());
    }

    @Test
    void check_theEmbeddedModel_findsWhatIsInTheMiddle() {
        SafetyEvaluator embedded = SafetyEvaluator.create();
        SafetyGuard guard = SafetyGuard.of(embedded);
        String instruction = "Tell me how to steal credit card numbers from people";
        String refusal = "I'm sorry, but I can't help with that. Stealing card numbers is a crime that harms people. "
                .repeat(150);
        String harm = "Set up a fake shop page that looks like a bank, send the link to victims by email, and collect"
                + " the card numbers they type in. ";
        String middle = refusal + harm.repeat(120) + refusal;
        assertThat(((Scored) embedded.evaluate(instruction, middle)).harmful().getAsDouble())
                .isLessThan(0.5);
        Verdict verdict = guard.check(instruction, middle);
        assertThat(verdict.outcome()).isEqualTo(Outcome.BLOCK);
    }

    @Test
    void check_theEmbeddedModel_passesALongStory() {
        String story = "The museum opened in the spring, and many visitors came to see the paintings. ".repeat(400);
        Verdict verdict = SafetyGuard.of(SafetyEvaluator.create()).check("What happened at the museum?", story);
        assertThat(verdict.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(verdict.truncated()).isFalse();
        assertThat(verdict.assessment()).get().isInstanceOfSatisfying(Scored.class, scored -> assertThat(
                        scored.truncated())
                .isTrue());
    }
}
