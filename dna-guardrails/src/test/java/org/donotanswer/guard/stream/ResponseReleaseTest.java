package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.ScriptedEvaluator;
import org.donotanswer.guard.Verdict.Window;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.ResponseRelease.Passage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is checked and released step by step, in one thread. */
class ResponseReleaseTest {
    private static final String OPENING = "I open the calendar. ";
    private static final SafetyPolicy REVIEWING = SafetyPolicy.builder()
            .defaultRule(Rule.builder().review(0.3).block(0.8).build())
            .build();

    /** The windows of all that was checked; null stands for the whole response. */
    private final List<Window> checked = new ArrayList<>();

    private static StreamGuard.Builder streams(SafetyGuard.Builder guard) {
        return StreamGuard.builder()
                .guard(guard.build())
                .minimumStep(20)
                .maximumStep(40)
                .overlap(0)
                .head(0);
    }

    private static SafetyGuard.Builder guard(ScriptedEvaluator evaluator) {
        return SafetyGuard.builder().evaluator(evaluator);
    }

    private static ResponseRelease release(StreamGuard.Builder streams, BooleanSupplier interim) {
        return new ResponseRelease(streams.build(), Conversation.of("how?"), interim);
    }

    /** Returns an evaluator that finds texts harmful if they respond to an instruction. */
    private static ScriptedEvaluator harmfulAsResponse() {
        return ScriptedEvaluator.quick(exchange -> ScriptedEvaluator.harm(exchange.hasBlankInstruction() ? 0.1 : 0.9));
    }

    /** Checks all there is to check, and returns what may be shown. */
    private String advance(ResponseRelease response, boolean async) {
        for (Passage passage = response.next(); passage != null; passage = response.next()) {
            checked.add(passage.window().orElse(null));
            if (async) {
                response.accept(passage, response.checkAsync(passage).join());
            } else {
                response.check(passage);
            }
        }
        return response.hasReleased() ? response.takeReleased() : "";
    }

    private String add(ResponseRelease response, String text, boolean async) {
        response.append(text);
        return advance(response, async);
    }

    private String complete(ResponseRelease response, boolean async) {
        response.complete();
        return advance(response, async);
    }

    private static String state(ResponseRelease response) {
        return response.verdict() == null
                ? "open"
                : (response.isFinished() ? "finished " : "blocked ")
                        + response.verdict().reason();
    }

    @Test
    void next_completeResponse_isCheckedInWindowsAndAsAWhole() {
        ResponseRelease response =
                release(streams(guard(ScriptedEvaluator.quick(exchange -> ScriptedEvaluator.harm(0.1)))), null);

        assertThat(add(response, OPENING + "The rest", false)).isEqualTo("I open the calendar.");
        assertThat(complete(response, false)).isEqualTo(" The rest");
        assertThat(checked).containsExactly(new Window(0, 20), new Window(20, 29), null);
        assertThat(response.verdict().window()).isEmpty();
        assertThat(state(response)).isEqualTo("finished BELOW_THRESHOLD");
    }

