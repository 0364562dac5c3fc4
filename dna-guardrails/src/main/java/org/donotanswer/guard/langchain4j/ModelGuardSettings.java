package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Conversation.Role;
import org.donotanswer.guard.Conversation.Turn;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.jspecify.annotations.Nullable;

/** The settings that guarded models share, streaming or not. */
record ModelGuardSettings(
        SafetyGuard guard,
        ModelAction action,
        Function<ChatRequest, @Nullable String> userText,
        Function<ChatRequest, @Nullable Locale> locale) {
    // One instance each, so that settings with the same options are equal.
    @SuppressWarnings("UnnecessaryLambda")
    private static final Function<ChatRequest, @Nullable String> NO_TEXT = request -> null;

    @SuppressWarnings("UnnecessaryLambda")
    private static final Function<ChatRequest, @Nullable Locale> NO_LOCALE = request -> null;

    static ModelGuardSettings of(
            SafetyGuard guard,
            @Nullable ModelAction action,
            @Nullable Function<ChatRequest, @Nullable String> userText,
            @Nullable Function<ChatRequest, @Nullable Locale> locale) {
        return new ModelGuardSettings(
                guard,
                action == null ? ModelAction.REPLACE : action,
                userText == null ? NO_TEXT : userText,
                locale == null ? NO_LOCALE : locale);
    }

    /**
     * Returns the conversation up to and including the last user message; only tool calls and their results follow it. Consecutive
     * user messages all count, since a client may have split one into several; except with {@link ModelAction#ERROR}, which leaves
     * blocked instructions without a response in chat memories: they would be checked again with every later response.
     */
    Conversation conversation(ChatRequest request) {
        List<ChatMessage> messages = ChatMessages.present(request.messages());
        int last = ChatMessages.lastOfUser(messages);
        String given = userText.apply(request);
        if (given == null && last < 0) {
            return Conversation.unknown();
        }
        String instruction = given == null ? ChatMessages.text((UserMessage) messages.get(last)) : given;
        List<ChatMessage> earlier = messages.subList(0, Math.max(last, 0));
        if (action == ModelAction.ERROR) {
            return ChatMessages.conversation(earlier, instruction);
        }
        List<Turn> turns = new ArrayList<>(ChatMessages.turns(earlier));
        while (given != null && !turns.isEmpty() && turns.get(turns.size() - 1).role() == Role.USER) {
            turns.remove(turns.size() - 1);
        }
        turns.add(new Turn(Role.USER, instruction));
        return new Conversation(turns);
    }

    String replacement(ChatRequest request) {
        Locale chosen = locale.apply(request);
        return guard.policy().replacement(chosen == null ? Locale.ENGLISH : chosen);
    }

    /** Returns the verdict on the text of a model's message; text beside calls of tools is no response yet. */
    Verdict check(Conversation conversation, AiMessage message, String text) {
        return message.hasToolExecutionRequests()
                ? guard.checkInterim(conversation, text)
                : guard.check(conversation, text);
    }

    /** Returns a response whose text passed; its thoughts are left out unless they pass as well. */
    ChatResponse released(Conversation conversation, ChatResponse response) {
        String thinking = response.aiMessage().thinking();
        if (thinking == null || guard.check(conversation, thinking).released()) {
            return response;
        }
        return GuardedResponses.withoutThinking(response);
    }
}
