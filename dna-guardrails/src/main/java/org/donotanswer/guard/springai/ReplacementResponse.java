package org.donotanswer.guard.springai;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Creates the response that replaces a blocked one. It contains nothing of the blocked response: no tool calls, no media, and none
 * of the provider's own metadata, which may repeat it.
 *
 * @param policy the policy with the texts
 * @param locale the language for requests that name none
 */
record ReplacementResponse(SafetyPolicy policy, Locale locale) {
    /** Returns the text for a request with the given context. */
    String text(Map<String, Object> context) {
        Object named = context.get(SafetyAdvisor.LOCALE);
        if (named instanceof Locale given) {
            return policy.replacement(given);
        }
        return policy.replacement(named instanceof String tag ? Locale.forLanguageTag(tag) : locale);
    }

    /** Returns the generation that replaces a blocked one. */
    static Generation generation(String text) {
        return new Generation(
                new AssistantMessage(text),
                ChatGenerationMetadata.builder()
                        .finishReason(SafetyAdvisor.FINISH_REASON)
                        .build());
    }

    /** Returns a response of generations, with the metadata of the blocked response, if any, that cannot repeat its text. */
    static ChatResponse response(List<Generation> generations, @Nullable ChatResponse blocked) {
        ChatResponseMetadata metadata = blocked == null ? null : blocked.getMetadata();
        if (metadata == null) {
            return new ChatResponse(generations);
        }
        return new ChatResponse(
                generations,
                ChatResponseMetadata.builder()
                        .id(metadata.getId())
                        .model(metadata.getModel())
                        .usage(metadata.getUsage())
                        .rateLimit(metadata.getRateLimit())
                        .promptMetadata(metadata.getPromptMetadata())
                        .build());
    }
}
