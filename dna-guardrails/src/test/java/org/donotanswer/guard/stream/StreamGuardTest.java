package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.junit.jupiter.api.Test;

class StreamGuardTest {
    private final SafetyGuard guard = SafetyGuard.of(new MarkerEvaluator("BOMB"));

    @Test
    void of_guard_hasTheDefaults() {
        StreamGuard streams = StreamGuard.of(guard);
        assertThat(streams.guard()).isSameAs(guard);
        assertThat(streams.sizes())
                .isEqualTo(new WindowSizes(
                        StreamGuard.DEFAULT_MINIMUM_STEP,
                        StreamGuard.DEFAULT_MAXIMUM_STEP,
                        StreamGuard.DEFAULT_OVERLAP,
                        StreamGuard.DEFAULT_HEAD));
        assertThat(streams.maxCharacters()).isEqualTo(1_000_000);
        assertThat(streams.idleTimeoutNanos()).isEqualTo(Duration.ofSeconds(60).toNanos());
        assertThat(streams.holdsWholeResponse()).isFalse();
    }

    @Test
    void build_options_areKept() {
        StreamGuard streams = StreamGuard.builder()
                .guard(guard)
                .holdWholeAnswer(true)
                .idleTimeout(Duration.ofNanos(Long.MAX_VALUE))
                .build();
        assertThat(streams.holdsWholeResponse()).isTrue();
        assertThat(streams.idleTimeoutNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(StreamGuard.builder()
                        .guard(guard)
                        .holdWholeAnswer(false)
                        .build()
                        .holdsWholeResponse())
                .isFalse();
    }

    @Test
    void build_noGuard_isRefused() {
        assertThatThrownBy(() -> StreamGuard.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("guard must be set, but was not");
    }

    @Test
    void build_badSizes_areRefused() {
        assertThatThrownBy(() -> StreamGuard.builder().minimumStep(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("minimumStep must be at least 1, but was 0");
        assertThatThrownBy(() -> StreamGuard.builder().maximumStep(1))
                .hasMessage("maximumStep must be at least 2, but was 1");
        assertThatThrownBy(() -> StreamGuard.builder()
                        .guard(guard)
                        .minimumStep(300)
                        .maximumStep(200)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maximumStep must be at least 300, but was 200");
        assertThatThrownBy(() -> StreamGuard.builder().overlap(-1))
                .hasMessage("overlap must be at least 0, but was -1");
        assertThatThrownBy(() -> StreamGuard.builder().head(-1)).hasMessage("head must be at least 0, but was -1");
        assertThatThrownBy(() -> StreamGuard.builder().maxCharacters(0))
                .hasMessage("maxCharacters must be at least 1, but was 0");
        assertThatThrownBy(() -> StreamGuard.builder().idleTimeout(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("idleTimeout must be 0 to 292 years, but was PT-1S");
        assertThatThrownBy(() -> StreamGuard.builder().idleTimeout(Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void build_optionsSetTwice_areRefused() {
        assertThatThrownBy(() -> StreamGuard.builder().guard(guard).guard(guard))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("guard must be set once, but was "
                        + guard.policy().version() + " and then "
                        + guard.policy().version());
        assertThatThrownBy(() -> StreamGuard.builder().minimumStep(3).minimumStep(4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("minimumStep must be set once, but was 3 and then 4");
        assertThatThrownBy(() -> StreamGuard.builder().holdWholeAnswer(true).holdWholeAnswer(true))
                .hasMessage("holdWholeAnswer must be set once, but was true and then true");
    }

    @Test
    void open_nulls_areRefused() {
        StreamGuard streams = StreamGuard.of(guard);
        assertThatThrownBy(() -> streams.open(null, new RecordingStreamListener()))
                .hasMessage("conversation");
        assertThatThrownBy(() -> streams.open(Conversation.unknown(), null)).hasMessage("listener");
        assertThatThrownBy(() -> streams.processor(null)).hasMessage("conversation");
        assertThatThrownBy(() -> streams.iterate(Conversation.unknown(), null)).hasMessage("tokens");
    }
}
