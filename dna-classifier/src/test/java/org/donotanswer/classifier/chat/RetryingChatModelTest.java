package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryingChatModelTest {
    private static final ChatReply REPLY = new ChatReply("ok", Finish.STOP, TokenUsage.NONE, "m");
    private static final RetryPolicy POLICY =
            new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofMinutes(1));

    private final FakeTimeSource time = new FakeTimeSource();

    /** Throws the given failures in turn, then replies. */
    private static final class Script implements ChatModel {
        private final Deque<ChatException> failures = new ArrayDeque<>();
        private int requests;
        private int closed;

        Script(ChatException... failures) {
            this.failures.addAll(Arrays.asList(failures));
        }

        @Override
        public ChatReply chat(ChatRequest request) throws ChatException {
            requests++;
            if (!failures.isEmpty()) {
                throw failures.pop();
            }
            return REPLY;
        }

        @Override
        public String name() {
            return "m";
        }

        @Override
        public void close() {
            closed++;
        }
    }

    private static ChatException failure(FailureKind kind) {
        return new ChatException("no " + kind, kind);
    }

    private static ChatException limited(Duration wait) {
        return new ChatException("limited", FailureKind.RATE_LIMITED, OptionalInt.of(429), Optional.of(wait));
    }

    private ChatReply ask(ChatModel model, long seed) throws Exception {
        return new RetryingChatModel(model, POLICY, seed, time).chat(ChatRequest.of("u"));
    }

    @Test
    void transientFailures_areRetriedWithGrowingDelays() throws Exception {
        Script script = new Script(
                failure(FailureKind.SERVER_FAILURE),
                failure(FailureKind.CONNECTION),
                failure(FailureKind.TIMEOUT),
                failure(FailureKind.MALFORMED_REPLY));

        assertThat(ask(script, 7)).isEqualTo(REPLY);

        assertThat(script.requests).isEqualTo(5);
        List<Long> full = List.of(1_000L, 2_000L, 3_000L, 3_000L);
        assertThat(time.slept).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(time.slept.get(i).toMillis()).isBetween(full.get(i) / 2, full.get(i));
        }
        assertThat(time.slept).doesNotHaveDuplicates();
    }

    @Test
    void delays_followFromTheSeed() throws Exception {
        ChatException[] failures = {failure(FailureKind.TIMEOUT), failure(FailureKind.TIMEOUT)};
        ChatReply unused = ask(new Script(failures), 7);
        unused = ask(new Script(failures), 7);
        unused = ask(new Script(failures), 8);

        assertThat(time.slept.subList(0, 2)).isEqualTo(time.slept.subList(2, 4));
        assertThat(time.slept.subList(0, 2)).isNotEqualTo(time.slept.subList(4, 6));
    }

    @Test
    void attempts_areLimited() {
        ChatException last = failure(FailureKind.TIMEOUT);
        Script script = new Script(
                failure(FailureKind.SERVER_FAILURE),
                failure(FailureKind.SERVER_FAILURE),
                failure(FailureKind.SERVER_FAILURE),
                failure(FailureKind.SERVER_FAILURE),
                last,
                failure(FailureKind.SERVER_FAILURE));

        assertThatThrownBy(() -> ask(script, 1)).isSameAs(last);

        assertThat(script.requests).isEqualTo(5);
        assertThat(time.slept).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureKind.class,
            names = {"AUTHENTICATION", "UNKNOWN_ENDPOINT", "UNKNOWN_MODEL", "REJECTED"})
    void permanentFailures_areNotRetried(FailureKind kind) {
        Script script = new Script(failure(kind));

        assertThatThrownBy(() -> ask(script, 1)).hasMessage("no " + kind);

        assertThat(script.requests).isEqualTo(1);
        assertThat(time.slept).isEmpty();
    }

    @Test
    void requestedWait_isKept() throws Exception {
        assertThat(ask(new Script(limited(Duration.ofSeconds(42))), 1)).isEqualTo(REPLY);

        // Plus part of the first delay, so that the waiting threads do not all return at once.
        assertThat(time.slept).hasSize(1);
        assertThat(time.slept.get(0)).isBetween(Duration.ofSeconds(42), Duration.ofMillis(42_500));
        assertThat(time.slept.get(0)).isNotEqualTo(Duration.ofSeconds(42));
    }

    @Test
    void requestedWaitBelowTheDelay_isIgnored() throws Exception {
        Script script = new Script(
                limited(Duration.ZERO), limited(Duration.ZERO), limited(Duration.ofMillis(5)), limited(Duration.ZERO));

        assertThat(ask(script, 1)).isEqualTo(REPLY);

        List<Long> full = List.of(1_000L, 2_000L, 3_000L, 3_000L);
        assertThat(time.slept).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(time.slept.get(i).toMillis()).isBetween(full.get(i) / 2, full.get(i));
        }
    }

    @Test
    void requestedWait_holdsForAllRequests() throws Exception {
        Script script = new Script(limited(Duration.ofSeconds(42)), failure(FailureKind.REJECTED));
        RetryingChatModel model = new RetryingChatModel(
                script, new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1)), 1, time);

        assertThatThrownBy(() -> model.chat(ChatRequest.of("first"))).hasMessage("limited");
        assertThat(time.slept).isEmpty();
        time.pass(Duration.ofSeconds(2));
        assertThatThrownBy(() -> model.chat(ChatRequest.of("second"))).hasMessage("no REJECTED");
        assertThat(time.slept).containsExactly(Duration.ofSeconds(40));
        assertThat(model.chat(ChatRequest.of("third"))).isEqualTo(REPLY);
        assertThat(time.slept).hasSize(1);
    }

    @Test
    void requestedWaitThatIsTooLong_isAFailure() {
        Script script = new Script(limited(Duration.ofHours(1)));

        assertThatThrownBy(() -> ask(script, 1))
                .isInstanceOfSatisfying(
                        ChatException.class, e -> assertThat(e.retryAfter()).contains(Duration.ofHours(1)))
                .hasMessage("wait that the endpoint asks for must be at most 60 s, but was 3600 s: limited");

        assertThat(script.requests).isEqualTo(1);
        assertThat(time.slept).isEmpty();
    }

    @Test
    void rate_isKept() throws Exception {
        RateLimitedChatModel model = new RateLimitedChatModel(new Script(), 120, time);
        for (int i = 0; i < 3; i++) {
            assertThat(model.chat(ChatRequest.of("u"))).isEqualTo(REPLY);
        }
        assertThat(time.slept).containsExactly(Duration.ofMillis(500), Duration.ofMillis(500));

        time.pass(Duration.ofMillis(2_100));
        assertThat(model.chat(ChatRequest.of("u"))).isEqualTo(REPLY);
        assertThat(model.chat(ChatRequest.of("u"))).isEqualTo(REPLY);
        // Unused turns do not accumulate.
        assertThat(time.slept).hasSize(3).last().isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void badValues_areNamed() {
        assertThatThrownBy(() -> RateLimitedChatModel.of(new Script(), 0))
                .hasMessage("requestsPerMinute must be positive, but was 0.0");
        assertThatThrownBy(() -> new RetryPolicy(0, Duration.ZERO, Duration.ZERO, Duration.ZERO))
                .hasMessage("maxAttempts must be at least 1, but was 0");
        assertThatThrownBy(() -> new RetryPolicy(1, Duration.ofSeconds(-1), Duration.ZERO, Duration.ZERO))
                .hasMessage("firstDelay must not be negative, but was PT-1S");
    }

    @Test
    void close_closesTheModel() {
        Script script = new Script();
        RetryingChatModel.of(RateLimitedChatModel.of(script, 1), RetryPolicy.DEFAULT, 1)
                .close();
        assertThat(script.closed).isEqualTo(1);
    }
}
