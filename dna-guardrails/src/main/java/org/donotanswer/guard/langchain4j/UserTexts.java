package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.model.input.PromptTemplate;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.guard.Conversation;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the user said, which the framework does not tell a guardrail in one place: not with retrieved passages, of which
 * a question about locks may have many about burglars, nor with what the framework wants of the answer's form.
 */
final class UserTexts {
    private static final Optional<Method> CONTEXT = Newer.method(GuardrailRequestParams.class, "invocationContext");

    private UserTexts() {}

    /**
     * Returns the conversation whose last words an answer is to.
     *
     * @param given what the caller says that the user said; null to find it out
     */
    static Conversation answered(GuardrailRequestParams params, @Nullable String given) {
        List<ChatMessage> memory = memory(params);
        int last = Messages.lastOfUser(memory);
        UserMessage remembered = last < 0 ? null : (UserMessage) memory.get(last);
        String said = given == null ? said(params, remembered) : given;
        return said == null
                ? Conversation.unknown()
                : Messages.answeredEach(memory.subList(0, Math.max(last, 0)), said);
    }

    /**
     * Returns the conversation with what the user says now, to which there is no answer yet.
     *
     * @param given what the caller says that the user said; null to find it out
     */
    static Conversation asked(GuardrailRequestParams params, @Nullable UserMessage message, @Nullable String given) {
        String said = given == null ? said(params, message) : given;
        return Messages.answeredEach(memory(params), said == null ? "" : said);
    }

    private static List<ChatMessage> memory(GuardrailRequestParams params) {
        ChatMemory memory = params.chatMemory();
        return memory == null ? List.of() : Messages.present(memory.messages());
    }

    /**
     * Returns what the user said: of the message that the invocation's context tells, else of the given one; but of the service's
     * template where passages were retrieved, or something was written around it. Null if there is neither.
     */
    private static @Nullable String said(GuardrailRequestParams params, @Nullable UserMessage message) {
        UserMessage told = contextMessage(params);
        UserMessage known = told == null ? message : told;
        String rendered = rendered(params);
        if (known == null || rendered == null) {
            return known == null ? rendered : Messages.text(known);
        }
        String text = Messages.text(known);
        boolean retrieved = params.augmentationResult() != null;
        return retrieved || (Messages.isText(known) && text.contains(rendered)) ? rendered : text;
    }

    private static @Nullable UserMessage contextMessage(GuardrailRequestParams params) {
        Object context = CONTEXT.map(method -> Newer.call(method, params)).orElse(null);
        if (context == null || CONTEXT.isEmpty()) {
            return null;
        }
        return (UserMessage) Newer.method(CONTEXT.get().getReturnType(), "userMessage")
                .map(method -> Newer.call(method, context))
                .orElse(null);
    }

    /** Returns the text of the service's template; null if it has none. */
    private static @Nullable String rendered(GuardrailRequestParams params) {
        String template = params.userMessageTemplate();
        if (template == null || template.isBlank()) {
            return null;
        }
        Map<String, Object> variables = params.variables() == null ? Map.of() : params.variables();
        try {
            return PromptTemplate.from(template).apply(variables).text();
        } catch (IllegalArgumentException e) {
            // A variable has no value, which a message that the framework made of it cannot lack: the braces are the
            // user's.
            return template;
        }
    }
}
