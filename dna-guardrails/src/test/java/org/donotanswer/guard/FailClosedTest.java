package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;

/**
 * A guard that fails closed shows no text that was not checked to the end, whatever the evaluator does from call to
 * call.
 */
class FailClosedTest {
    /** The behaviour of the evaluator in one call. */
    private enum Act {
        FINE,
        HARMFUL,
        TRUNCATED,
        UNSCORED,
        EMPTY,
        NULL,
        THROW,
        ERROR,
        CLOSE
    }

    @Property(tries = 1_000, seed = "20261121")
    void check_anyBehaviour_releasesOnlyWhatPassed(
            @ForAll("behaviours") List<Act> acts,
            @ForAll boolean threads,
            @ForAll boolean context,
            @ForAll boolean fail) {
        List<Act> done = new ArrayList<>();
        ScriptedEvaluator evaluator = ScriptedEvaluator.slow(exchange -> {
            Act act = done.size() < acts.size() ? acts.get(done.size()) : Act.THROW;
            done.add(act);
            return act(act);
        });
        FailMode mode = fail ? FailMode.CLOSED : FailMode.OPEN;
        SafetyGuard guard = SafetyGuard.builder()
                .evaluator(evaluator)
                .failMode(mode)
                .threads(threads ? GuardThreads.PLATFORM : GuardThreads.CALLER)
                .build();
        Conversation conversation = context
                ? Conversation.of("a matter of poison").assistant("no").user("go on")
                : Conversation.of("what of it?");
        Verdict verdict = guard.check(conversation, "poison ".repeat(1_500));
        // A text that the evaluator never reads to the end, however short its segments, did not pass.
        boolean allPassed =
                !verdict.truncated() && done.stream().allMatch(act -> act == Act.FINE || act == Act.TRUNCATED);
        boolean blocked = done.contains(Act.HARMFUL);
        if (mode == FailMode.CLOSED) {
            assertThat(verdict.released()).isEqualTo(allPassed);
            assertThat(verdict.isChecked()).isEqualTo(allPassed || blocked);
        } else {
            // Not checked, and shown; but no text of which a part was found harmful.
            assertThat(verdict.released()).isEqualTo(!blocked);
            assertThat(verdict.isChecked()).isEqualTo(allPassed || blocked);
        }
        Eventually.isQuiet(guard);
    }

    @SuppressWarnings("NullAway")
    private static Assessment act(Act act) {
        switch (act) {
            case FINE -> {
                return ScriptedEvaluator.harm(0.1);
            }
            case HARMFUL -> {
                return ScriptedEvaluator.harm(0.9);
            }
            case TRUNCATED -> {
                return Scored.builder("scripted").harmful(0.1).truncated(true).build();
            }
            case UNSCORED -> {
                return Unscored.of(UnscoredReason.UNPARSED_REVIEW, "");
            }
            case EMPTY -> {
                return Unscored.of(UnscoredReason.EMPTY_RESPONSE, "");
            }
            case NULL -> {
                return null;
            }
            case THROW -> throw new IllegalArgumentException();
            case ERROR -> throw new AssertionError();
            default -> throw new IllegalStateException("it is closed");
        }
    }

    @Provide
    Arbitrary<List<Act>> behaviours() {
        Arbitrary<Act> mostlyGood = Arbitraries.frequency(
                        net.jqwik.api.Tuple.of(12, Act.FINE), net.jqwik.api.Tuple.of(6, Act.TRUNCATED))
                .flatMap(good -> Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(9, Arbitraries.just(good)),
                        net.jqwik.api.Tuple.of(1, Arbitraries.of(Act.class))));
        return mostlyGood.list().ofMinSize(1).ofMaxSize(40);
    }
}
