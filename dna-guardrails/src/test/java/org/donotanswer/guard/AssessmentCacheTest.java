package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AssessmentCacheTest {
    private static final String POLICY = SafetyPolicy.defaults().version();

    private final ScriptedEvaluator evaluator = ScriptedEvaluator.quick(ScriptedEvaluator::byWord);

    @Test
    void check_theSameTexts_areEvaluatedOnce() {
        SafetyGuard guard = SafetyGuard.builder().evaluator(evaluator).cache(10).build();
        assertThat(guard.check("how?", "so").cached()).isFalse();
        Verdict again = guard.check("how?", "so");
        assertThat(again.cached()).isTrue();
        assertThat(again.assessment()).isPresent();
        assertThat(again.describe()).contains("(cached)");
        assertThat(guard.check("how", "?so").cached()).isFalse();
        assertThat(guard.check("how?so", "x").cached()).isFalse();
        assertThat(guard.checkInstruction("how?").cached()).isFalse();
        assertThat(evaluator.asked).hasSize(4);
    }

    @Test
    void check_withoutACache_evaluatesAgain() {
        SafetyGuard guard = SafetyGuard.of(evaluator);
        guard.check("how?", "so");
        assertThat(guard.check("how?", "so").cached()).isFalse();
        assertThat(evaluator.asked).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void check_unscored_isRememberedOnlyIfLasting(UnscoredReason reason) {
        ScriptedEvaluator failing = ScriptedEvaluator.quick(exchange -> Unscored.of(reason, ""));
        SafetyGuard guard = SafetyGuard.builder().evaluator(failing).cache(10).build();
        guard.check("how?", "so");
        boolean lasting = List.of(
                        UnscoredReason.EMPTY_RESPONSE,
                        UnscoredReason.UNSUPPORTED_LANGUAGE,
                        UnscoredReason.NO_WORDS,
                        UnscoredReason.INVALID_INPUT,
                        UnscoredReason.TEXT_TOO_LONG,
                        UnscoredReason.NOT_SUPPORTED)
                .contains(reason);
        Verdict again = guard.check("how?", "so");
        assertThat(again.cached()).isEqualTo(lasting);
        // Of a response that the policy would show, the instruction is evaluated, too, and remembered.
        boolean shown = reason == UnscoredReason.UNSUPPORTED_LANGUAGE || reason == UnscoredReason.NO_WORDS;
        assertThat(again.released()).isEqualTo(shown);
        assertThat(failing.asked).hasSize(lasting && !shown ? 1 : 2);
    }

    @Test
    void check_whatIsKnown_needsNoThread() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        ScriptedEvaluator slow = ScriptedEvaluator.slow(exchange -> {
            if (exchange.response().equals("wait")) {
                begun.countDown();
                boolean ignored = end.getCount() > 0 && awaited(end);
            }
            return ScriptedEvaluator.harm(0);
        });
        SafetyGuard guard = SafetyGuard.builder()
                .evaluator(slow)
                .cache(10)
                .maxConcurrent(1)
                .maxWaiting(0)
                .deadline(Duration.ofMinutes(1))
                .build();
        guard.check("how?", "so");
        var waiting = guard.checkAsync(Conversation.of("how?"), "wait");
        begun.await();
        assertThat(guard.check("how?", "other").reason()).isEqualTo(Reason.OVERLOADED);
        assertThat(guard.check("how?", "so").cached()).isTrue();
        assertThat(guard.checkAsync(Conversation.of("how?"), "so")).isCompletedWithValueMatching(Verdict::cached);
        end.countDown();
        assertThat(waiting.join().isChecked()).isTrue();
        Eventually.isQuiet(guard);
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void check_theContext_isPartOfWhatIsKnown() {
        SafetyGuard guard = SafetyGuard.builder().evaluator(evaluator).cache(10).build();
        Conversation plain = Conversation.of("nothing").assistant("no").user("go on");
        Conversation harm = Conversation.of("HARM with poison").assistant("no").user("go on");
        assertThat(guard.check(plain, "mix the poison").released()).isTrue();
        Verdict verdict = guard.check(harm, "mix the poison");
        assertThat(verdict.released()).isFalse();
        assertThat(verdict.cached()).isFalse();
        assertThat(guard.check(harm, "mix the poison").cached()).isTrue();
    }

    @Property(tries = 300, seed = "20261201")
    void key_differentTexts_haveDifferentKeys(
            @ForAll @StringLength(max = 6) @CharRange(from = 'a', to = 'b') String one,
            @ForAll @StringLength(max = 6) @CharRange(from = 'a', to = 'b') String other) {
        CacheKey.Factory keys = new CacheKey.Factory(evaluator, POLICY);
        String text = one + other;
        Map<CacheKey, List<String>> seen = new HashMap<>();
        for (int cut = 0; cut <= text.length(); cut++) {
            for (Verdict.Subject subject : Verdict.Subject.values()) {
                CacheKey key = keys.of(subject, text.substring(0, cut), text.substring(cut));
                assertThat(seen.put(key, List.of(subject.name(), text, Integer.toString(cut))))
                        .isNull();
                assertThat(keys.of(subject, text.substring(0, cut), text.substring(cut)))
                        .isEqualTo(key);
            }
        }
    }

    @Property(tries = 300, seed = "20261201")
    void key_equalOnlyForEqualTexts(@ForAll String one, @ForAll String other, @ForAll String third) {
        CacheKey.Factory keys = new CacheKey.Factory(evaluator, POLICY);
        CacheKey key = keys.of(Verdict.Subject.RESPONSE, one, other);
        assertThat(keys.of(Verdict.Subject.RESPONSE, one, third).equals(key)).isEqualTo(other.equals(third));
        assertThat(keys.of(Verdict.Subject.RESPONSE, third, other).equals(key)).isEqualTo(one.equals(third));
    }

    @Test
    void key_malformedAndLongTexts_haveDifferentKeys() {
        CacheKey.Factory keys = new CacheKey.Factory(evaluator, POLICY);
        List<CacheKey> different = new ArrayList<>();
        for (String text : List.of(
                "\ud800", "\ud801", "?", "\udc00\ud800", "x".repeat(2048), "x".repeat(2049), "x".repeat(4096))) {
            different.add(keys.of(Verdict.Subject.RESPONSE, "", text));
        }
        assertThat(different).doesNotHaveDuplicates();
    }

    @Test
    void key_anotherModelOrPolicy_isAnotherKey() {
        CacheKey key = new CacheKey.Factory(evaluator, POLICY).of(Verdict.Subject.RESPONSE, "a", "b");
        assertThat(new CacheKey.Factory(evaluator.revision("2"), POLICY).of(Verdict.Subject.RESPONSE, "a", "b"))
                .isNotEqualTo(key);
        assertThat(new CacheKey.Factory(evaluator, "other").of(Verdict.Subject.RESPONSE, "a", "b"))
                .isNotEqualTo(key);
        assertThat(new CacheKey.Factory(evaluator.revision("1"), POLICY).of(Verdict.Subject.RESPONSE, "a", "b"))
                .isEqualTo(key);
    }
}
