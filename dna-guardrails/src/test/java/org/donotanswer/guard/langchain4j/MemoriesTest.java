package org.donotanswer.guard.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import org.junit.jupiter.api.Test;

class MemoriesTest {
    private static final SystemMessage SYSTEM = SystemMessage.from("Be brief.");
    private static final UserMessage QUESTION = UserMessage.from("What time is it?");
    private static final AiMessage CALL =
            AiMessage.from(ToolExecutionRequest.builder().id("1").name("time").build());

    private final ChatMemory memory = MessageWindowChatMemory.withMaxMessages(3);

    @Test
    void answer_isRemoved_andNothingElse() {
        memory.add(SYSTEM, QUESTION, AiMessage.from("Noon."));

        Memories.removeAnswer(memory);
        assertThat(memory.messages()).containsExactly(SYSTEM, QUESTION);
        Memories.removeAnswer(memory);
        assertThat(memory.messages()).containsExactly(SYSTEM, QUESTION);
    }

    @Test
    void toolCall_isNoAnswer() {
        memory.add(QUESTION, CALL);

        assertThat(Memories.endsWithAnswer(memory)).isFalse();
        Memories.removeAnswer(memory);
        assertThat(memory.messages()).containsExactly(QUESTION, CALL);
    }

    @Test
    void answer_isPutInPlaceOfAnother() {
        memory.add(SYSTEM, QUESTION);

        Memories.putAnswer(memory, "Noon.");
        Memories.putAnswer(memory, "One.");

        assertThat(memory.messages()).containsExactly(SYSTEM, QUESTION, AiMessage.from("One."));
    }

    @Test
    void noMemory_endsWithNoAnswer() {
        assertThat(Memories.endsWithAnswer(null)).isFalse();
        assertThat(Memories.endsWithAnswer(memory)).isFalse();
        Memories.removeAnswer(memory);
        assertThat(memory.messages()).isEmpty();
    }
}
