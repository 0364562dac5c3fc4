package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.donotanswer.classifier.chat.ChatException.FailureKind;

/**
 * The response of an endpoint that gives no reply: a status and, in most cases, a JSON object with code, type,
 * parameter and message. The message may quote the request: it is evaluated but never shown. Immutable, hence
 * thread-safe.
 */
final class ErrorReply {
    private static final String IDENTIFIER = "[A-Za-z][A-Za-z0-9_.-]{0,47}";
    private static final List<String> MISSING_MODEL_PHRASES =
            List.of("not found", "not exist", "not a valid", "invalid model", "unknown model", "not available");

    // Compared without case and underscores: one endpoint writes data_inspection_failed, another DataInspectionFailed.
    private static final Set<String> FILTER_CODES = Set.of(
            // OpenAI, Azure and compatible endpoints.
            "contentfilter",
            "contentpolicyviolation",
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
            "outputtextriskdetection");

    private static final Set<String> MODEL_CODES = Set.of(
            "modelnotfound",
            "modelnotexist",
            "modeldoesnotexist",
            "modelnotavailable",
            "modelnotsupported",
            "modeldecommissioned",
            "modelnotfounderror",
            "invalidmodel",
            "invalidmodelerror",
            "unknownmodel",
            "unsupportedmodel",
            "deploymentnotfound");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final int status;
    private final JsonNode error;
    private final String message;
    private final Optional<Duration> retryAfter;

    /** Returns the error with a status and a body, which may be any text. */
    static ErrorReply of(int status, String body) {
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            json = MissingNode.getInstance();
        }
        return new ErrorReply(status, json, Optional.empty());
    }

    /**
     * Creates an error.
     *
     * @param body the body; a missing node if it is not JSON
     */
    ErrorReply(int status, JsonNode body, Optional<Duration> retryAfter) {
        this.status = status;
        // Some servers put the members into "error", others on the top level.
        this.error =
                body.path("error").isObject() ? body.path("error") : body.isObject() ? body : MissingNode.getInstance();
        // For xAI, "error" is the message itself.
        this.message =
                this.error.path("message").asText(body.path("error").asText("")).toLowerCase(Locale.ROOT);
        this.retryAfter = retryAfter;
    }

    /**
     * Returns whether this is not a failure but the decision of a content filter. The known forms are those of Azure
     * (400, with an inner error), OpenAI's reasoning models (400, invalid_prompt), xAI (403, with the failed check in
     * the message) and OpenRouter (403, with the flagged input).
     */
    boolean isContentFilter() {
        if (status == 403) {
            return error.path("metadata").has("flagged_input") || message.contains("safety_check_type_");
        }
        return (status == 400 || status == 422)
                && Stream.of(
                                text("code"),
                                text("type"),
                                error.path("innererror").path("code").asText(""))
                        .anyMatch(code -> FILTER_CODES.contains(plain(code)));
    }

    /** Returns a code in lower case, without underscores and without a part after a dot. */
    private static String plain(String code) {
        int dot = code.indexOf('.');
        return (dot < 0 ? code : code.substring(0, dot)).replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Returns the exception that reports this error. */
    ChatException toException(String model, String path, boolean withKey) {
        if (status == 401 || status == 403) {
            return exception(
                    FailureKind.AUTHENTICATION,
                    withKey
                            ? "key must be one that the endpoint accepts for the model, but was not"
                            : "endpoint must be given a key, but was not");
        }
        if (isUnknownModel(model)) {
            return exception(FailureKind.UNKNOWN_MODEL, "model must be one that the endpoint has, but was " + model);
        }
        if (status == 404 || (status >= 300 && status < 400)) {
            String found = status == 404 ? "was not found" : "was moved";
            return exception(FailureKind.UNKNOWN_ENDPOINT, "endpoint must be at " + path + ", but " + found);
        }
        if (status == 408) {
            return exception(FailureKind.TIMEOUT, "endpoint must reply in time, but reported a timeout");
        }
        if (status == 429) {
            return exception(FailureKind.RATE_LIMITED, "endpoint must accept more requests, but was at its limit");
        }
        if (status >= 500) {
            return exception(FailureKind.SERVER_FAILURE, "endpoint must reply, but was failing");
        }
        return exception(FailureKind.REJECTED, "request must be one that the endpoint accepts, but was rejected");
    }

    private boolean isUnknownModel(String model) {
        if (status != 400 && status != 404 && status != 422) {
            return false;
        }
        // Exact codes only: model_max_prompt_tokens_exceeded, for example, is about one request.
        boolean named = Stream.of("code", "type").anyMatch(name -> MODEL_CODES.contains(plain(text(name))))
                || text("param").equalsIgnoreCase("model");
        boolean meant = message.contains("model")
                && MISSING_MODEL_PHRASES.stream().anyMatch(message::contains)
                && (status == 404 || message.contains(model.toLowerCase(Locale.ROOT)));
        return named || meant;
    }

    private ChatException exception(FailureKind kind, String message) {
        StringBuilder where = new StringBuilder(" (status ").append(status);
        Stream.of("code", "type", "param")
                .map(this::text)
                .filter(value -> value.matches(IDENTIFIER))
                .distinct()
                .forEach(value -> where.append(", ").append(value));
        return new ChatException(message + where.append(')'), kind, OptionalInt.of(status), retryAfter);
    }

    private String text(String name) {
        return error.path(name).isTextual() ? error.path(name).textValue() : "";
    }
}
