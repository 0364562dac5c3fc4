package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Conversation.Role;
import org.donotanswer.guard.Conversation.Turn;
import org.jspecify.annotations.Nullable;

/**
 * Reads the framework's messages as turns of a conversation. What only the chatbot sees is no turn: system prompts, tool calls and
 * what tools returned.
 */
final class Messages {
    private Messages() {}

    /** Returns the text of a user's message: its parts that are text, each on a line of its own. */
    static String text(UserMessage message) {
        return message.contents().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n"));
    }

    /** Returns whether a message is one text and no more. */
    static boolean isText(UserMessage message) {
        List<Content> contents = message.contents();
        return contents.size() == 1 && contents.get(0) instanceof TextContent;
    }

    /** Returns the index of the last message of the user; -1 if there is none. */
    static int lastOfUser(List<ChatMessage> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof UserMessage) {
                return i;
            }
        }
        return -1;
    }

    /** Returns what was said in messages. */
    static List<Turn> turns(List<ChatMessage> messages) {
        List<Turn> turns = new ArrayList<>();
        for (ChatMessage message : messages) {
            if (message instanceof UserMessage user) {
                turns.add(new Turn(Role.USER, text(user)));
            } else if (message instanceof AiMessage ai && hasText(ai)) {
                turns.add(new Turn(Role.ASSISTANT, ai.text()));
            }
        }
        return turns;
    }

    /**
     * Returns the conversation of messages each of which was answered by itself, and of what the user said after them. Where an
     * answer is missing, as it was blocked or the model failed, an empty one stands for it: otherwise the question that got none
     * would be judged again with every answer to the next.
     */
    static Conversation answeredEach(List<ChatMessage> earlier, String said) {
        List<Turn> turns = new ArrayList<>();
        for (Turn turn : turns(earlier)) {
            addAnswered(turns, turn);
        }
        addAnswered(turns, new Turn(Role.USER, said));
        return new Conversation(turns);
    }

    private static void addAnswered(List<Turn> turns, Turn turn) {
        boolean unanswered = !turns.isEmpty() && turns.get(turns.size() - 1).role() == Role.USER;
        if (turn.role() == Role.USER && unanswered) {
            turns.add(new Turn(Role.ASSISTANT, ""));
        }
        turns.add(turn);
    }

    /** Returns whether a message of the chatbot says something: one that calls tools may not. */
    static boolean hasText(AiMessage message) {
        return message.text() != null && !message.text().isBlank();
    }

    /** Returns a list of a framework's, without nulls; empty if it is null. */
    static List<ChatMessage> present(@Nullable List<ChatMessage> messages) {
        if (messages == null) {
            return List.of();
        }
        return messages.stream().filter(Objects::nonNull).toList();
    }
}