    @Test
    void next_heldResponse_isCheckedOnceComplete() {
        ResponseRelease response = release(
                streams(guard(ScriptedEvaluator.quick(exchange -> ScriptedEvaluator.harm(0.1))))
                        .holdWholeAnswer(true),
                null);

        assertThat(add(response, OPENING.repeat(4), false)).isEmpty();
        assertThat(checked).isEmpty();
        assertThat(complete(response, false)).isEqualTo(OPENING.repeat(4));
        assertThat(checked).containsOnlyNulls().hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interim_blockedAsResponse_isReleasedIfCallsFollow(boolean async) {
        ResponseRelease response = release(streams(guard(harmfulAsResponse())), () -> true);

        assertThat(add(response, OPENING, async)).isEmpty();
        assertThat(add(response, "One moment", async)).isEmpty();
        assertThat(state(response)).isEqualTo("open");
        assertThat(complete(response, async)).isEqualTo(OPENING + "One moment");
        assertThat(state(response)).isEqualTo("finished BELOW_THRESHOLD");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interim_blockedAsResponse_isBlockedIfNoCallsFollow(boolean async) {
        ResponseRelease response = release(streams(guard(harmfulAsResponse())), () -> false);

        assertThat(add(response, OPENING, async)).isEmpty();
        assertThat(state(response)).isEqualTo("open");
        assertThat(complete(response, async)).isEmpty();
        assertThat(state(response)).isEqualTo("blocked HARMFUL");
    }

    @Test
    void interim_harmfulByItself_isBlockedAtOnce() {
        ScriptedEvaluator harmful = ScriptedEvaluator.quick(exchange -> ScriptedEvaluator.harm(0.9));
        ResponseRelease response = release(streams(guard(harmful)), () -> true);

        assertThat(add(response, OPENING, false)).isEmpty();
        assertThat(state(response)).isEqualTo("blocked HARMFUL");
    }

    @Test
    void interim_tooLongToBeSaidBeforeCalls_isBlocked() {
        ResponseRelease response = release(streams(guard(harmfulAsResponse())), () -> true);

        add(response, OPENING, false);
        add(response, "x".repeat(SafetyGuard.MAX_INTERIM - OPENING.length()), false);
        assertThat(state(response)).isEqualTo("open");
        add(response, "x", false);
        assertThat(state(response)).isEqualTo("blocked HARMFUL");
    }

    @Test
    void interim_windowThatEndsLater_isBlockedAtOnce() {
        for (int length : new int[] {SafetyGuard.MAX_INTERIM, SafetyGuard.MAX_INTERIM + 1}) {
            StreamGuard.Builder sizes =
                    StreamGuard.builder().guard(guard(harmfulAsResponse()).build());
            ResponseRelease response =
                    release(sizes.minimumStep(length).maximumStep(length).overlap(0), () -> true);

            add(response, "x".repeat(length), false);
            assertThat(state(response)).isEqualTo(length > SafetyGuard.MAX_INTERIM ? "blocked HARMFUL" : "open");
        }
    }

    @Test
    void interim_windowThatCouldNotBeChecked_isBlockedAtOnce() {
        ScriptedEvaluator failing = ScriptedEvaluator.quick(exchange -> {
            if (exchange.hasBlankInstruction()) {
                return ScriptedEvaluator.harm(0.1);
            }
            throw new IllegalStateException("broken");
        });
        ResponseRelease response = release(streams(guard(failing)), () -> true);

        add(response, OPENING, false);
        assertThat(state(response)).isEqualTo("blocked EVALUATOR_FAILED");
    }

    /** Returns the verdict on a response of two windows, given what its whole and the first of these are evaluated as. */
    private ResponseRelease finished(SafetyGuard.Builder guard) {
        ResponseRelease response = release(streams(guard), null);
        add(response, OPENING + OPENING, false);
        complete(response, false);
        assertThat(response.isFinished()).isTrue();
        return response;
    }

    private static boolean isWhole(Exchange exchange) {
        return exchange.response().length() == 2 * OPENING.length();
    }

    @Test
    void verdict_windowMoreSevereThanTheWhole_isTheWindows() {
        ResponseRelease reviewed = finished(
                guard(ScriptedEvaluator.quick(exchange -> ScriptedEvaluator.harm(isWhole(exchange) ? 0.1 : 0.4)))
                        .policy(REVIEWING));

        assertThat(reviewed.verdict().outcome()).isEqualTo(Outcome.REVIEW);
        assertThat(reviewed.verdict().window()).contains(new Window(0, 20));
    }

    @Test
    void verdict_wholeAsSevereAsItsWindows_isTheWholes() {
        ResponseRelease reviewed = finished(guard(ScriptedEvaluator.quick(exchange -> ScriptedEvaluator.harm(0.4)))
                .policy(REVIEWING));

        assertThat(reviewed.verdict().outcome()).isEqualTo(Outcome.REVIEW);
        assertThat(reviewed.verdict().window()).isEmpty();
    }

    @Test
    void verdict_failureInAGuardThatFailsOpen_isNotHidden() {
        for (boolean wholeFails : new boolean[] {false, true}) {
            ResponseRelease shown = finished(guard(ScriptedEvaluator.quick(exchange -> {
                        if (isWhole(exchange) == wholeFails) {
                            throw new IllegalStateException("broken");
                        }
                        return ScriptedEvaluator.harm(0.1);
                    }))
                    .failMode(FailMode.OPEN));

            assertThat(shown.verdict().reason()).isEqualTo(Reason.EVALUATOR_FAILED);
            assertThat(shown.verdict().window().isPresent()).isEqualTo(!wholeFails);
        }
    }

    @Test
    void append_beyondTheMaximumInShadowMode_isShownOnce() {
        SafetyPolicy shadow = SafetyPolicy.builder().shadow(true).build();
        ResponseRelease response = release(
                streams(guard(ScriptedEvaluator.quick(exchange -> ScriptedEvaluator.harm(0.1)))
                                .policy(shadow))
                        .maxCharacters(10),
                null);

        assertThat(add(response, "0123456789ab", false)).isEqualTo("0123456789ab");
        assertThat(response.hasReleased()).isFalse();
        assertThat(add(response, "cd", false)).isEqualTo("cd");
        assertThat(state(response)).isEqualTo("open");
        complete(response, false);
        assertThat(state(response)).isEqualTo("finished TOO_LONG");
    }
}
