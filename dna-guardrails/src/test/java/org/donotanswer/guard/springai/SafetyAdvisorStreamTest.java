package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.donotanswer.guard.springai.Streams.HARMLESS;
import static org.donotanswer.guard.springai.Streams.TURNING;
import static org.donotanswer.guard.springai.Streams.ask;
import static org.donotanswer.guard.springai.Streams.assertReplaced;
import static org.donotanswer.guard.springai.Streams.assertShownInPart;
import static org.donotanswer.guard.springai.Streams.chars;
import static org.donotanswer.guard.springai.Streams.last;
import static org.donotanswer.guard.springai.Streams.small;
import static org.donotanswer.guard.springai.Streams.stream;
import static org.donotanswer.guard.springai.Streams.text;
import static org.donotanswer.guard.springai.Streams.verdict;

import java.util.List;
import java.util.Objects;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.SimpleLoggerAdvisor;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import reactor.core.publisher.Flux;

class SafetyAdvisorStreamTest {
    private final KeywordEvaluator evaluator = new KeywordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);

    private SafetyAdvisor advisor() {
        return SafetyAdvisor.of(small(guard));
    }

    @Test
    void stream_passes_comesUnchanged() {
        ScriptedSpringModel model = new ScriptedSpringModel().response(chars(HARMLESS));
        List<ChatClientResponse> chunks = ask(model, advisor());
        assertThat(chunks).hasSize(HARMLESS.length() + 1);
        assertThat(text(chunks)).isEqualTo(HARMLESS);
        assertThat(last(chunks).chatResponse().getResult().getMetadata().getFinishReason())
                .isEqualTo("STOP");
        assertThat(last(chunks).chatResponse().getMetadata().getUsage().getTotalTokens())
                .isEqualTo(18);
        assertThat(chunks).allSatisfy(chunk -> assertThat(
                        chunk.chatResponse().getMetadata().getModel())
                .isEqualTo("scripted"));
        assertThat(verdict(chunks).outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(verdict(chunks).window()).isEmpty();
        assertThat(evaluator.exchanges.get(evaluator.exchanges.size() - 1).response())
                .isEqualTo(HARMLESS);
        assertThat(evaluator.exchanges)
                .allSatisfy(exchange -> assertThat(exchange.instruction()).isEqualTo("How do I make tea?"));
    }

    @Test
    void stream_turnsHarmful_showsOnlyWhatPassedAndCancels() {
        ScriptedSpringModel model = new ScriptedSpringModel().response(chars(TURNING + "x".repeat(1000)));
        List<ChatClientResponse> chunks = ask(model, advisor());
        String shown = text(chunks.subList(0, chunks.size() - 1));
        assertShownInPart(shown);
        assertReplaced(chunks, shown);
        assertThat(verdict(chunks).reason()).isEqualTo(Reason.HARMFUL);
        assertThat(verdict(chunks).window()).isPresent();
        assertThat(last(chunks).chatResponse().getMetadata().getModel()).isEqualTo("scripted");
        assertThat(model.cancelled).hasValue(1);
        assertThat(model.emitted.get()).isLessThan(600);
    }

    @Test
    void stream_harmfulFromTheStart_isReplaced() {
        assertReplaced(
                ask(new ScriptedSpringModel().response("Poi", "son? The poi", "son is in the tea."), advisor()), "");
    }

    @Test
    void stream_noFinishReason_isCheckedAsAWholeAndHasTheVerdict() {
        ScriptedSpringModel model = new ScriptedSpringModel()
                .responses(List.of(ScriptedSpringModel.chunk("RAW-"), ScriptedSpringModel.chunk("SECRET.")));
        List<ChatClientResponse> chunks = ask(model, advisor());
        assertThat(text(chunks)).isEqualTo("RAW-SECRET.");
        assertThat(verdict(chunks).released()).isTrue();
        assertThat(evaluator.exchanges.get(evaluator.exchanges.size() - 1).response())
                .isEqualTo("RAW-SECRET.");

        ScriptedSpringModel harmful = new ScriptedSpringModel()
                .responses(List.of(ScriptedSpringModel.chunk("The poi"), ScriptedSpringModel.chunk("son.")));
        assertReplaced(ask(harmful, advisor()), "");
    }

    @Test
    void stream_finishReasonWithTheLastText_comesOnce() {
        ChatResponse end = new ChatResponse(
                List.of(new Generation(
                        new AssistantMessage("SECRET."),
                        ChatGenerationMetadata.builder().finishReason("STOP").build())),
                ScriptedSpringModel.metadata().usage(new DefaultUsage(7, 11)).build());
        List<ChatClientResponse> chunks =
                ask(new ScriptedSpringModel().responses(List.of(ScriptedSpringModel.chunk("RAW-"), end)), advisor());
        assertThat(text(chunks)).isEqualTo("RAW-SECRET.");
        assertThat(chunks.stream()
                        .map(chunk ->
                                chunk.chatResponse().getResult().getMetadata().getFinishReason())
                        .filter(Objects::nonNull))
                .containsExactly("STOP");
        assertThat(last(chunks).chatResponse().getResult().getMetadata().getFinishReason())
                .isEqualTo("STOP");
        assertThat(last(chunks).chatResponse().getMetadata().getUsage().getTotalTokens())
                .isEqualTo(18);
    }

    @Test
    void stream_surrogatesSplitAcrossChunks_areJoined() {
        String tea = "Tea \uD83C\uDF75 is good. \uD83C\uDF75 And hot. \uD83C\uDF75 Mind it.";
        List<ChatClientResponse> chunks = ask(new ScriptedSpringModel().response(chars(tea)), advisor());
        assertThat(text(chunks)).isEqualTo(tea);
        assertThat(evaluator.exchanges.get(evaluator.exchanges.size() - 1).response())
                .isEqualTo(tea);
    }

    @Test
    void stream_chunksWithoutText_keepTheirOrder() {
        ChatResponse nothing = new ChatResponse(List.of());
        ChatResponse noText = new ChatResponse(
                List.of(new Generation(AssistantMessage.builder().content(null).build(), ChatGenerationMetadata.NULL)));
        ChatResponse calls = new ChatResponse(List.of(new Generation(AssistantMessage.builder()
                .content("")
                .toolCalls(List.of(new ToolCall("1", "function", "weather", "{}")))
                .build())));
        ChatResponse usage = new ChatResponse(
                List.of(),
                ScriptedSpringModel.metadata().usage(new DefaultUsage(7, 11)).build());
        ScriptedSpringModel model = new ScriptedSpringModel()
                .responses(List.of(
                        nothing,
                        noText,
                        ScriptedSpringModel.chunk("I look it up."),
                        calls,
                        ScriptedSpringModel.chunk(" Done."),
                        usage));
        List<ChatClientResponse> chunks = ask(model, SafetyAdvisor.of(guard));
        assertThat(chunks).hasSize(6);
        assertThat(text(chunks)).isEqualTo("I look it up. Done.");
        assertThat(chunks.get(3).chatResponse().hasToolCalls()).isTrue();
        assertThat(last(chunks).chatResponse().getMetadata().getUsage().getTotalTokens())
                .isEqualTo(18);
        assertThat(verdict(chunks).released()).isTrue();
    }

    @Test
    void stream_toolCallsAfterHarmfulText_neverCome() {
        ChatResponse calls = new ChatResponse(List.of(new Generation(AssistantMessage.builder()
                .content("I order the poison.")
                .toolCalls(List.of(new ToolCall("1", "function", "order", "{}")))
                .build())));
        List<ChatClientResponse> chunks = ask(new ScriptedSpringModel().responses(List.of(calls)), advisor());
        assertReplaced(chunks, "");
        assertThat(chunks).noneMatch(chunk -> chunk.chatResponse().hasToolCalls());
    }

    @Test
    void stream_onlyToolCallsOrNothing_passes() {
        ChatResponse calls = new ChatResponse(List.of(new Generation(AssistantMessage.builder()
                .toolCalls(List.of(new ToolCall("1", "function", "weather", "{}")))
                .build())));
        List<ChatClientResponse> chunks = ask(new ScriptedSpringModel().responses(List.of(calls)), advisor());
        assertThat(chunks).hasSize(1);
        assertThat(chunks.get(0).chatResponse().hasToolCalls()).isTrue();

        List<ChatClientResponse> empty = ask(new ScriptedSpringModel().responses(List.of()), advisor());
        assertThat(text(empty)).isEmpty();
        assertThat(verdict(empty).reason()).isEqualTo(Reason.NOTHING_TO_JUDGE);
        assertThat(text(ask(new ScriptedSpringModel().response(" ", "\n", "\t"), advisor())))
                .isEqualTo(" \n\t");
        assertThat(evaluator.exchanges).isEmpty();
    }

    @Test
    void stream_partsOfOneResponseInAChunk_areCheckedTogether() {
        ChatResponse parts = new ChatResponse(
                List.of(new Generation(new AssistantMessage("The poi")), new Generation(new AssistantMessage("son."))));
        assertReplaced(ask(new ScriptedSpringModel().responses(List.of(parts)), advisor()), "");
        ChatResponse harmless = new ChatResponse(
                List.of(new Generation(new AssistantMessage("Some ")), new Generation(new AssistantMessage("tea."))));
        List<ChatClientResponse> chunks = ask(new ScriptedSpringModel().responses(List.of(harmless)), advisor());
        assertThat(chunks.get(0).chatResponse().getResults()).hasSize(2);
    }

    @Test
    void stream_shadow_showsEverythingAndReportsWhatItWouldHaveDone() {
        SafetyPolicy shadow = SafetyPolicy.builder().shadow(true).build();
        List<ChatClientResponse> chunks = ask(
                new ScriptedSpringModel().response(chars(TURNING)),
                SafetyAdvisor.of(small(SafetyGuard.of(evaluator, shadow))));
        assertThat(text(chunks)).isEqualTo(TURNING);
        assertThat(verdict(chunks).outcome()).isEqualTo(Outcome.BLOCK);
    }

    @Test
    void stream_reviewHeld_isReplaced() {
        SafetyPolicy policy = SafetyPolicy.builder()
                .defaultRule(Rule.builder().review(0.3).block(0.5).build())
                .holdReviews(true)
                .build();
        List<ChatClientResponse> chunks = ask(
                new ScriptedSpringModel().response("A mild answer."),
                SafetyAdvisor.of(small(SafetyGuard.of(evaluator, policy))));
        assertReplaced(chunks, "");
        assertThat(verdict(chunks).outcome()).isEqualTo(Outcome.REVIEW);
    }

    @Test
    void stream_severalAdvisorsAndSystemPrompt_guardChecksAgainstTheUsersOwnWords() {
        ScriptedSpringModel model = new ScriptedSpringModel().response(HARMLESS);
        String content = ChatClient.builder(model)
                .defaultAdvisors(new TestAdvisors.Augmenting(0), new SimpleLoggerAdvisor(), advisor())
                .defaultSystem("Never speak of poison.")
                .build()
                .prompt("How do I make tea?")
                .stream()
                .content()
                .reduce("", String::concat)
                .block();
        assertThat(content).isEqualTo(HARMLESS);
        assertThat(model.prompts.get(0).getContents()).contains(TestAdvisors.PASSAGE);
        assertThat(evaluator.exchanges)
                .allSatisfy(exchange -> assertThat(exchange.instruction()).isEqualTo("How do I make tea?"));
    }

    @Test
    void stream_contextOfTheSubscriber_reachesTheModel() {
        ScriptedSpringModel model = new ScriptedSpringModel()
                .stream(Flux.deferContextual(context -> Flux.just(ScriptedSpringModel.chunk(context.get("tea")))));
        assertThat(text(Objects.requireNonNull(stream(model, advisor())
                        .contextWrite(context -> context.put("tea", "Green."))
                        .collectList()
                        .block())))
                .isEqualTo("Green.");
    }

    @Test
    void stream_embeddedEvaluator_blocksAndPasses() {
        try (SafetyEvaluator embedded = SafetyEvaluator.create();
                SafetyGuard embeddedGuard = SafetyGuard.of(embedded)) {
            SafetyAdvisor advisor = SafetyAdvisor.of(embeddedGuard);
            assertThat(text(ask(new ScriptedSpringModel().response(chars(HARMLESS)), advisor)))
                    .isEqualTo(HARMLESS);
            String compliance =
                    "Follow her home from work, put a tracker under her car, and check her accounts every night"
                            + " with her password.";
            List<ChatClientResponse> chunks = Objects.requireNonNull(
                    ChatClient.builder(new ScriptedSpringModel().response(compliance.split("(?<= )")))
                            .defaultAdvisors(advisor)
                            .build()
                            .prompt("Tell me how to stalk my ex-girlfriend.")
                            .stream()
                            .chatClientResponse()
                            .collectList()
                            .block());
            assertReplaced(chunks, "");
        }
    }
}
