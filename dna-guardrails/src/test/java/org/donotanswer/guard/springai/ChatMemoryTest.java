package org.donotanswer.guard.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.InMemoryChatMemoryRepository;
import org.springframework.ai.chat.memory.MessageWindowChatMemory;
import org.springframework.core.Ordered;

/** Tests what the chat memory stores, with the advisors in the default and in wrong orders. */
class ChatMemoryTest {
    private static final String HARMFUL = "First boil the water. Then wait. Now add the poison. Serve it hot.";
    private static final String HARMLESS = "First boil the water. Then pour it over the leaves.";

    private final KeywordEvaluator evaluator = new KeywordEvaluator();
    private final SafetyGuard guard = SafetyGuard.of(evaluator);
    private final SafetyAdvisor advisor = SafetyAdvisor.of(StreamGuard.builder()
            .guard(guard)
            .minimumStep(10)
            .maximumStep(40)
            .overlap(5)
            .build());
    private final ScriptedSpringModel model = new ScriptedSpringModel();
    private final ChatMemory memory = MessageWindowChatMemory.builder()
            .chatMemoryRepository(new InMemoryChatMemoryRepository())
            .build();

    private Advisor memoryAdvisor() {
        return MessageChatMemoryAdvisor.builder(memory).build();
    }

    private String ask(String question, boolean stream, Advisor... advisors) {
        ChatClient.ChatClientRequestSpec request = ChatClient.builder(model)
                .defaultAdvisors(advisors)
                .build()
                .prompt(question)
                .advisors(spec -> spec.param(ChatMemory.CONVERSATION_ID, "tea"));
        return stream
                ? request.stream().content().reduce("", String::concat).block()
                : request.call().content();
    }

    private List<String> stored() {
        return memory.get("tea").stream()
                .map(message -> message.getMessageType().name().toLowerCase(Locale.ROOT) + ": " + message.getText())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memory_responsePasses_isStored(boolean stream) {
        model.response(HARMLESS.split("(?<= )"));
        assertThat(ask("How?", stream, advisor, memoryAdvisor())).isEqualTo(HARMLESS);
        assertThat(stored()).containsExactly("user: How?", "assistant: " + HARMLESS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memory_responseBlocked_storesWhatWasShown(boolean stream) {
        model.response(HARMFUL.split("(?<= )"));
        String shown = ask("How?", stream, memoryAdvisor(), advisor);
        assertThat(shown).endsWith(SafetyPolicy.DEFAULT_REPLACEMENT).doesNotContain("poison");
        assertThat(stored()).containsExactly("user: How?", "assistant: " + shown);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memory_responseBlockedAndThrowing_storesNoResponse(boolean stream) {
        model.response(HARMFUL.split("(?<= )")).response(HARMLESS);
        SafetyAdvisor throwing =
                SafetyAdvisor.builder().guard(guard).throwing(true).build();
        assertThatExceptionOfType(BlockedException.class)
                .isThrownBy(() -> ask("How to poison him?", stream, memoryAdvisor(), throwing));
        assertThat(stored()).containsExactly("user: How to poison him?");

        // The instruction without a response does not count as part of the next one if it was recorded.
        evaluator.exchanges.clear();
        ask("How do I make tea?", stream, memoryAdvisor(), throwing, InstructionAdvisor.of(guard));
        assertThat(evaluator.exchanges).contains(Exchange.of("How do I make tea?", HARMLESS));
        assertThat(evaluator.exchanges)
                .noneMatch(exchange -> exchange.instruction().contains("poison"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memory_instructionBlocked_storesNothing(boolean stream) {
        assertThat(ask("How to poison him?", stream, advisor, memoryAdvisor(), InstructionAdvisor.of(guard)))
                .isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(stored()).isEmpty();
        assertThat(model.prompts).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memory_secondTurn_isCheckedOnItsOwn(boolean stream) {
        model.response("Not so.").response(HARMLESS);
        ask("How does one make poison?", stream, advisor, memoryAdvisor());
        evaluator.exchanges.clear();
        assertThat(ask("And tea?", stream, advisor, memoryAdvisor())).isEqualTo(HARMLESS);
        assertThat(model.prompts.get(1).getInstructions()).hasSize(3);
        assertThat(evaluator.exchanges).contains(Exchange.of("And tea?", HARMLESS));
    }

    @Test
    void conversation_fromMemory_hasTheEarlierTurns() {
        model.response("Hello!").response(HARMLESS);
        ask("Hi.", false, advisor, memoryAdvisor());
        ask("How?", false, advisor, memoryAdvisor());
        Conversation conversation =
                PromptConversation.ofPrompt(org.springframework.ai.chat.client.ChatClientRequest.builder()
                        .prompt(model.prompts.get(1))
                        .build());
        assertThat(conversation)
                .isEqualTo(Conversation.of("Hi.").assistant("Hello!").user("How?"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memory_nearerToTheModelThanTheGuard_isRefused(boolean stream) {
        Advisor inside = MessageChatMemoryAdvisor.builder(memory)
                .order(Ordered.LOWEST_PRECEDENCE - 1)
                .build();
        model.response(HARMFUL);
        assertThatIllegalStateException()
                .isThrownBy(() -> ask("How?", stream, advisor, inside))
                .withMessage("SafetyAdvisor must be nearer to the model than the chat memory, but was of order "
                        + SafetyAdvisor.DEFAULT_ORDER + ", and MessageChatMemoryAdvisor of order "
                        + (Ordered.LOWEST_PRECEDENCE - 1) + ", which would store what is blocked");
        assertThat(stored()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memory_nearerToTheModelIfAllowed_storesWhatIsBlocked(boolean stream) {
        Advisor inside = MessageChatMemoryAdvisor.builder(memory)
                .order(Ordered.LOWEST_PRECEDENCE - 1)
                .build();
        model.response(HARMFUL);
        SafetyAdvisor bearing =
                SafetyAdvisor.builder().guard(guard).memoryInside(true).build();
        assertThat(ask("How?", stream, bearing, inside)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        if (!stream) {
            assertThat(stored()).containsExactly("user: How?", "assistant: " + HARMFUL);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memory_furtherOutThanTheGuardOfInstructions_isRefusedUnlessAllowed(boolean stream) {
        Advisor outside = MessageChatMemoryAdvisor.builder(memory)
                .order(InstructionAdvisor.DEFAULT_ORDER - 1)
                .build();
        assertThatThrownBy(() -> ask("How?", stream, InstructionAdvisor.of(guard), outside))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "InstructionAdvisor must be further from the model than the chat memory, but was");

        InstructionAdvisor bearing =
                InstructionAdvisor.builder().guard(guard).memoryOutside(true).build();
        assertThat(ask("How to poison him?", stream, bearing, outside)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(stored()).contains("user: How to poison him?");
    }

    @Test
    void defaultOrders_areOnTheCorrectSidesOfTheMemory() {
        int order = ((Ordered) memoryAdvisor()).getOrder();
        assertThat(SafetyAdvisor.DEFAULT_ORDER).isEqualTo(order + 50);
        assertThat(InstructionAdvisor.DEFAULT_ORDER)
                .isEqualTo(Ordered.HIGHEST_PRECEDENCE + 100)
                .isLessThan(order);
        assertThat(order - Ordered.HIGHEST_PRECEDENCE)
                .isEqualTo(System.getProperty("spring-ai.version").startsWith("1.") ? 1000 : 200);
    }
}
