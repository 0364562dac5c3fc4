package org.donotanswer.guard.langchain4j;

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
     * messages of the user in a row all count, as whoever sends the request may have cut one into several; but not where errors
     * leave blocked questions without an answer in chat memories: these would be judged again with every answer to come.
     */
    Conversation conversation(ChatRequest request) {
        List<ChatMessage> messages = Messages.present(request.messages());
        int last = Messages.lastOfUser(messages);
        String given = userText.apply(request);
        if (given == null && last < 0) {
            return Conversation.unknown();
        }
        String said = given == null ? Messages.text((UserMessage) messages.get(last)) : given;
        List<ChatMessage> earlier = messages.subList(0, Math.max(last, 0));
        if (action == ModelAction.ERROR) {
            return Messages.answeredEach(earlier, said);
        }
        List<Turn> turns = new ArrayList<>(Messages.turns(earlier));
        while (given != null && !turns.isEmpty() && turns.get(turns.size() - 1).role() == Role.USER) {
            turns.remove(turns.size() - 1);
        }
        turns.add(new Turn(Role.USER, said));
        return new Conversation(turns);
    }

    String replacement(ChatRequest request) {
        Locale chosen = locale.apply(request);
        return guard.policy().replacement(chosen == null ? Locale.ENGLISH : chosen);
    }

    /** Returns a response whose text passed, with the model's thoughts only if they pass, too. */
    ChatResponse released(Conversation conversation, ChatResponse response) {
        String thinking = Responses.thinking(response.aiMessage());
        if (thinking == null || guard.check(conversation, thinking).released()) {
            return response;
        }
        return Responses.withoutThinking(response);
    }
}
