package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.memory.ChatMemory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps blocked answers out of chat memories, to which the framework adds them before it has them judged. */
final class Memories {
    private Memories() {}

    /** Returns whether the last message is an answer. */
    static boolean endsWithAnswer(@Nullable ChatMemory memory) {
        return memory != null && endsWithAnswer(Messages.present(memory.messages()));
    }

    private static boolean endsWithAnswer(List<ChatMessage> messages) {
        return !messages.isEmpty()
                && messages.get(messages.size() - 1) instanceof AiMessage answer
                && !answer.hasToolExecutionRequests();
    }

    /** Removes the answer that the memory ends with, if it does; the question stays, as it does where the framework removes it. */
    static void removeAnswer(ChatMemory memory) {
        List<ChatMessage> messages = new ArrayList<>(Messages.present(memory.messages()));
        if (endsWithAnswer(messages)) {
            messages.remove(messages.size() - 1);
            memory.clear();
            messages.forEach(memory::add);
        }
    }

    /** Puts an answer at the end, in place of the one that the memory ends with, if it does. */
    static void putAnswer(ChatMemory memory, String answer) {
        removeAnswer(memory);
        memory.add(AiMessage.from(answer));
    }
}
