package org.donotanswer.guard.springai;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Conversation.Role;
import org.donotanswer.guard.Conversation.Turn;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.messages.Message;

/** Finds in requests who said what. */
final class Conversations {
    /** Under which key of the context the conversation stands as the user began it, before memory and retrieval added to it. */
    static final String KEY = "donotanswer.conversation";

    private Conversations() {}

    /**
     * Returns the conversation that a request asks to be continued: its earlier turns from the prompt, and the user's last words
     * as they came in, if that was noted, else from the prompt, too.
     */
    static Conversation of(ChatClientRequest request) {
        Conversation prompted = ofPrompt(request);
        if (request.context().get(KEY) instanceof Conversation noted
                && !noted.instruction().isBlank()) {
            return new Conversation(prompted.earlier()).user(noted.instruction());
        }
        return prompted;
    }

    /**
     * Returns the conversation of a request's prompt. System prompts and what tools returned are none of it; neither is what the
     * chatbot said since the user's last words, on its way to the answer.
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
