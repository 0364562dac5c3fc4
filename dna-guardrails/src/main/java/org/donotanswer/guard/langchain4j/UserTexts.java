package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.model.input.PromptTemplate;
import java.util.List;
import java.util.Map;
import org.donotanswer.guard.Conversation;
import org.jspecify.annotations.Nullable;

/**
 * Finds the user's instruction, for which the framework has no single place: without retrieved passages, of which a question about
 * locks may bring many about burglars, and without the framework's own instructions on the format of the response.
 */
final class UserTexts {
    private UserTexts() {}

    /**
     * Returns the conversation that ends with the instruction of a response.
     *
     * @param given the instruction if the application supplied it; null to find it
     */
    static Conversation answered(GuardrailRequestParams params, @Nullable String given) {
        List<ChatMessage> memory = memory(params);
        int last = ChatMessages.lastOfUser(memory);
        UserMessage remembered = last < 0 ? null : (UserMessage) memory.get(last);
        String instruction = given == null ? instruction(params, remembered) : given;
        return instruction == null
                ? Conversation.unknown()
                : ChatMessages.conversation(memory.subList(0, Math.max(last, 0)), instruction);
    }

    /**
     * Returns the conversation that ends with an instruction which has no response yet.
     *
     * @param given the instruction if the application supplied it; null to find it
     */
    static Conversation asked(GuardrailRequestParams params, @Nullable UserMessage message, @Nullable String given) {
        String instruction = given == null ? instruction(params, message) : given;
        return ChatMessages.conversation(memory(params), instruction == null ? "" : instruction);
    }

    private static List<ChatMessage> memory(GuardrailRequestParams params) {
        ChatMemory memory = params.chatMemory();
        return memory == null ? List.of() : ChatMessages.present(memory.messages());
    }

    /**
     * Returns the text of the user message in the invocation context, or else of the given message. If passages were retrieved or
     * the framework added text, returns the service's template with its variables instead. Null if there is neither.
     */
    private static @Nullable String instruction(GuardrailRequestParams params, @Nullable UserMessage message) {
        InvocationContext context = params.invocationContext();
        UserMessage invoked = context == null ? null : context.userMessage();
        UserMessage known = invoked == null ? message : invoked;
        String rendered = rendered(params);
        if (known == null || rendered == null) {
            return known == null ? rendered : ChatMessages.text(known);
        }
        String text = ChatMessages.text(known);
        boolean retrieved = params.augmentationResult() != null;
        return retrieved || (ChatMessages.isText(known) && text.contains(rendered)) ? rendered : text;
    }

    /** Returns the service's template with its variables; null if it has none. */
    private static @Nullable String rendered(GuardrailRequestParams params) {
        String template = params.userMessageTemplate();
        if (template == null || template.isBlank()) {
            return null;
        }
        Map<String, Object> variables = params.variables() == null ? Map.of() : params.variables();
        try {
            return PromptTemplate.from(template).apply(variables).text();
        } catch (IllegalArgumentException e) {
            // A variable without a value: the framework would have failed on it, so the braces are the user's.
            return template;
        }
    }
}
