package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells the decisions of content filters from other errors. The known forms are those of Azure (with an inner error and
 * the results of the filter), OpenAI's reasoning models (invalid_prompt), xAI (the failed check in the message),
 * OpenRouter (the flagged input, the reasons, or the error of the model behind it), LiteLLM (the name of its exception
 * in the message), Gemini, Bedrock, Anthropic, DashScope, Ark, Zhipu and MiniMax. Stateless, hence thread-safe.
 */
final class FilterErrors {
    // Compared without case and underscores: one endpoint writes data_inspection_failed, another DataInspectionFailed.
    private static final Set<String> CODES = Set.of(
            // OpenAI, Azure and compatible endpoints.
            "contentfilter",
            "contentfiltererror",
            "contentfiltered",
            "contentpolicyviolation",
            "contentpolicyviolationerror",
            "invalidprompt",
            "moderationblocked",
            "responsibleaipolicyviolation",
            // DashScope.
            "datainspectionfailed",
            // Ark; variants of the first follow after a dot.
            "sensitivecontentdetected",
            "inputtextsensitivecontentdetected",
            "outputtextsensitivecontentdetected",
            "inputtextriskdetection",
            "outputtextriskdetection",
            // Zhipu, MiniMax.
            "1301",
            "1026",
            "1027",
            // Gemini, Bedrock, gateways.
            "prohibitedcontent",
            "safety",
            "guardrailintervened",
            "inputguardrailtriggered",
            "outputguardrailtriggered",
            "guardrailviolation");

    /** Long enough not to occur in a request that the message of another error quotes. */
    private static final List<String> PHRASES = List.of(
            "contentpolicyviolation",
            "content_policy_violation",
            "content management policy",
            "content filtering policy",
            "responsibleaipolicyviolation",
            "code: content_filter",
            "'code': 'content_filter'",
            "\"code\":\"content_filter\"",
            "data_inspection_failed",
            "datainspectionfailed",
            "safety_check_type_",
            "guardrail_intervened",
            "violated guardrail policy",
            "violated openai moderation policy",
            "prohibited_content");

    private static final Set<Integer> NEVER = Set.of(401, 402, 404, 408, 429);

    private FilterErrors() {}

    /**
     * Returns whether an error is the decision of a filter.
     *
     * @param status the HTTP status, or that which the error amounts to
     * @param message the message in lower case
     */
    static boolean isFilter(int status, JsonNode error, String message) {
        if (NEVER.contains(status)) {
            return false;
        }
        JsonNode metadata = error.path("metadata");
        return Stream.of(
                                error.path("code"),
                                error.path("type"),
                                error.path("status"),
                                error.path("status_code"),
                                error.path("finish_reason"),
                                error.at("/innererror/code"),
                                error.at("/inner_error/code"),
                                error.at("/provider_specific_fields/innererror/code"))
                        .anyMatch(code -> CODES.contains(ErrorMembers.plain(code.asText(""))))
                || error.findValues("filtered").stream().anyMatch(JsonNode::asBoolean)
                || error.findValues("blockReason").stream().anyMatch(JsonNode::isTextual)
                || (status == 403
                        && (metadata.has("flagged_input")
                                || !metadata.path("reasons").isEmpty()))
                || PHRASES.stream().anyMatch(message::contains)
                || (metadata.path("raw").isTextual()
                        && ErrorReply.of(status, metadata.path("raw").textValue())
                                .isContentFilter());
    }
}
