package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatMessagesTest {
    private static final SystemMessage SYSTEM = SystemMessage.from("Be brief.");
    private static final UserMessage INSTRUCTION = UserMessage.from("What time is it?");
    private static final AiMessage CALL =
            AiMessage.from(ToolExecutionRequest.builder().id("1").name("time").build());

    @Test
    void response_endsMessages() {
        assertThat(ChatMessages.endsWithResponse(List.of(SYSTEM, INSTRUCTION, AiMessage.from("Noon."))))
                .isTrue();
        assertThat(ChatMessages.endsWithResponse(List.of(SYSTEM, INSTRUCTION))).isFalse();
        assertThat(ChatMessages.endsWithResponse(List.of(AiMessage.from("Noon."), INSTRUCTION)))
                .isFalse();
    }

    @Test
    void toolCall_isNoResponse() {
        assertThat(ChatMessages.endsWithResponse(List.of(INSTRUCTION, CALL))).isFalse();
    }

    @Test
    void noMessages_endWithNoResponse() {
        assertThat(ChatMessages.endsWithResponse(List.of())).isFalse();
        assertThat(ChatMessages.present(null)).isEmpty();
    }

    @Test
    void nulls_areLeftOut() {
        List<ChatMessage> messages = Arrays.asList(null, INSTRUCTION, null);

        assertThat(ChatMessages.present(messages)).containsExactly(INSTRUCTION);
    }
}
