package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Eventually;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.ScriptedEvaluator;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class CallbackSinkTest {
    private static final Conversation CONVERSATION = Conversation.of("How do foxes jump?");
    private static final String SENTENCE = "The quick brown fox jumps over the lazy dog. ";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final MarkerEvaluator evaluator = new MarkerEvaluator("BOMB");
    private final ManualStreamTimer timer = new ManualStreamTimer();
    private final RecordingStreamListener listener = new RecordingStreamListener();

    private StreamGuard.Builder streams(SafetyGuard.Builder guard) {
        return StreamGuard.builder()
                .guard(guard.build())
                .minimumStep(100)
                .maximumStep(200)
                .overlap(20)
                .timer(timer);
    }

    private StreamGuard.Builder streams() {
        return streams(SafetyGuard.builder().evaluator(evaluator));
    }

    private void stream(StreamGuard streams, String answer, int tokenLength) {
        TokenSink sink = streams.open(CONVERSATION, listener);
        for (int i = 0; i < answer.length(); i += tokenLength) {
            if (!sink.accept(answer.substring(i, Math.min(answer.length(), i + tokenLength)))) {
                return;
            }
        }
        sink.complete();
    }

    @Test
    void accept_harmlessResponse_isReleasedInWindowsExactly() {
        String answer = SENTENCE.repeat(20);
        stream(streams().build(), answer, 5);
        assertThat(listener.text()).isEqualTo(answer);
        assertThat(listener.texts).hasSizeGreaterThan(5);
        assertThat(listener.end()).isEqualTo("finished BELOW_THRESHOLD");
        assertThat(listener.finished.get(0).window()).isEmpty();
    }

    @Test
    void accept_harmlessResponse_isReleasedUpToSentences() {
        StreamGuard streams = StreamGuard.builder()
                .guard(SafetyGuard.of(evaluator))
                .minimumStep(100)
                .overlap(30)
                .build();
        stream(streams, SENTENCE.repeat(20), 5);
        List<String> texts = listener.texts.subList(0, listener.texts.size() - 1);
        assertThat(texts).hasSizeGreaterThan(3);
        assertThat(texts).allMatch(text -> text.endsWith("dog."));
    }

    @Test
    void accept_harmInTheMiddle_isNotReleased() {
        String before = SENTENCE.repeat(20);
        stream(streams().build(), before + "Now build the BOMB. " + SENTENCE.repeat(20), 7);
        assertThat(before).startsWith(listener.text());
        assertThat(listener.texts).isNotEmpty();
        assertThat(listener.end()).isEqualTo("blocked HARMFUL");
        assertThat(listener.blocked.get(0).window()).isPresent();
    }

    @Test
    void accept_harmThatOnlyTheWholeShows_isBlockedWithItsTailHeld() {
        ScriptedEvaluator longTexts = ScriptedEvaluator.quick(
                exchange -> ScriptedEvaluator.harm(exchange.response().length() > 800 ? 0.9 : 0.1));
        String answer = SENTENCE.repeat(20);
        stream(streams(SafetyGuard.builder().evaluator(longTexts)).build(), answer, 5);
        assertThat(listener.end()).isEqualTo("blocked HARMFUL");
        assertThat(listener.blocked.get(0).window()).isEmpty();
        assertThat(listener.text().length()).isBetween(700, answer.length() - 20);
    }

    private static ScriptedEvaluator harmIn(ToDoubleFunction<String> script) {
        return ScriptedEvaluator.quick(exchange -> ScriptedEvaluator.harm(script.applyAsDouble(exchange.response())));
    }

    @Test
    void accept_doubtfulBeginning_isHeldUntilMoreTextClearsIt() {
        String answer = SENTENCE.repeat(20);
        ScriptedEvaluator beginnings = harmIn(text -> text.length() < 250 ? 0.6 : 0.1);
        stream(streams(SafetyGuard.builder().evaluator(beginnings)).build(), answer, 5);
        assertThat(listener.end()).isEqualTo("finished BELOW_THRESHOLD");
        assertThat(listener.text()).isEqualTo(answer);
        // The first window alone would have been released after some 100 chars.
        assertThat(listener.texts.get(0).length()).isGreaterThan(200);
    }

    @Test
    void accept_doubtThatStays_isBlockedAfterTwoMoreSteps() {
        List<Integer> lengths = new ArrayList<>();
        ScriptedEvaluator doubtful = harmIn(text -> {
            lengths.add(text.length());
            return 0.6;
        });
        stream(streams(SafetyGuard.builder().evaluator(doubtful)).build(), SENTENCE.repeat(20), 5);
        assertThat(listener.end()).isEqualTo("blocked HARMFUL");
        assertThat(listener.texts).isEmpty();
        assertThat(lengths).hasSize(1 + ResponseRelease.MAX_DOUBTFUL_STEPS).isSorted();
    }

    @Test
    void accept_noDoubtOfHarm_isBlockedAtOnce() {
        List<Integer> lengths = new ArrayList<>();
        ScriptedEvaluator certain = harmIn(text -> {
            lengths.add(text.length());
            return ResponseRelease.MAX_HELD_PROBABILITY;
        });
        stream(streams(SafetyGuard.builder().evaluator(certain)).build(), SENTENCE.repeat(20), 5);
        assertThat(listener.end()).isEqualTo("blocked HARMFUL");
        assertThat(lengths).hasSize(1);
    }

    @Test
    void complete_inDoubt_isDecidedByTheWholeResponse() {
        String answer = SENTENCE.repeat(3) + "Or so it seems.";
        ScriptedEvaluator ends = harmIn(text -> text.length() < answer.length() && text.endsWith("seems.") ? 0.6 : 0.1);
        stream(streams(SafetyGuard.builder().evaluator(ends)).build(), answer, 5);
        assertThat(listener.end()).isEqualTo("finished BELOW_THRESHOLD");
        assertThat(listener.text()).isEqualTo(answer);

        RecordingStreamListener other = new RecordingStreamListener();
        ScriptedEvaluator always = harmIn(text -> text.contains("seems.") ? 0.6 : 0.1);
        TokenSink sink =
                streams(SafetyGuard.builder().evaluator(always)).build().open(CONVERSATION, other);
        sink.accept(answer);
        sink.complete();
        assertThat(other.end()).isEqualTo("blocked HARMFUL");
        assertThat(other.text()).doesNotContain("seems");
    }

    @Test
    void accept_oneTokenOf1MB_isCutIntoWindows() {
        String answer = "x".repeat(1_000_000);
        StreamGuard streams = streams(SafetyGuard.builder().evaluator(evaluator).maxCharacters(2_000_000))
                .build();
        stream(streams, answer, answer.length());
        assertThat(listener.text()).isEqualTo(answer);
        assertThat(listener.end()).isEqualTo("finished BELOW_THRESHOLD");
        assertThat(evaluator.charsRead.get()).isLessThan(6_000_000);
    }

    @Test
    void accept_floodOfSentences_isNotAFloodOfEvaluations() {
        stream(streams().build(), "A. ".repeat(10_000), 3);
        assertThat(listener.end()).isEqualTo("finished BELOW_THRESHOLD");
        assertThat(evaluator.evaluations.get()).isLessThanOrEqualTo(302);
    }

    @Test
    void accept_nullAndEmptyTokens_changeNothing() {
        TokenSink sink = streams().build().open(Conversation.unknown(), listener);
        assertThat(sink.accept(null)).isTrue();
        assertThat(sink.accept("")).isTrue();
        assertThat(sink.accept("Yes.")).isTrue();
        sink.complete();
        assertThat(listener.texts).isEqualTo(List.of("Yes."));
        assertThat(evaluator.evaluations).hasValue(1);
        assertThat(sink.accept(null)).isFalse();
    }

    @Test
    void complete_emptyResponse_finishes() {
        streams().build().open(CONVERSATION, listener).complete();
        assertThat(listener.texts).isEmpty();
        assertThat(listener.end()).isEqualTo("finished NOTHING_TO_JUDGE");
    }

    @Test
    void complete_onlyWhitespace_isReleased() {
        String blank = " \n\t ".repeat(1_000);
        stream(streams().build(), blank, 3);
        assertThat(listener.text()).isEqualTo(blank);
        assertThat(listener.end()).isEqualTo("finished NOTHING_TO_JUDGE");
    }

    @Test
    void accept_moreThanTheMaximum_isBlockedThere() {
        for (int tokenLength : new int[] {1, 7, 2_000}) {
            RecordingStreamListener mine = new RecordingStreamListener();
            TokenSink sink = streams().maxCharacters(1_000).build().open(CONVERSATION, mine);
            String answer = SENTENCE.repeat(30);
            int i = 0;
            while (i < answer.length()
                    && sink.accept(answer.substring(i, Math.min(answer.length(), i + tokenLength)))) {
                i += tokenLength;
            }
            assertThat(mine.end()).isEqualTo("blocked TOO_LONG");
            assertThat(mine.text().length()).isBetween(800, 980);
            assertThat(mine.blocked.get(0).window()).contains(new Verdict.Window(0, 1_000));
        }
    }

    @Test
    void accept_asMuchAsTheMaximum_finishes() {
        stream(streams().maxCharacters(SENTENCE.length() * 30).build(), SENTENCE.repeat(30), 7);
        assertThat(listener.end()).isEqualTo("finished BELOW_THRESHOLD");
    }

    @Test
    void accept_moreThanTheMaximumInAGuardThatFailsOpen_isBlockedToo() {
        SafetyGuard.Builder open = SafetyGuard.builder().evaluator(evaluator).failMode(FailMode.OPEN);
        stream(streams(open).maxCharacters(10).build(), SENTENCE, 5);
        assertThat(listener.end()).isEqualTo("blocked TOO_LONG");
    }

    @Test
    void cancel_byTheListener_endsSilently() {
        AtomicReference<TokenSink> sink = new AtomicReference<>();
        RecordingStreamListener cancelling = new RecordingStreamListener() {
            @Override
            public void onText(String text) {
                super.onText(text);
                sink.get().cancel();
            }
        };
        sink.set(streams().build().open(CONVERSATION, cancelling));
        assertThat(sink.get().accept(SENTENCE.repeat(20))).isFalse();
        sink.get().complete();
        assertThat(cancelling.texts).hasSize(1);
        assertThat(cancelling.ends()).isZero();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void cancel_whileTheEvaluatorIsAtWork_releasesNothing() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ScriptedEvaluator waiting = ScriptedEvaluator.quick(exchange -> {
            begun.countDown();
            awaitUninterrupted(goOn);
            return ScriptedEvaluator.harm(0);
        });
        TokenSink sink =
                streams(SafetyGuard.builder().evaluator(waiting)).build().open(CONVERSATION, listener);
        Thread producer = new Thread(() -> sink.accept(SENTENCE.repeat(20)));
        producer.start();
        begun.await();
        assertThatThrownBy(() -> sink.accept("more"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("sink must be given one token at a time, but was given two");
        sink.cancel();
        goOn.countDown();
        producer.join();
        assertThat(listener.texts).isEmpty();
        assertThat(listener.ends()).isZero();
        assertThat(sink.accept("more")).isFalse();
        assertThat(timer.pending()).isZero();
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean waiting = true;
        while (waiting) {
            try {
                waiting = !latch.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void accept_listenerThrows_cancelsAndThrowsToTheProducer() {
        RecordingStreamListener throwing = new RecordingStreamListener() {
            @Override
            public void onText(String text) {
                throw new IllegalArgumentException("no");
            }
        };
        TokenSink sink = streams().build().open(CONVERSATION, throwing);
        assertThatThrownBy(() -> sink.accept(SENTENCE.repeat(20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no");
        assertThat(sink.accept(SENTENCE)).isFalse();
        sink.complete();
        sink.fail(new IllegalStateException());
        assertThat(throwing.ends()).isZero();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void fail_sourceBreaksOff_releasesNoMore() {
        TokenSink sink = streams().build().open(CONVERSATION, listener);
        sink.accept(SENTENCE.repeat(6));
        String before = listener.text();
        IllegalStateException error = new IllegalStateException("broke off");
        sink.fail(error);
        sink.fail(new IllegalStateException("again"));
        sink.complete();
        assertThat(sink.accept(SENTENCE)).isFalse();
        assertThat(before).isNotEmpty();
        assertThat(listener.text()).isEqualTo(before);
        assertThat(listener.errors).containsExactly(error);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void accept_silenceForTheIdleTimeout_isBlocked() {
        TokenSink sink = streams().idleTimeout(MINUTE).build().open(CONVERSATION, listener);
        for (int i = 0; i < 10; i++) {
            timer.advance(MINUTE.toNanos() - 1);
            assertThat(sink.accept("Still there. ")).isTrue();
        }
        timer.advance(MINUTE.toNanos() - 1);
        assertThat(listener.ends()).isZero();
        timer.advance(MINUTE.toNanos() / 4 + 2);
        assertThat(listener.end()).isEqualTo("blocked IDLE_TIMEOUT");
        assertThat(sink.accept("Too late.")).isFalse();
        sink.complete();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void open_neverAToken_isBlocked() {
        TokenSink sink = streams().idleTimeout(MINUTE).build().open(CONVERSATION, listener);
        timer.advance(2 * MINUTE.toNanos());
        assertThat(listener.end()).isEqualTo("blocked IDLE_TIMEOUT");
        assertThat(sink.accept("Too late.")).isFalse();
    }

    @Test
    void accept_emptyTokens_showThatTheSourceIsAtItForTenTimeouts() {
        TokenSink sink = streams().idleTimeout(MINUTE).build().open(CONVERSATION, listener);
        for (int i = 0; i < 10; i++) {
            assertThat(sink.accept(i % 2 == 0 ? "" : null)).isTrue();
            timer.advance(MINUTE.toNanos() - 1);
        }
        assertThat(listener.ends()).isZero();
        for (int i = 0; i < 2; i++) {
            sink.accept("");
            timer.advance(MINUTE.toNanos() - 1);
        }
        assertThat(listener.end()).isEqualTo("blocked IDLE_TIMEOUT");
        assertThat(sink.accept("")).isFalse();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void accept_silenceWithAListenerThatThrows_forgetsTheText() {
        AtomicReference<TokenSink> sink = new AtomicReference<>();
        StreamListener throwing = new RecordingStreamListener() {
            @Override
            public void onBlocked(Verdict verdict) {
                throw new IllegalArgumentException("no");
            }
        };
        WeakReference<Conversation> forgotten = opened(sink, throwing);
        assertThatThrownBy(() -> timer.advance(2 * MINUTE.toNanos())).hasMessage("no");
        Eventually.is(() -> {
            System.gc();
            return forgotten.get() == null;
        });
        assertThat(sink.get().accept("more")).isFalse();
    }

    private WeakReference<Conversation> opened(AtomicReference<TokenSink> sink, StreamListener mine) {
        Conversation conversation = Conversation.of("How do foxes jump, again?");
        sink.set(streams().idleTimeout(MINUTE).build().open(conversation, mine));
        return new WeakReference<>(conversation);
    }

    @Test
    void open_noIdleTimeout_waitsForEver() {
        TokenSink sink = streams().idleTimeout(Duration.ZERO).build().open(CONVERSATION, listener);
        assertThat(timer.pending()).isZero();
        timer.advance(Duration.ofDays(1_000).toNanos());
        assertThat(sink.accept("Yes.")).isTrue();
    }

    @Test
    void complete_anyEnd_leavesNothingWithTheTimer() {
        stream(streams().build(), SENTENCE.repeat(20), 5);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void accept_shadowMode_releasesAtOnceAndReportsVerdicts() {
        List<Verdict> told = new ArrayList<>();
        SafetyGuard.Builder shadow = SafetyGuard.builder()
                .evaluator(evaluator)
                .policy(SafetyPolicy.builder().shadow(true).build())
                .listener((verdict, instruction, text) -> told.add(verdict));
        TokenSink sink = streams(shadow).build().open(CONVERSATION, listener);
        sink.accept("One ");
        assertThat(listener.text()).isEqualTo("One ");
        sink.accept("BOMB. " + SENTENCE.repeat(5));
        sink.complete();
        assertThat(listener.text()).isEqualTo("One BOMB. " + SENTENCE.repeat(5));
        assertThat(listener.end()).isEqualTo("finished HARMFUL");
        assertThat(told).hasSizeGreaterThan(1).anyMatch(verdict -> verdict.outcome() == Outcome.BLOCK);
    }

    @Test
    void accept_review_isReleasedUnlessHeld() {
        for (boolean hold : new boolean[] {false, true}) {
            SafetyPolicy policy = SafetyPolicy.builder()
                    .defaultRule(Rule.builder().review(0.05).block(0.5).build())
                    .holdReviews(hold)
                    .build();
            RecordingStreamListener mine = new RecordingStreamListener();
            TokenSink sink = streams(SafetyGuard.builder().evaluator(evaluator).policy(policy))
                    .build()
                    .open(CONVERSATION, mine);
            sink.accept(SENTENCE.repeat(20));
            sink.complete();
            assertThat(mine.end()).isEqualTo((hold ? "blocked" : "finished") + " REVIEW_BAND");
            assertThat(mine.text()).isEqualTo(hold ? "" : SENTENCE.repeat(20));
        }
    }

    @Test
    void accept_windowsThatCannotBeScored_areHeldUntilMoreTextDecides() {
        stream(
                streams(SafetyGuard.builder().evaluator(withWords(1, UnscoredReason.UNSUPPORTED_LANGUAGE)))
                        .build(),
                "1234567890 ".repeat(25) + SENTENCE.repeat(20),
                5);
        assertThat(listener.end()).isEqualTo("finished BELOW_THRESHOLD");
        assertThat(listener.texts.get(0)).startsWith("1234567890 ".repeat(25));
    }

    @Test
    void accept_windowsThatCannotBeScoredForLong_endInTheFailMode() {
        for (FailMode mode : FailMode.values()) {
            ScriptedEvaluator words = withWords(1, UnscoredReason.EMPTY_RESPONSE);
            RecordingStreamListener mine = new RecordingStreamListener();
            TokenSink sink = streams(SafetyGuard.builder().evaluator(words).failMode(mode))
                    .build()
                    .open(CONVERSATION, mine);
            sink.accept("1234567890 ".repeat(100));
            sink.complete();
            assertThat(mine.end()).isEqualTo(mode == FailMode.OPEN ? "finished NOT_JUDGED" : "blocked NOT_JUDGED");
            assertThat(mine.text()).isEqualTo(mode == FailMode.OPEN ? "1234567890 ".repeat(100) : "");
            if (mode == FailMode.CLOSED) {
                assertThat(words.asked).hasSize(1 + ResponseRelease.MAX_HELD_STEPS);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void accept_windowsInAnotherLanguageForLong_endAsThePolicySays(Outcome outcome) {
        for (FailMode mode : FailMode.values()) {
            SafetyPolicy policy = SafetyPolicy.builder()
                    .unscored(UnscoredReason.UNSUPPORTED_LANGUAGE, outcome)
                    .build();
            RecordingStreamListener mine = new RecordingStreamListener();
            TokenSink sink = streams(SafetyGuard.builder()
                            .evaluator(withWords(1, UnscoredReason.UNSUPPORTED_LANGUAGE))
                            .policy(policy)
                            .failMode(mode))
                    .build()
                    .open(CONVERSATION, mine);
            sink.accept("1234567890 ".repeat(100));
            boolean shown = outcome != Outcome.BLOCK;
            assertThat(mine.text().isEmpty()).isEqualTo(!shown);
            sink.complete();
            assertThat(mine.end()).isEqualTo((shown ? "finished" : "blocked") + " UNSUPPORTED_LANGUAGE");
            assertThat(mine.text()).isEqualTo(shown ? "1234567890 ".repeat(100) : "");
        }
    }

    @Test
    void accept_windowsInAnotherLanguage_onlyTheFirstWaitsForMoreText() {
        ScriptedEvaluator words = withWords(1, UnscoredReason.UNSUPPORTED_LANGUAGE);
        TokenSink sink = streams(SafetyGuard.builder().evaluator(words)).build().open(CONVERSATION, listener);
        for (int i = 0; i < 200; i++) {
            sink.accept("1234567890 ");
        }
        assertThat(listener.texts).hasSizeGreaterThan(5);
        int first = listener.texts.get(0).length();
        assertThat(listener.texts.subList(1, listener.texts.size()))
                .allSatisfy(text -> assertThat(text.length()).isLessThan(first));
    }

    @Test
    void accept_harmAfterWindowsInAnotherLanguage_isBlocked() {
        ScriptedEvaluator mixed =
                ScriptedEvaluator.quick(exchange -> exchange.response().contains("BOMB")
                        ? ScriptedEvaluator.harm(0.9)
                        : Unscored.of(UnscoredReason.UNSUPPORTED_LANGUAGE, ""));
        stream(
                streams(SafetyGuard.builder().evaluator(mixed)).build(),
                "1234567890 ".repeat(100) + "BOMB " + "1234567890 ".repeat(100),
                5);
        assertThat(listener.end()).isEqualTo("blocked HARMFUL");
        assertThat(listener.text()).doesNotContain("BOMB").startsWith("1234567890 ");
    }

    @Test
    void complete_restThatCannotBeScored_isLeftToTheFinalCheck() {
        String answer = SENTENCE.repeat(3) + "12345 ".repeat(10);
        ScriptedEvaluator words = withWords(12, UnscoredReason.UNSUPPORTED_LANGUAGE);
        StreamGuard streams =
                streams(SafetyGuard.builder().evaluator(words)).head(0).build();
        stream(streams, answer, 5);
        assertThat(listener.end()).isEqualTo("finished BELOW_THRESHOLD");
        assertThat(listener.text()).isEqualTo(answer);
    }

    @Test
    void accept_evaluatorOutOfReach_isNotHeld() {
        ScriptedEvaluator away = withWords(1, UnscoredReason.EVALUATOR_UNAVAILABLE);
        stream(streams(SafetyGuard.builder().evaluator(away)).build(), "1234567890 ".repeat(100), 5);
        assertThat(listener.end()).isEqualTo("blocked NOT_JUDGED");
        assertThat(away.asked).hasSize(1);
    }

    /** Scores only texts with a minimum number of words. */
    private static ScriptedEvaluator withWords(int least, UnscoredReason reason) {
        return ScriptedEvaluator.quick(exchange -> {
            Assessment none = Unscored.of(reason, "");
            long words = exchange.response().split("[^a-zA-Z]+").length - 1L;
            return words >= least ? ScriptedEvaluator.harm(0) : none;
        });
    }
}
