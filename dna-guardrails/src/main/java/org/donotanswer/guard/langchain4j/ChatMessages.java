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

/** Reads LangChain4j messages as the turns of a conversation. System prompts, tool calls and tool results are not turns. */
final class ChatMessages {
    private ChatMessages() {}

    /** Returns the text parts of a user message, one per line. */
    static String text(UserMessage message) {
        return message.contents().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n"));
    }

    /** Returns whether a message consists of a single text. */
    static boolean isText(UserMessage message) {
        List<Content> contents = message.contents();
        return contents.size() == 1 && contents.get(0) instanceof TextContent;
    }

    /** Returns the index of the last user message; -1 if there is none. */
    static int lastOfUser(List<ChatMessage> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof UserMessage) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the turns in messages. */
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
     * Returns the conversation of messages and the instruction that followed them, each user message with a response. If one is
     * missing because it was blocked or the model failed, an empty one takes its place: otherwise the instruction without a response
     * would be checked again with the response to the next.
     */
    static Conversation conversation(List<ChatMessage> earlier, String instruction) {
        List<Turn> turns = new ArrayList<>();
        for (Turn turn : turns(earlier)) {
            addTurn(turns, turn);
        }
        addTurn(turns, new Turn(Role.USER, instruction));
        return new Conversation(turns);
    }

    private static void addTurn(List<Turn> turns, Turn turn) {
        boolean unanswered = !turns.isEmpty() && turns.get(turns.size() - 1).role() == Role.USER;
        if (turn.role() == Role.USER && unanswered) {
            turns.add(new Turn(Role.ASSISTANT, ""));
        }
        turns.add(turn);
    }

    /** Returns whether a model's message has text; one that calls tools may have none. */
    static boolean hasText(AiMessage message) {
        return message.text() != null && !message.text().isBlank();
    }

    /** Returns whether the last message is a response, not a tool call. */
    static boolean endsWithResponse(List<ChatMessage> messages) {
        return !messages.isEmpty()
                && messages.get(messages.size() - 1) instanceof AiMessage response
                && !response.hasToolExecutionRequests();
    }

    /** Returns the messages without nulls; an empty list for null. */
    static List<ChatMessage> present(@Nullable List<ChatMessage> messages) {
        if (messages == null) {
            return List.of();
        }
        return messages.stream().filter(Objects::nonNull).toList();
    }
}
