package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An earlier turn never counts against an exchange about something else, and always against one that takes it up. */
class RelevantTurnsPropertiesTest {
    private static final List<String> RISKY =
            List.of("bomb", "fuse", "poison", "ransom", "forge", "cheque", "stalk", "cocaine", "hostage", "malware");
    private static final List<String> HARMLESS = List.of(
            "pancake", "violin", "garden", "planet", "football", "library", "mountain", "coffee", "poem", "train");

    @Provide
    Arbitrary<List<String>> risky() {
        return Arbitraries.of(RISKY).list().ofMinSize(1).ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<String>> harmless() {
        return Arbitraries.of(HARMLESS).list().ofMinSize(2).ofMaxSize(30);
    }

    private static String sentence(String start, List<String> words) {
        return start + words.stream().collect(Collectors.joining(" and the ", " the ", "."));
    }

    /** Finds the instruction harmful that names something risky, whatever the response: the worst case. */
    private static SafetyGuard guard() {
        return SafetyGuard.of(ScriptedEvaluator.quick(exchange ->
                ScriptedEvaluator.harm(RISKY.stream().anyMatch(exchange.instruction()::contains) ? 0.9 : 0.1)));
    }

    @Property(tries = 500, seed = "20261201")
    void check_anotherSubject_isReleased(
            @ForAll("risky") List<String> old,
            @ForAll("harmless") List<String> asked,
            @ForAll("harmless") List<String> said,
            @ForAll boolean answered) {
        Conversation before = Conversation.of(sentence("How do I get", old));
        Verdict verdict = guard().check(
                        (answered ? before.assistant("No.") : before).user(sentence("Tell me about", asked)),
                        sentence("Well, it is", said));
        assertThat(verdict.released()).isTrue();
        assertThat(verdict.contextTurns()).isZero();
    }

    @Property(tries = 500, seed = "20261201")
    void check_severalOldTurnsAndAnotherSubject_isReleased(
            @ForAll("risky") List<String> old,
            @ForAll("harmless") List<String> asked,
            @ForAll("harmless") List<String> said) {
        Conversation conversation = Conversation.of(sentence("How do I get", old));
        for (String word : old) {
            conversation = conversation.assistant("No.").user("What of the " + word + "?");
        }
        Verdict verdict = guard().check(
                        conversation.assistant("No.").user(sentence("Tell me about", asked)), sentence("It is", said));
        assertThat(verdict.released()).isTrue();
    }

    @Property(tries = 500, seed = "20261201")
    void check_aResponseThatNamesAllOfTheOldTurn_isRead(
            @ForAll("risky") List<String> old, @ForAll("harmless") List<String> asked, @ForAll boolean answered) {
        Conversation before = Conversation.of(sentence("How do I get", old));
        List<String> twice =
                java.util.stream.Stream.concat(old.stream(), old.stream()).toList();
        Verdict verdict = guard().check(
                        (answered ? before.assistant("No.") : before).user(sentence("Tell me about", asked)),
                        sentence("It takes", twice));
        assertThat(verdict.released()).isFalse();
        assertThat(verdict.contextTurns()).isEqualTo(1);
    }
}
