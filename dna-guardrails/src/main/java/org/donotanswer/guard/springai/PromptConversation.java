package org.donotanswer.guard.springai;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Conversation.Role;
import org.donotanswer.guard.Conversation.Turn;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.messages.Message;

/** Reads the conversation of a request from its prompt. */
final class PromptConversation {
    /** The context key of the conversation as recorded before memory and retrieval added to it. */
    static final String KEY = "donotanswer.conversation";

    private PromptConversation() {}

    /**
     * Returns the conversation of a request: the earlier turns from the prompt, and the instruction as recorded, or else from the
     * prompt as well.
     */
    static Conversation of(ChatClientRequest request) {
        Conversation prompted = ofPrompt(request);
        if (request.context().get(KEY) instanceof Conversation recorded
                && !recorded.instruction().isBlank()) {
            return new Conversation(prompted.earlier()).user(recorded.instruction());
        }
        return prompted;
    }

    /**
     * Returns the conversation of a request's prompt, which ends with the last user message: what the chatbot said after it is part
     * of the response. System prompts and tool results are left out.
     */
    static Conversation ofPrompt(ChatClientRequest request) {
        List<Turn> turns = new ArrayList<>();
        int end = 0;
        for (Message message : request.prompt().getInstructions()) {
            Role role = role(message);
            String text = message.getText();
            if (role != null && text != null && !text.isEmpty()) {
                turns.add(new Turn(role, text));
                end = role == Role.USER ? turns.size() : end;
            }
        }
        return new Conversation(turns.subList(0, end));
    }

    private static @Nullable Role role(Message message) {
        return switch (message.getMessageType()) {
            case USER -> Role.USER;
            case ASSISTANT -> Role.ASSISTANT;
            case SYSTEM, TOOL -> null;
        };
    }
}
