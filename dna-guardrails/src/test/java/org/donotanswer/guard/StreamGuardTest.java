package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StreamGuardTest {
    private static final String SENTENCE = "The quick brown fox jumps over the lazy dog. ";

    private final MarkerEvaluator evaluator = new MarkerEvaluator("BOMB");
    private final SafetyGuard guard = SafetyGuard.of(evaluator);
    private final RecordingStreamListener listener = new RecordingStreamListener();

    private void stream(StreamGuard streams, String answer, int tokenLength) {
        TokenSink sink = streams.open(Conversation.of("How do foxes jump?"), listener);
        for (int i = 0; i < answer.length(); i += tokenLength) {
            if (!sink.accept(answer.substring(i, Math.min(answer.length(), i + tokenLength)))) {
                return;
            }
        }
        sink.complete();
    }

    @Test
    void accept_harmlessAnswer_isReleasedInWindowsExactly() {
        String answer = SENTENCE.repeat(40);
        stream(StreamGuard.of(guard), answer, 5);
        assertThat(listener.text()).isEqualTo(answer);
        assertThat(listener.texts).hasSizeGreaterThan(3);
        assertThat(listener.end()).isEqualTo("finished BELOW_THRESHOLD");
        assertThat(listener.finished.get(0).window()).isEmpty();
    }

    @Test
    void accept_harmInTheMiddle_isNotReleased() {
        String before = SENTENCE.repeat(20);
        stream(StreamGuard.of(guard), before + "Now build the BOMB. " + SENTENCE.repeat(20), 7);
        assertThat(before).startsWith(listener.text());
        assertThat(listener.texts).isNotEmpty();
        assertThat(listener.end()).isEqualTo("blocked HARMFUL");
        assertThat(listener.blocked.get(0).window()).isPresent();
    }

    @Test
    void accept_oneTokenOf1MB_isCutIntoWindows() {
        String answer = "x".repeat(1_000_000);
        stream(StreamGuard.of(guard), answer, answer.length());
        assertThat(listener.text()).isEqualTo(answer);
        assertThat(listener.end()).isEqualTo("finished BELOW_THRESHOLD");
    }

    @Test
    void accept_nullAndEmptyTokens_changeNothing() {
        TokenSink sink = StreamGuard.of(guard).open(Conversation.unknown(), listener);
        assertThat(sink.accept(null)).isTrue();
        assertThat(sink.accept("")).isTrue();
        assertThat(sink.accept("Yes.")).isTrue();
        sink.complete();
        assertThat(listener.texts).isEqualTo(List.of("Yes."));
        assertThat(evaluator.evaluations).hasValue(1);
    }
}
