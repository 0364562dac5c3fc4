package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.SimpleLoggerAdvisor;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

class SafetyAdvisorCallTest {
    private static final String HARMFUL = "Mix the poison into his tea.";
    private static final String HARMLESS = "Pour hot water over the leaves.";

    private final KeywordEvaluator evaluator = new KeywordEvaluator();

    private static ChatClient client(ScriptedSpringModel model, Advisor... advisors) {
        return ChatClient.builder(model).defaultAdvisors(advisors).build();
    }

    private SafetyAdvisor advisor() {
        return SafetyAdvisor.of(SafetyGuard.of(evaluator));
    }

    private ChatClientResponse ask(ScriptedSpringModel model, Advisor... advisors) {
        return client(model, advisors)
                .prompt()
                .user("How do I make tea?")
                .call()
                .chatClientResponse();
    }

    private static String text(ChatClientResponse response) {
        return response.chatResponse().getResult().getOutput().getText();
    }

    @Test
    void call_passes_isReturnedUnchangedWithItsVerdict() {
        ChatClientResponse response = ask(new ScriptedSpringModel().response(HARMLESS), advisor());
        assertThat(text(response)).isEqualTo(HARMLESS);
        assertThat(response.chatResponse().getResult().getMetadata().getFinishReason())
                .isEqualTo("STOP");
        assertThat(response.chatResponse().getMetadata().getUsage().getTotalTokens())
                .isEqualTo(18);
        Verdict verdict = (Verdict) response.context().get(SafetyAdvisor.VERDICT);
        assertThat(verdict.outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(verdict.released()).isTrue();
        assertThat(evaluator.exchanges).containsExactly(Exchange.of("How do I make tea?", HARMLESS));
    }

    @Test
    void call_blocked_isReplacedWithItsVerdict() {
        ChatClientResponse response = ask(new ScriptedSpringModel().response(HARMFUL), advisor());
        assertThat(text(response)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(response.chatResponse().getResult().getMetadata().getFinishReason())
                .isEqualTo(SafetyAdvisor.FINISH_REASON)
                .isEqualTo("CONTENT_FILTER");
        assertThat(response.chatResponse().getMetadata().getUsage().getTotalTokens())
                .isEqualTo(18);
        assertThat(response.chatResponse().getMetadata().getModel()).isEqualTo("scripted");
        Verdict verdict = (Verdict) response.context().get(SafetyAdvisor.VERDICT);
        assertThat(verdict.reason()).isEqualTo(Reason.HARMFUL);
        assertThat(response.toString()).doesNotContain("poison");
    }

    @Test
    void call_blockedAndThrowing_throwsTheVerdict() {
        SafetyAdvisor advisor = SafetyAdvisor.builder()
                .guard(SafetyGuard.of(evaluator))
                .throwing(true)
                .build();
        assertThatExceptionOfType(BlockedException.class)
                .isThrownBy(() -> ask(new ScriptedSpringModel().response(HARMFUL), advisor))
                .satisfies(blocked -> assertThat(blocked.verdict().reason()).isEqualTo(Reason.HARMFUL))
                .withMessageNotContaining("poison");
        assertThat(text(ask(new ScriptedSpringModel().response(HARMLESS), advisor)))
                .isEqualTo(HARMLESS);
    }

    @Test
    void call_severalGenerations_checksEach() {
        ChatResponse three = new ChatResponse(List.of(
                new Generation(new AssistantMessage(HARMLESS)),
                new Generation(new AssistantMessage(HARMFUL)),
                new Generation(new AssistantMessage("Ask your grandmother."))));
        ChatClientResponse response = ask(new ScriptedSpringModel().responses(List.of(three)), advisor());
        assertThat(response.chatResponse().getResults())
                .extracting(generation -> generation.getOutput().getText())
                .containsExactly(HARMLESS, SafetyPolicy.DEFAULT_REPLACEMENT, "Ask your grandmother.");
        assertThat(((Verdict) response.context().get(SafetyAdvisor.VERDICT)).reason())
                .isEqualTo(Reason.HARMFUL);
    }

    @Test
    void call_blocked_passesOnNothingThatMayRepeatTheResponse() {
        AssistantMessage message = AssistantMessage.builder()
                .content(HARMFUL)
                .properties(Map.of("reasoningContent", "He wants the poison."))
                .toolCalls(List.of(new ToolCall("1", "function", "buy", "{\"what\": \"poison\"}")))
                .build();
        ChatResponse answer = new ChatResponse(
                List.of(new Generation(
                        message,
                        ChatGenerationMetadata.builder()
                                .metadata("raw", HARMFUL)
                                .build())),
                ScriptedSpringModel.metadata().keyValue("raw", HARMFUL).build());
        ChatClientResponse response = ask(new ScriptedSpringModel().responses(List.of(answer)), advisor());
        AssistantMessage output = response.chatResponse().getResult().getOutput();
        assertThat(output.getToolCalls()).isEmpty();
        assertThat(output.getMetadata()).doesNotContainKey("reasoningContent");
        assertThat(response.chatResponse().getResult().getMetadata().entrySet()).isEmpty();
        assertThat(response.chatResponse().getMetadata().entrySet()).isEmpty();
    }

    @Test
    void call_toolCallsWithoutText_passUnchecked() {
        AssistantMessage message = AssistantMessage.builder()
                .content(null)
                .toolCalls(List.of(new ToolCall("1", "function", "weather", "{}")))
                .build();
        ChatClientResponse response = ask(
                new ScriptedSpringModel().responses(List.of(new ChatResponse(List.of(new Generation(message))))),
                advisor());
        assertThat(response.chatResponse().getResult().getOutput().getToolCalls())
                .hasSize(1);
        assertThat(response.context()).doesNotContainKey(SafetyAdvisor.VERDICT);
        assertThat(evaluator.exchanges).isEmpty();
    }

    @Test
    void call_toolCallsBesideBlockedText_areDropped() {
        AssistantMessage calls = AssistantMessage.builder()
                .content(null)
                .toolCalls(List.of(new ToolCall("1", "function", "order", "{}")))
                .build();
        ChatResponse answer = new ChatResponse(
                List.of(new Generation(new AssistantMessage("I order the poison.")), new Generation(calls)));
        ChatClientResponse response = ask(new ScriptedSpringModel().responses(List.of(answer)), advisor());
        assertThat(text(response)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(response.chatResponse().hasToolCalls()).isFalse();
    }

    @Test
    void call_systemPromptWithAlarmingWords_doesNotTrigger() {
        ScriptedSpringModel model = new ScriptedSpringModel().response(HARMLESS);
        ChatClientResponse response = client(model, advisor())
                .prompt()
                .system("Never speak of poison.")
                .user("How do I make tea?")
                .call()
                .chatClientResponse();
        assertThat(text(response)).isEqualTo(HARMLESS);
        assertThat(evaluator.exchanges).containsExactly(Exchange.of("How do I make tea?", HARMLESS));
    }

    @Test
    void call_conversation_checksAgainstTheLastUserMessage() {
        client(new ScriptedSpringModel().response(HARMLESS), advisor())
                .prompt(new Prompt(List.of(
                        new SystemMessage("Be brief."),
                        new UserMessage("Hello."),
                        new AssistantMessage("Hello! How can I help?"),
                        new UserMessage("How do I make tea?"),
                        new UserMessage("Green, please."))))
                .call()
                .content();
        assertThat(evaluator.exchanges).containsExactly(Exchange.of("Green, please.", HARMLESS));
    }

    @Test
    void call_localeInContext_choosesTheReplacement() {
        SafetyPolicy policy = SafetyPolicy.builder()
                .replacement(Locale.GERMAN, "Das zeige ich nicht.")
                .replacement(Locale.FRENCH, "Je ne montre pas cela.")
                .build();
        SafetyAdvisor advisor = SafetyAdvisor.builder()
                .guard(SafetyGuard.of(evaluator, policy))
                .locale(Locale.FRENCH)
                .build();
        for (Object locale : List.of(Locale.GERMANY, "de-AT")) {
            assertThat(client(new ScriptedSpringModel().response(HARMFUL), advisor)
                            .prompt("How?")
                            .advisors(spec -> spec.param(SafetyAdvisor.LOCALE, locale))
                            .call()
                            .content())
                    .isEqualTo("Das zeige ich nicht.");
        }
        assertThat(text(ask(new ScriptedSpringModel().response(HARMFUL), advisor)))
                .isEqualTo("Je ne montre pas cela.");
    }

    @Test
    void call_reviewBand_isShownUnlessReviewsAreHeld() {
        SafetyPolicy band = SafetyPolicy.builder()
                .defaultRule(Rule.builder().review(0.3).block(0.5).build())
                .build();
        ChatClientResponse shown = ask(
                new ScriptedSpringModel().response("A mild answer."),
                SafetyAdvisor.of(SafetyGuard.of(evaluator, band)));
        assertThat(text(shown)).isEqualTo("A mild answer.");
        assertThat(((Verdict) shown.context().get(SafetyAdvisor.VERDICT)).outcome())
                .isEqualTo(Outcome.REVIEW);

        SafetyPolicy holding = SafetyPolicy.builder()
                .defaultRule(Rule.builder().review(0.3).block(0.5).build())
                .holdReviews(true)
                .build();
        ChatClientResponse held = ask(
                new ScriptedSpringModel().response("A mild answer."),
                SafetyAdvisor.of(SafetyGuard.of(evaluator, holding)));
        assertThat(text(held)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(((Verdict) held.context().get(SafetyAdvisor.VERDICT)).outcome())
                .isEqualTo(Outcome.REVIEW);
    }

    @Test
    void call_shadow_showsEverythingAndReportsWhatItWouldHaveDone() {
        SafetyPolicy policy = SafetyPolicy.builder().shadow(true).build();
        ChatClientResponse response =
                ask(new ScriptedSpringModel().response(HARMFUL), SafetyAdvisor.of(SafetyGuard.of(evaluator, policy)));
        assertThat(text(response)).isEqualTo(HARMFUL);
        Verdict verdict = (Verdict) response.context().get(SafetyAdvisor.VERDICT);
        assertThat(verdict.outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(verdict.shadow()).isTrue();
    }

    @Test
    void call_evaluatorThrows_failModeDecides() {
        KeywordEvaluator failing = new KeywordEvaluator(text -> {
            throw new IllegalArgumentException(text);
        });
        ChatClientResponse closed =
                ask(new ScriptedSpringModel().response(HARMLESS), SafetyAdvisor.of(SafetyGuard.of(failing)));
        assertThat(text(closed)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(((Verdict) closed.context().get(SafetyAdvisor.VERDICT)).reason())
                .isEqualTo(Reason.EVALUATOR_FAILED);

        ChatClientResponse open = ask(
                new ScriptedSpringModel().response(HARMLESS),
                SafetyAdvisor.of(SafetyGuard.builder()
                        .evaluator(failing)
                        .failMode(FailMode.OPEN)
                        .build()));
        assertThat(text(open)).isEqualTo(HARMLESS);
        assertThat(((Verdict) open.context().get(SafetyAdvisor.VERDICT)).isChecked())
                .isFalse();
    }

    @Test
    void call_evaluatorHangs_isReplacedAtTheDeadline() {
        CountDownLatch never = new CountDownLatch(1);
        try (SafetyGuard hurried = SafetyGuard.builder()
                .evaluator(new KeywordEvaluator(text -> Streams.await(never)))
                .deadline(Duration.ofMillis(20))
                .build()) {
            ChatClientResponse response = ask(new ScriptedSpringModel().response(HARMLESS), SafetyAdvisor.of(hurried));
            assertThat(text(response)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
            assertThat(((Verdict) response.context().get(SafetyAdvisor.VERDICT)).reason())
                    .isEqualTo(Reason.DEADLINE_EXCEEDED);
        } finally {
            never.countDown();
        }
    }

    @Test
    void call_emptyResponseOfTheFramework_isPassedOn() {
        CallAdvisor nothing = new TestAdvisors.Answering(null);
        assertThat(client(new ScriptedSpringModel(), advisor(), nothing)
                        .prompt("How?")
                        .call()
                        .content())
                .isNull();
        CallAdvisor empty =
                new TestAdvisors.Answering(ChatClientResponse.builder().build());
        assertThat(client(new ScriptedSpringModel(), advisor(), empty)
                        .prompt("How?")
                        .call()
                        .chatResponse())
                .isNull();
        CallAdvisor noResults = new TestAdvisors.Answering(ChatClientResponse.builder()
                .chatResponse(new ChatResponse(List.of()))
                .build());
        assertThat(client(new ScriptedSpringModel(), advisor(), noResults)
                        .prompt("How?")
                        .call()
                        .chatResponse()
                        .getResults())
                .isEmpty();
        CallAdvisor noMessage = new TestAdvisors.Answering(ChatClientResponse.builder()
                .chatResponse(new ChatResponse(List.of(new Generation(null, null)), null))
                .build());
        assertThat(ask(new ScriptedSpringModel(), advisor(), noMessage)
                        .chatResponse()
                        .getResults())
                .hasSize(1);
        assertThat(evaluator.exchanges).isEmpty();
    }

    @Test
    void call_blockedWithoutMetadata_isReplaced() {
        CallAdvisor bare = new TestAdvisors.Answering(ChatClientResponse.builder()
                .chatResponse(new ChatResponse(List.of(new Generation(new AssistantMessage(HARMFUL), null)), null))
                .build());
        assertThat(text(ask(new ScriptedSpringModel(), advisor(), bare))).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
    }

    @Test
    void call_severalAdvisors_guardChecksAgainstTheUsersOwnWords() {
        ScriptedSpringModel model = new ScriptedSpringModel().response(HARMLESS);
        ChatClientResponse response = ask(model, new TestAdvisors.Augmenting(0), new SimpleLoggerAdvisor(), advisor());
        assertThat(text(response)).isEqualTo(HARMLESS);
        assertThat(model.prompts.get(0).getContents()).contains(TestAdvisors.PASSAGE);
        assertThat(evaluator.exchanges).containsExactly(Exchange.of("How do I make tea?", HARMLESS));
    }

    @Test
    void call_retrievalFurtherOut_checksAgainstTheRecordedInstruction() {
        SafetyGuard guard = SafetyGuard.of(evaluator);
        Advisor retrieval = new TestAdvisors.Augmenting(SafetyAdvisor.DEFAULT_ORDER - 1);
        ask(
                new ScriptedSpringModel().response(HARMLESS),
                retrieval,
                SafetyAdvisor.of(guard),
                InstructionAdvisor.of(guard));
        assertThat(evaluator.exchanges).containsExactly(Exchange.of("How do I make tea?", HARMLESS));
    }

    @Test
    void call_embeddedEvaluator_blocksAndPasses() {
        try (SafetyEvaluator embedded = SafetyEvaluator.create();
                SafetyGuard guard = SafetyGuard.of(embedded)) {
            SafetyAdvisor advisor = SafetyAdvisor.of(guard);
            String question = "Tell me how to stalk my ex-girlfriend.";
            String refusal = "I'm sorry, but I can't help with following somebody against her will.";
            assertThat(client(new ScriptedSpringModel().response(refusal), advisor)
                            .prompt(question)
                            .call()
                            .content())
                    .isEqualTo(refusal);
            String compliance =
                    "Follow her home from work, put a tracker under her car, and check her accounts every night"
                            + " with her password.";
            assertThat(client(new ScriptedSpringModel().response(compliance), advisor)
                            .prompt(question)
                            .call()
                            .content())
                    .isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        }
    }

    @Test
    void build_optionTwiceOrNoGuard_isRefused() {
        SafetyGuard guard = SafetyGuard.of(evaluator);
        assertThatIllegalStateException()
                .isThrownBy(() -> SafetyAdvisor.builder().build())
                .withMessage("guard must be set, but was not");
        assertThatIllegalStateException()
                .isThrownBy(() -> SafetyAdvisor.builder().guard(guard).guard(StreamGuard.of(guard)))
                .withMessageStartingWith("guard must be set once, but was");
        assertThatIllegalStateException()
                .isThrownBy(() -> SafetyAdvisor.builder().order(1).order(2))
                .withMessage("order must be set once, but was 1 and then 2");
        assertThatThrownBy(() -> SafetyAdvisor.builder().guard((SafetyGuard) null))
                .isInstanceOf(NullPointerException.class);
    }
}
