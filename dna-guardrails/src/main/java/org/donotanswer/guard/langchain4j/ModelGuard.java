package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
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
import org.jspecify.annotations.Nullable;

/** How a model is guarded, streaming or not. */
record ModelGuard(
        SafetyGuard guard,
        ModelAction action,
        Function<ChatRequest, @Nullable String> userText,
        Function<ChatRequest, @Nullable Locale> locale) {

    static ModelGuard of(
            SafetyGuard guard,
            @Nullable ModelAction action,
            @Nullable Function<ChatRequest, @Nullable String> userText,
            @Nullable Function<ChatRequest, @Nullable Locale> locale) {
        return new ModelGuard(
                guard,
                action == null ? ModelAction.REPLACE : action,
                userText == null ? request -> null : userText,
                locale == null ? request -> null : locale);
    }

    /**
     * Returns what was said up to the user's last words, and with them: what follows these are tool calls and their results. Of
     * messages of the user in a row all count, as whoever sends the request may have cut one into several.
     */
    Conversation conversation(ChatRequest request) {
        List<ChatMessage> messages = Messages.present(request.messages());
        List<ChatMessage> upToUser = messages.subList(0, Messages.lastOfUser(messages) + 1);
        String given = userText.apply(request);
        if (given == null) {
            return new Conversation(Messages.turns(upToUser));
        }
        List<Turn> turns = new ArrayList<>(Messages.turns(upToUser));
        while (!turns.isEmpty() && turns.get(turns.size() - 1).role() == Role.USER) {
            turns.remove(turns.size() - 1);
        }
        turns.add(new Turn(Role.USER, given));
        return new Conversation(turns);
    }

    String replacement(ChatRequest request) {
        Locale chosen = locale.apply(request);
        return guard.policy().replacement(chosen == null ? Locale.ENGLISH : chosen);
    }

    /** Returns a response whose text passed, with the model's thoughts only if they pass, too. */
    ChatResponse released(Conversation conversation, ChatResponse response) {
        String thinking = Responses.thinking(response.aiMessage());
        if (thinking == null || guard.judge(conversation, thinking).released()) {
            return response;
        }
        return Responses.withoutThinking(response);
    }
}
