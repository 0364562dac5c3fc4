package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.donotanswer.guard.springai.Streams.HARMLESS;
import static org.donotanswer.guard.springai.Streams.TURNING;
import static org.donotanswer.guard.springai.Streams.chars;
import static org.donotanswer.guard.springai.Streams.last;
import static org.donotanswer.guard.springai.Streams.small;
import static org.donotanswer.guard.springai.Streams.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import reactor.core.publisher.Flux;

/** A chain with more than one guard of responses, for example an auto-configured one and one of the application's own. */
class SeveralAdvisorsTest {
    private static final String HARMFUL = "The poison is in the tea.";

    private final KeywordEvaluator evaluator = new KeywordEvaluator();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final SafetyGuard guard = SafetyGuard.builder()
            .evaluator(evaluator)
            .listener((verdict, instruction, text) -> verdicts.add(verdict))
            .build();

    private SafetyAdvisor advisor() {
        return SafetyAdvisor.of(small(guard));
    }

    /** Marks everything for review that is not harmful. */
    private static SafetyGuard strict(KeywordEvaluator evaluator) {
        return SafetyGuard.of(
                evaluator,
                SafetyPolicy.builder()
                        .defaultRule(Rule.builder().review(0.05).block(0.5).build())
                        .build());
    }

    private static ChatClientResponse call(String response, Advisor... advisors) {
        return ChatClient.builder(new ScriptedSpringModel().response(response))
                .defaultAdvisors(advisors)
                .build()
                .prompt("How do I make tea?")
                .call()
                .chatClientResponse();
    }

    private static List<ChatClientResponse> stream(String response, Advisor... advisors) {
        return Streams.ask(new ScriptedSpringModel().response(chars(response)), advisors);
    }

    private static Verdict verdict(ChatClientResponse response) {
        assertThat(response.context().keySet()).noneMatch(key -> key.contains("judgement"));
        return (Verdict) response.context().get(SafetyAdvisor.VERDICT);
    }

