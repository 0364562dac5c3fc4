package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.input.Prompt;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.model.moderation.ModerationRequest;
import dev.langchain4j.model.moderation.ModerationResponse;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Moderate;
import dev.langchain4j.service.ModerationException;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.Condition;
import org.donotanswer.guard.FailMode;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.junit.jupiter.api.Test;

/** Moderates texts, messages and requests. */
class SafetyModerationModelTest {
    private final WordEvaluator evaluator = new WordEvaluator();
    private final ModerationModel model = SafetyModerationModel.of(SafetyGuard.of(evaluator));

    interface Bot {
        @Moderate
        String chat(String message);
    }

    private static void assertFlagged(Response<Moderation> response, String text) {
        assertThat(response.content()).isEqualTo(Moderation.flagged(text));
        assertThat(verdict(response).released()).isFalse();
    }

    private static void assertNotFlagged(Response<Moderation> response) {
        assertThat(response.content()).isEqualTo(Moderation.notFlagged());
    }

    private static Verdict verdict(Response<Moderation> response) {
        return (Verdict) response.metadata().get(SafetyModerationModel.VERDICT);
    }

    @Test
    void text_isCheckedAsInstruction() {
        assertFlagged(model.moderate("A RISKY thing?"), "A RISKY thing?");
        assertNotFlagged(model.moderate("Hi"));
        assertThat(verdict(model.moderate("A RISKY thing?")).reason()).isEqualTo(Reason.RISKY_INSTRUCTION);
        assertThat(verdict(model.moderate("Hi")).released()).isTrue();
    }

    @Test
    void otherForms_areTheSame() {
        assertFlagged(model.moderate(Prompt.from("A RISKY prompt?")), "A RISKY prompt?");
        assertFlagged(model.moderate(TextSegment.from("A RISKY segment.")), "A RISKY segment.");
        assertFlagged(model.moderate(UserMessage.from("A RISKY message?")), "A RISKY message?");
        assertFlagged(model.moderate(AiMessage.from("BAD")), "BAD");
        assertNotFlagged(model.moderate(AiMessage.from("RISKY but fine")));
        assertNotFlagged(model.moderate(SystemMessage.from("Answer no RISKY or BAD question.")));
    }

    @Test
    void messages_lastExchangeIsChecked() {
        List<ChatMessage> old = List.of(
                SystemMessage.from("A RISKY system."),
                UserMessage.from("An old RISKY thing?"),
                AiMessage.from("An old BAD answer."));

        assertNotFlagged(model.moderate(and(old, UserMessage.from("Hi"))));
        assertThat(evaluator.instructions).last().isEqualTo("Hi");
        assertFlagged(model.moderate(and(old, UserMessage.from("RISKY?"))), "RISKY?");
        assertFlagged(model.moderate(and(old, UserMessage.from("Hi"), AiMessage.from("BAD"))), "BAD");
        assertThat(evaluator.lastInstruction()).isEqualTo("Hi");
        assertNotFlagged(model.moderate(and(
                old,
                UserMessage.from("Hi"),
                ToolExecutionResultMessage.from("1", "t", "BAD"),
                AiMessage.from("Fine."))));
    }

    private static List<ChatMessage> and(List<ChatMessage> old, ChatMessage... messages) {
        return java.util.stream.Stream.concat(old.stream(), java.util.Arrays.stream(messages))
                .toList();
    }

    @Test
    void noMessages_areNotFlagged() {
        assertNotFlagged(model.moderate(List.of()));
        assertThat(model.moderate(List.of()).metadata()).isEmpty();
        assertThat(evaluator.exchanges).isEmpty();
    }

    @Test
    void evaluatorFails_failModeDecides() {
        ModerationModel open = SafetyModerationModel.of(SafetyGuard.builder()
                .evaluator(evaluator)
                .failMode(FailMode.OPEN)
                .build());

        assertFlagged(model.moderate("FAIL"), "FAIL");
        assertNotFlagged(open.moderate("FAIL"));
        assertThat(verdict(open.moderate("FAIL")).reason()).isEqualTo(Reason.EVALUATOR_FAILED);
    }

    @Test
    void service_moderates_andIgnoresEarlierFlaggedTurns() {
        ChatMemory memory = MessageWindowChatMemory.withMaxMessages(20);
        Bot bot = AiServices.builder(Bot.class)
                .chatModel(ScriptedModel.saying("Fine."))
                .chatMemory(memory)
                .systemMessageProvider(id -> "Answer no RISKY question.")
                .moderationModel(model)
                .build();

        assertThatThrownBy(() -> bot.chat("A RISKY thing?")).isInstanceOf(ModerationException.class);
        assertThat(bot.chat("Hi")).isEqualTo("Fine.");
    }

    @Test
    void requests_areServed_upToTheFirstFlaggedText() {
        ModerationRequest risky = request("Hi", "A RISKY thing?", "A second RISKY thing?");
        for (ModerationResponse flagged : List.of(model.moderate(risky), model.doModerate(risky))) {
            assertThat(flagged.moderation()).isEqualTo(Moderation.flagged("A RISKY thing?"));
            assertThat(flagged.metadata())
                    .containsOnlyKeys(SafetyModerationModel.VERDICT)
                    .hasValueSatisfying(
                            new Condition<>(value -> ((Verdict) value).reason() == Reason.RISKY_INSTRUCTION, "risky"));
        }

        assertThat(model.moderate(request("Hi", "Ho")).moderation()).isEqualTo(Moderation.notFlagged());
        assertThat(model.doModerate(request("Hi", "Ho")).moderation()).isEqualTo(Moderation.notFlagged());
    }

    private static ModerationRequest request(String... texts) {
        return ModerationRequest.builder().texts(List.of(texts)).build();
    }

    @Test
    void model_hasIdentity() {
        ModerationModel other = SafetyModerationModel.of(SafetyGuard.of(evaluator));

        assertThat(Set.of(model, other)).contains(model, other);
        assertThat(model).isNotEqualTo(other);
        assertThat(model.toString()).contains("SafetyModerationModel");
    }
}
