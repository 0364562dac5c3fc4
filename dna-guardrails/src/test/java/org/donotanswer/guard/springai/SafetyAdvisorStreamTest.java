package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.Outcome;
import org.donotanswer.guard.Reason;
import org.donotanswer.guard.Rule;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.SafetyPolicy;
import org.donotanswer.guard.StreamGuard;
import org.donotanswer.guard.Verdict;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.SimpleLoggerAdvisor;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class SafetyAdvisorStreamTest {
    private static final String HARMLESS =
            "First boil the water. Then pour it over the leaves. Wait for two minutes. Enjoy it!";
    private static final String TURNING =
            "First boil the water. Then pour it over the leaves. Now add the poison. Serve it hot.";

    private final WordEvaluator evaluator = new WordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);

    /** Windows of about a sentence. */
    private static StreamGuard small(SafetyGuard guard) {
        return StreamGuard.builder()
                .guard(guard)
                .minimumStep(10)
                .maximumStep(40)
                .overlap(10)
                .build();
    }

    private SafetyAdvisor advisor() {
        return SafetyAdvisor.of(small(guard));
    }

    private static List<ChatClientResponse> ask(ScriptedModel model, Advisor... advisors) {
        return Objects.requireNonNull(stream(model, advisors).collectList().block());
    }

    private static Flux<ChatClientResponse> stream(ScriptedModel model, Advisor... advisors) {
        return ChatClient.builder(model).defaultAdvisors(advisors).build().prompt("How do I make tea?").stream()
                .chatClientResponse();
    }

    private static String text(ChatClientResponse chunk) {
        Generation generation = chunk.chatResponse().getResult();
        return generation == null || generation.getOutput().getText() == null
                ? ""
                : generation.getOutput().getText();
    }

    private static String text(List<ChatClientResponse> chunks) {
        return String.join(
                "", chunks.stream().map(SafetyAdvisorStreamTest::text).toList());
    }

    private static ChatClientResponse last(List<ChatClientResponse> chunks) {
        return chunks.get(chunks.size() - 1);
    }

    private static Verdict verdict(List<ChatClientResponse> chunks) {
        return (Verdict) last(chunks).context().get(SafetyAdvisor.VERDICT);
    }

    private static String[] chars(String text) {
        return text.split("");
    }

    private static void assertReplaced(List<ChatClientResponse> chunks, String shown) {
        assertThat(text(chunks)).isEqualTo((shown.isEmpty() ? "" : shown + "\n\n") + SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(last(chunks).chatResponse().getResult().getMetadata().getFinishReason())
                .isEqualTo(SafetyAdvisor.FINISH_REASON);
    }

    private static void assertShownInPart(String shown) {
        assertThat(TURNING).startsWith(shown);
        assertThat(shown).startsWith("First boil the water.").doesNotContain("Now add");
    }

    @Test
    void stream_passes_comesAsItWas() {
        ScriptedModel model = new ScriptedModel().answer(chars(HARMLESS));
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
        assertThat(evaluator.asked.get(evaluator.asked.size() - 1).response()).isEqualTo(HARMLESS);
        assertThat(evaluator.asked)
                .allSatisfy(exchange -> assertThat(exchange.instruction()).isEqualTo("How do I make tea?"));
    }

    @Test
    void stream_turnsHarmful_showsOnlyWhatPassedAndAsksForNoMore() {
        ScriptedModel model = new ScriptedModel().answer(chars(TURNING + "x".repeat(1000)));
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
        assertReplaced(ask(new ScriptedModel().answer("Poi", "son? The poi", "son is in the tea."), advisor()), "");
    }

    @Test
    void stream_blockedAndThrowing_endsInAnErrorAfterWhatPassed() {
        SafetyAdvisor throwing =
                SafetyAdvisor.builder().guard(small(guard)).throwing(true).build();
        List<ChatClientResponse> shown = new ArrayList<>();
        assertThatExceptionOfType(BlockedException.class)
                .isThrownBy(() -> stream(new ScriptedModel().answer(chars(TURNING)), throwing)
                        .doOnNext(shown::add)
                        .blockLast())
                .satisfies(blocked -> assertThat(blocked.verdict().reason()).isEqualTo(Reason.HARMFUL));
        assertShownInPart(text(shown));
    }

    @Test
    void stream_slowConsumer_losesNothingBeforeTheError() {
        SafetyAdvisor throwing =
                SafetyAdvisor.builder().guard(small(guard)).throwing(true).build();
        StringBuilder shown = new StringBuilder();
        CountDownLatch ended = new CountDownLatch(1);
        stream(new ScriptedModel().answer(chars(TURNING)), throwing).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(ChatClientResponse chunk) {
                shown.append(text(chunk));
                request(1);
            }

            @Override
            protected void hookOnError(Throwable error) {
                ended.countDown();
            }
        });
        await(ended);
        assertShownInPart(shown.toString());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void stream_noFinishReason_isJudgedAsAWholeAndSaysSo() {
        ScriptedModel model =
                new ScriptedModel().responses(List.of(ScriptedModel.chunk("RAW-"), ScriptedModel.chunk("SECRET.")));
        List<ChatClientResponse> chunks = ask(model, advisor());
        assertThat(text(chunks)).isEqualTo("RAW-SECRET.");
        assertThat(verdict(chunks).released()).isTrue();
        assertThat(evaluator.asked.get(evaluator.asked.size() - 1).response()).isEqualTo("RAW-SECRET.");

        ScriptedModel harmful =
                new ScriptedModel().responses(List.of(ScriptedModel.chunk("The poi"), ScriptedModel.chunk("son.")));
        assertReplaced(ask(harmful, advisor()), "");
    }

    @Test
    void stream_finishReasonWithTheLastText_comesOnce() {
        ChatResponse end = new ChatResponse(
                List.of(new Generation(
                        new AssistantMessage("SECRET."),
                        ChatGenerationMetadata.builder().finishReason("STOP").build())),
                ScriptedModel.metadata().usage(new DefaultUsage(7, 11)).build());
        List<ChatClientResponse> chunks =
                ask(new ScriptedModel().responses(List.of(ScriptedModel.chunk("RAW-"), end)), advisor());
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
    void stream_surrogatesSplitAcrossChunks_joinAsTheyCame() {
        String tea = "Tea \uD83C\uDF75 is good. \uD83C\uDF75 And hot. \uD83C\uDF75 Mind it.";
        List<ChatClientResponse> chunks = ask(new ScriptedModel().answer(chars(tea)), advisor());
        assertThat(text(chunks)).isEqualTo(tea);
        assertThat(evaluator.asked.get(evaluator.asked.size() - 1).response()).isEqualTo(tea);
    }

    @Test
    void stream_chunksWithoutText_keepTheirPlaces() {
        ChatResponse nothing = new ChatResponse(List.of());
        ChatResponse noText = new ChatResponse(
                List.of(new Generation(AssistantMessage.builder().content(null).build(), ChatGenerationMetadata.NULL)));
        ChatResponse calls = new ChatResponse(List.of(new Generation(AssistantMessage.builder()
                .content("")
                .toolCalls(List.of(new ToolCall("1", "function", "weather", "{}")))
                .build())));
        ChatResponse usage = new ChatResponse(
                List.of(),
                ScriptedModel.metadata().usage(new DefaultUsage(7, 11)).build());
        ScriptedModel model = new ScriptedModel()
                .responses(List.of(
                        nothing,
                        noText,
                        ScriptedModel.chunk("I look it up."),
                        calls,
                        ScriptedModel.chunk(" Done."),
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
        List<ChatClientResponse> chunks = ask(new ScriptedModel().responses(List.of(calls)), advisor());
        assertReplaced(chunks, "");
        assertThat(chunks).noneMatch(chunk -> chunk.chatResponse().hasToolCalls());
    }

    @Test
    void stream_onlyToolCallsOrNothing_passes() {
        ChatResponse calls = new ChatResponse(List.of(new Generation(AssistantMessage.builder()
                .toolCalls(List.of(new ToolCall("1", "function", "weather", "{}")))
                .build())));
        List<ChatClientResponse> chunks = ask(new ScriptedModel().responses(List.of(calls)), advisor());
        assertThat(chunks).hasSize(1);
        assertThat(chunks.get(0).chatResponse().hasToolCalls()).isTrue();

        List<ChatClientResponse> empty = ask(new ScriptedModel().responses(List.of()), advisor());
        assertThat(text(empty)).isEmpty();
        assertThat(verdict(empty).reason()).isEqualTo(Reason.NOTHING_TO_JUDGE);
        assertThat(text(ask(new ScriptedModel().answer(" ", "\n", "\t"), advisor())))
                .isEqualTo(" \n\t");
        assertThat(evaluator.asked).isEmpty();
    }

    @Test
    void stream_partsOfOneAnswerInAChunk_areJudgedTogether() {
        ChatResponse parts = new ChatResponse(
                List.of(new Generation(new AssistantMessage("The poi")), new Generation(new AssistantMessage("son."))));
        assertReplaced(ask(new ScriptedModel().responses(List.of(parts)), advisor()), "");
        ChatResponse harmless = new ChatResponse(
                List.of(new Generation(new AssistantMessage("Some ")), new Generation(new AssistantMessage("tea."))));
        List<ChatClientResponse> chunks = ask(new ScriptedModel().responses(List.of(harmless)), advisor());
        assertThat(chunks.get(0).chatResponse().getResults()).hasSize(2);
    }

    @Test
    void stream_alternativeAnswersInTurns_isAnError() {
        AssistantMessage second = AssistantMessage.builder()
                .content("Or so.")
                .properties(Map.of("index", 1))
                .build();
        ScriptedModel model = new ScriptedModel()
                .responses(List.of(ScriptedModel.chunk("So. "), new ChatResponse(List.of(new Generation(second)))));
        assertThatIllegalStateException()
                .isThrownBy(() -> ask(model, advisor()))
                .withMessage("stream must be of one answer, but was of alternative 1, too");
    }

    @Test
    void stream_breaksOff_showsNothingThatWasHeldBack() {
        ScriptedModel model = new ScriptedModel()
                .stream(Flux.just(ScriptedModel.chunk("First boil the water. Then pour it over the leaves. "))
                        .concatWith(Flux.error(new IllegalStateException("connection must be open, but was closed"))));
        List<ChatClientResponse> shown = new ArrayList<>();
        assertThatIllegalStateException()
                .isThrownBy(() -> stream(model, advisor()).doOnNext(shown::add).blockLast())
                .withMessage("connection must be open, but was closed");
        assertThat(HARMLESS).startsWith(text(shown));
        assertThat(shown).allSatisfy(chunk -> assertThat(chunk.context()).doesNotContainKey(SafetyAdvisor.VERDICT));
    }

    @Test
    void stream_blockedNearerToTheModel_staysAnError() {
        SafetyAdvisor inner = SafetyAdvisor.builder()
                .guard(small(guard))
                .throwing(true)
                .order(SafetyAdvisor.DEFAULT_ORDER + 1)
                .build();
        assertThatExceptionOfType(BlockedException.class)
                .isThrownBy(() -> ask(
                        new ScriptedModel().answer(TURNING),
                        inner,
                        SafetyAdvisor.of(SafetyGuard.of(new WordEvaluator()))));
    }

    @Test
    void stream_consumerCancels_cancelsTheModel() {
        Sinks.Many<ChatResponse> source = Sinks.many().unicast().onBackpressureBuffer();
        CountDownLatch cancelled = new CountDownLatch(1);
        ScriptedModel model = new ScriptedModel().stream(source.asFlux().doOnCancel(cancelled::countDown));
        CountDownLatch shown = new CountDownLatch(1);
        var subscription = stream(model, advisor()).subscribe(chunk -> shown.countDown());
        source.tryEmitNext(ScriptedModel.chunk("First boil the water. Then pour it over the leaves. Wait for it. "));
        await(shown);
        subscription.dispose();
        await(cancelled);
    }

    @Test
    void stream_silentSource_isBlockedByTheIdleTimeout() {
        StreamGuard impatient = StreamGuard.builder()
                .guard(guard)
                .idleTimeout(Duration.ofMillis(1))
                .build();
        ScriptedModel model = new ScriptedModel().stream(Flux.never());
        List<ChatClientResponse> chunks = ask(model, SafetyAdvisor.of(impatient));
        assertReplaced(chunks, "");
        assertThat(verdict(chunks).reason()).isEqualTo(Reason.IDLE_TIMEOUT);
        assertThat(model.cancelled).hasValue(1);
    }

    @Test
    void stream_evaluatorThrows_endsInTheFailMode() {
        WordEvaluator failing = new WordEvaluator(text -> {
            throw new IllegalArgumentException(text);
        });
        List<ChatClientResponse> closed =
                ask(new ScriptedModel().answer(chars(HARMLESS)), SafetyAdvisor.of(small(SafetyGuard.of(failing))));
        assertReplaced(closed, "");
        assertThat(verdict(closed).reason()).isEqualTo(Reason.EVALUATOR_FAILED);

        SafetyGuard open =
                SafetyGuard.builder().evaluator(failing).failMode(FailMode.OPEN).build();
        List<ChatClientResponse> shown =
                ask(new ScriptedModel().answer(chars(HARMLESS)), SafetyAdvisor.of(small(open)));
        assertThat(text(shown)).isEqualTo(HARMLESS);
        assertThat(verdict(shown).isJudged()).isFalse();
    }

    @Test
    void stream_guardClosedOnItsWay_isBlocked() {
        ScriptedModel model = new ScriptedModel()
                .stream(Flux.fromArray(chars(HARMLESS)).index().map(part -> {
                    if (part.getT1() == 60) {
                        guard.close();
                    }
                    return ScriptedModel.chunk(part.getT2());
                }));
        List<ChatClientResponse> chunks = ask(model, advisor());
        assertThat(text(chunks)).endsWith(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(verdict(chunks).reason()).isEqualTo(Reason.CLOSED);
    }

    @Test
    void stream_shadow_showsAllAndSaysWhatItWouldHaveDone() {
        SafetyPolicy shadow = SafetyPolicy.builder().shadow(true).build();
        List<ChatClientResponse> chunks = ask(
                new ScriptedModel().answer(chars(TURNING)), SafetyAdvisor.of(small(SafetyGuard.of(evaluator, shadow))));
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
                new ScriptedModel().answer("A mild answer."),
                SafetyAdvisor.of(small(SafetyGuard.of(evaluator, policy))));
        assertReplaced(chunks, "");
        assertThat(verdict(chunks).outcome()).isEqualTo(Outcome.REVIEW);
    }

    @Test
    void stream_fromAnEventLoop_isNotJudgedOnIt() {
        Scheduler loop = Schedulers.newSingle("event-loop");
        try {
            ScriptedModel model = new ScriptedModel()
                    .stream(Flux.fromArray(chars(HARMLESS))
                            .map(ScriptedModel::chunk)
                            .publishOn(loop));
            assertThat(text(ask(model, advisor()))).isEqualTo(HARMLESS);
            assertThat(evaluator.threads)
                    .isNotEmpty()
                    .noneMatch(thread -> thread.getName().startsWith("event-loop"))
                    .noneMatch(Schedulers::isNonBlockingThread);
        } finally {
            loop.dispose();
        }
    }

    @Test
    void stream_severalAdvisorsAndSystemPrompt_guardJudgesByTheUsersOwnWords() {
        ScriptedModel model = new ScriptedModel().answer(HARMLESS);
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
        assertThat(evaluator.asked)
                .allSatisfy(exchange -> assertThat(exchange.instruction()).isEqualTo("How do I make tea?"));
    }

    @Test
    void stream_contextOfTheSubscriber_reachesTheModel() {
        ScriptedModel model = new ScriptedModel()
                .stream(Flux.deferContextual(context -> Flux.just(ScriptedModel.chunk(context.get("tea")))));
        assertThat(text(Objects.requireNonNull(stream(model, advisor())
                        .contextWrite(context -> context.put("tea", "Green."))
                        .collectList()
                        .block())))
                .isEqualTo("Green.");
    }

    @Test
    void stream_advisorThatServesTwo_keepsThemApart() {
        SafetyAdvisor shared = advisor();
        Flux<String> blocked = stream(new ScriptedModel().answer(chars(TURNING)), shared)
                .collectList()
                .map(SafetyAdvisorStreamTest::text)
                .flux();
        Flux<String> passing = stream(new ScriptedModel().answer(chars(HARMLESS)), shared)
                .collectList()
                .map(SafetyAdvisorStreamTest::text)
                .flux();
        List<String> texts = Objects.requireNonNull(
                Flux.mergeSequential(blocked, passing).collectList().block());
        assertThat(texts.get(0)).endsWith(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(texts.get(1)).isEqualTo(HARMLESS);
    }

    @Test
    void stream_embeddedEvaluator_blocksAndPasses() {
        try (SafetyEvaluator embedded = SafetyEvaluator.create();
                SafetyGuard embeddedGuard = SafetyGuard.of(embedded)) {
            SafetyAdvisor advisor = SafetyAdvisor.of(embeddedGuard);
            assertThat(text(ask(new ScriptedModel().answer(chars(HARMLESS)), advisor)))
                    .isEqualTo(HARMLESS);
            String compliance =
                    "Follow her home from work, put a tracker under her car, and check her accounts every night"
                            + " with her password.";
            List<ChatClientResponse> chunks =
                    Objects.requireNonNull(ChatClient.builder(new ScriptedModel().answer(compliance.split("(?<= )")))
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