    @Test
    void call_sameGuardTwice_judgesOnceAndKeepsTheVerdict() {
        ChatClientResponse response = call(HARMFUL, advisor(), advisor());
        assertThat(text(response)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(verdict(response).outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(verdicts).hasSize(1);

        assertThat(verdict(call("Tea.", advisor(), advisor(), advisor())).outcome())
                .isEqualTo(Outcome.ALLOW);
        assertThat(verdicts).hasSize(2);
    }

    @Test
    void stream_sameGuardTwice_judgesOnceAndKeepsTheVerdict() {
        List<ChatClientResponse> once = stream(TURNING, advisor());
        int judged = verdicts.size();
        List<ChatClientResponse> twice = stream(TURNING, advisor(), advisor());
        assertThat(text(twice)).isEqualTo(text(once));
        assertThat(twice).hasSameSizeAs(once);
        assertThat(verdict(last(twice)).outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(verdicts).hasSize(2 * judged);
        assertThat(twice.subList(0, twice.size() - 1))
                .allSatisfy(chunk -> assertThat(verdict(chunk)).isNull());
    }

    @Test
    void theSameAdvisorTwiceOrPerRequest_judgesOnce() {
        SafetyAdvisor shared = advisor();
        ChatClient client = ChatClient.builder(
                        new ScriptedSpringModel().response(HARMFUL).response(HARMFUL))
                .defaultAdvisors(shared)
                .build();
        ChatClientResponse response =
                client.prompt("How?").advisors(shared, advisor()).call().chatClientResponse();
        assertThat(verdict(response).outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(verdicts).hasSize(1);
        List<ChatClientResponse> chunks = Objects.requireNonNull(client.prompt("How?").advisors(shared).stream()
                .chatClientResponse()
                .collectList()
                .block());
        assertThat(text(chunks)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(verdict(last(chunks)).outcome()).isEqualTo(Outcome.BLOCK);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void differentGuards_bothCountAndTheStrictestVerdictStays(boolean strictOutside) {
        KeywordEvaluator other = new KeywordEvaluator();
        SafetyAdvisor strict = SafetyAdvisor.builder()
                .guard(small(strict(other)))
                .order(SafetyAdvisor.DEFAULT_ORDER + (strictOutside ? -1 : 1))
                .build();
        ChatClientResponse allowed = call("Tea.", advisor(), strict);
        assertThat(text(allowed)).isEqualTo("Tea.");
        assertThat(verdict(allowed).outcome()).isEqualTo(Outcome.REVIEW);
        assertThat(evaluator.exchanges).hasSize(1);
        assertThat(other.exchanges).hasSize(1);

        List<ChatClientResponse> chunks = stream(HARMLESS, advisor(), strict);
        assertThat(text(chunks)).isEqualTo(HARMLESS);
        assertThat(verdict(last(chunks)).outcome()).isEqualTo(Outcome.REVIEW);

        ChatClientResponse blocked = call(HARMFUL, advisor(), strict);
        assertThat(text(blocked)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(verdict(blocked).outcome()).isEqualTo(Outcome.BLOCK);
        List<ChatClientResponse> turning = stream(TURNING, advisor(), strict);
        assertThat(text(turning)).endsWith(SafetyPolicy.DEFAULT_REPLACEMENT).doesNotContain("poison");
        assertThat(verdict(last(turning)).outcome()).isEqualTo(Outcome.BLOCK);
    }

    @Test
    void outerThrows_theInnerVerdictIsThrown() {
        SafetyAdvisor throwing = SafetyAdvisor.builder()
                .guard(small(guard))
                .throwing(true)
                .order(SafetyAdvisor.DEFAULT_ORDER - 1)
                .build();
        assertThatExceptionOfType(BlockedException.class)
                .isThrownBy(() -> call(HARMFUL, throwing, advisor()))
                .satisfies(blocked -> assertThat(blocked.verdict()).isSameAs(verdicts.get(0)));
        assertThatExceptionOfType(BlockedException.class).isThrownBy(() -> stream(HARMFUL, throwing, advisor()));
        assertThat(text(call("Tea.", throwing, advisor()))).isEqualTo("Tea.");
    }

    /** Changes what the model said, or answers itself. */
    private record Changing(String added, boolean answers) implements CallAdvisor, StreamAdvisor {
        @Override
        public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
            if (answers) {
                return new ChatClientResponse(changed(""), request.context());
            }
            ChatClientResponse response = chain.nextCall(request);
            return response.mutate().chatResponse(changed(text(response))).build();
        }

        @Override
        public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
            Flux<ChatClientResponse> more = Flux.just(new ChatClientResponse(changed(""), request.context()));
            return answers ? more : chain.nextStream(request).concatWith(more);
        }

        private ChatResponse changed(String text) {
            return new ChatResponse(List.of(new Generation(new AssistantMessage(text + added))));
        }

        @Override
        public String getName() {
            return "changing";
        }

        @Override
        public int getOrder() {
            return SafetyAdvisor.DEFAULT_ORDER - 1;
        }
    }

    @Test
    void anAdvisorBetweenThem_isJudgedByTheOuterOne() {
        SafetyAdvisor outer = SafetyAdvisor.builder()
                .guard(small(guard))
                .order(SafetyAdvisor.DEFAULT_ORDER - 2)
                .build();
        for (boolean answers : new boolean[] {false, true}) {
            Changing poisoning = new Changing(" Add poison.", answers);
            assertThat(text(call("Tea.", outer, poisoning, advisor()))).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
            Changing harmless = new Changing(" Add milk.", answers);
            assertThat(text(call("Tea.", outer, harmless, advisor()))).endsWith(" Add milk.");
            assertThat(text(stream("Tea.", outer, harmless, advisor()))).endsWith(" Add milk.");
        }
        assertThatExceptionOfType(BlockedException.class)
                .isThrownBy(() -> stream("Tea.", outer, new Changing(" Add poison.", false), advisor()));
        assertThat(text(stream("Tea.", outer, new Changing(" Add poison.", true), advisor())))
                .isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        ChatClientResponse changed = call(HARMFUL, outer, new Changing(" Bye.", false), advisor());
        assertThat(text(changed)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT + " Bye.");
        assertThat(verdict(changed).outcome()).isEqualTo(Outcome.BLOCK);
    }
}
