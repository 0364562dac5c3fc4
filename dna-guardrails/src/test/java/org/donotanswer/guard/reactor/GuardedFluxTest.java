package org.donotanswer.guard.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

@Timeout(60)
class GuardedFluxTest {
    private static final Conversation CONVERSATION = Conversation.of("How do foxes jump?");
    private static final String SENTENCE = "The quick brown fox jumps over the lazy dog. ";
    private static final SafetyEvaluator EVALUATOR = SafetyEvaluator.create();

    private final StreamGuard allowing = StreamGuard.of(SafetyGuard.of(
            EVALUATOR, SafetyPolicy.builder().defaultRule(Rule.block(1)).build()));
    private final StreamGuard blocking = StreamGuard.of(SafetyGuard.of(
            EVALUATOR, SafetyPolicy.builder().defaultRule(Rule.block(0)).build()));
    private final List<Verdict> verdicts = new ArrayList<>();

    private static Flux<String> tokens() {
        return Flux.range(0, 100).map(i -> SENTENCE);
    }

    @Test
    void of_harmlessResponse_isGivenExactlyToEachSubscriber() {
        Flux<String> answer = GuardedFlux.of(allowing, CONVERSATION, tokens(), verdicts::add);
        for (int i = 0; i < 2; i++) {
            assertThat(answer.collectList().map(texts -> String.join("", texts)).block())
                    .isEqualTo(SENTENCE.repeat(100));
        }
        assertThat(verdicts).hasSize(2).allMatch(verdict -> verdict.reason() == Reason.BELOW_THRESHOLD);
    }

    @Test
    void of_harm_endsWithBlocked() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Flux<String> endless =
                Flux.<String>generate(next -> next.next(SENTENCE)).doOnCancel(() -> cancelled.set(true));
        assertThatThrownBy(() -> GuardedFlux.of(blocking, CONVERSATION, endless, verdicts::add)
                        .blockLast())
                .isInstanceOf(BlockedException.class);
        assertThat(cancelled).isTrue();
        assertThat(verdicts).hasSize(1);
        assertThat(verdicts.get(0).reason()).isEqualTo(Reason.HARMFUL);
    }

    @Test
    void of_blocked_canBeReplaced() {
        String shown = GuardedFlux.of(blocking, CONVERSATION, tokens())
                .onErrorResume(BlockedException.class, blocked -> Flux.just("(not shown)"))
                .collectList()
                .map(texts -> String.join("", texts))
                .block();
        assertThat(shown).isEqualTo("(not shown)");
    }

    @Test
    void of_subscriberTakesLittle_cancelsTheSource() {
        AtomicInteger made = new AtomicInteger();
        Flux<String> endless = Flux.generate(next -> {
            made.incrementAndGet();
            next.next(SENTENCE);
        });
        assertThat(GuardedFlux.of(allowing, CONVERSATION, endless)
                        .take(2)
                        .collectList()
                        .block())
                .hasSize(2);
        assertThat(made.get()).isLessThan(200);
    }

    @Test
    void of_sourceFails_failsToo() {
        IllegalStateException error = new IllegalStateException("broke off");
        Flux<String> failing = tokens().concatWith(Flux.error(error));
        assertThatThrownBy(() -> GuardedFlux.of(allowing, CONVERSATION, failing, verdicts::add)
                        .blockLast())
                .isSameAs(error);
        assertThat(verdicts).isEmpty();
    }

    @Test
    void of_contextOfTheSubscriber_reachesTheSource() {
        Flux<String> asking = Flux.deferContextual(context -> Flux.just("For " + context.get("user") + "."));
        assertThat(GuardedFlux.of(allowing, CONVERSATION, asking)
                        .contextWrite(context -> context.put("user", "Ada"))
                        .blockLast())
                .isEqualTo("For Ada.");
    }

    @Test
    void of_silentSource_isBlocked() {
        StreamGuard hasty = StreamGuard.builder()
                .guard(allowing.guard())
                .idleTimeout(Duration.ofMillis(5))
                .build();
        assertThatThrownBy(() -> GuardedFlux.of(hasty, CONVERSATION, Flux.never(), verdicts::add)
                        .blockLast())
                .isInstanceOf(BlockedException.class);
        assertThat(verdicts.get(0).reason()).isEqualTo(Reason.IDLE_TIMEOUT);
    }

    @Test
    void of_nulls_areRefused() {
        assertThatThrownBy(() -> GuardedFlux.of(null, CONVERSATION, tokens())).hasMessage("streams");
        assertThatThrownBy(() -> GuardedFlux.of(allowing, null, tokens())).hasMessage("conversation");
        assertThatThrownBy(() -> GuardedFlux.of(allowing, CONVERSATION, null)).hasMessage("tokens");
        assertThatThrownBy(() -> GuardedFlux.of(allowing, CONVERSATION, tokens(), null))
                .hasMessage("onVerdict");
    }
}
