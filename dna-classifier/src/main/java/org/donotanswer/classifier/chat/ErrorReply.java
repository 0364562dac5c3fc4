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
 * What an endpoint says when it does not reply: a status and, mostly, a JSON object with code, type, parameter and message.
 * The message may quote the request, and is looked at but never shown. Not thread-safe.
 */
final class ErrorReply {
    private static final String IDENTIFIER = "[A-Za-z][A-Za-z0-9_.-]{0,47}";
    private static final List<String> NOT_THERE =
            List.of("not found", "not exist", "not a valid", "invalid model", "unknown model", "not available");

    // Without case and underscores, as one endpoint writes data_inspection_failed and another DataInspectionFailed.
    private static final Set<String> FILTER_CODES = Set.of(
            // OpenAI, Azure and those who speak like them.
            "contentfilter",
            "contentpolicyviolation",
            "invalidprompt",
            "moderationblocked",
            "responsibleaipolicyviolation",
            // DashScope.
            "datainspectionfailed",
            // Ark; the first one's kinds follow after a dot.
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

    /** Returns the error that a status and a body stand for, which may be any text. */
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
     * Creates what stands in a body.
     *
     * @param body its JSON; a missing node if it is none
     */
    ErrorReply(int status, JsonNode body, Optional<Duration> retryAfter) {
        this.status = status;
        // Some servers put the members into "error", some beside it.
        this.error =
                body.path("error").isObject() ? body.path("error") : body.isObject() ? body : MissingNode.getInstance();
        // xAI's stands in "error" itself.
        this.message =
                this.error.path("message").asText(body.path("error").asText("")).toLowerCase(Locale.ROOT);
        this.retryAfter = retryAfter;
    }

    /**
     * Returns whether this is no failure but a filter's decision on the request, as Azure (400, with an inner error),
     * OpenAI's reasoning models (400, invalid_prompt), xAI (403, with the check that failed in the message) and OpenRouter
     * (403, with the input that was flagged) tell it.
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

    /** Returns a code without case, underscores and what follows after a dot. */
    private static String plain(String code) {
        int dot = code.indexOf('.');
        return (dot < 0 ? code : code.substring(0, dot)).replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Returns the exception that tells of this. */
    ChatException toException(String model, String path, boolean withKey) {
        if (status == 401 || status == 403) {
            return exception(
                    FailureKind.AUTHENTICATION,
                    withKey
                            ? "key must be one that the endpoint accepts for the model, but was not"
                            : "endpoint must be given a key, but was given none");
        }
        if (isOfModel(model)) {
            return exception(FailureKind.UNKNOWN_MODEL, "model must be one that the endpoint has, but was " + model);
        }
        if (status == 404 || (status >= 300 && status < 400)) {
            String found = status == 404 ? "was not found" : "was moved";
            return exception(FailureKind.UNKNOWN_ENDPOINT, "endpoint must be at " + path + ", but " + found);
        }
        if (status == 408) {
            return exception(FailureKind.TIMEOUT, "endpoint must reply in time, but was too slow by its own account");
        }
        if (status == 429) {
            return exception(FailureKind.RATE_LIMITED, "endpoint must have room for the request, but was at its limit");
        }
        if (status >= 500) {
            return exception(FailureKind.SERVER_FAILURE, "endpoint must reply, but was failing");
        }
        return exception(FailureKind.REJECTED, "request must be one that the endpoint accepts, but was rejected");
    }

    private boolean isOfModel(String model) {
        if (status != 400 && status != 404 && status != 422) {
            return false;
        }
        // By exact codes: model_max_prompt_tokens_exceeded is of one question.
        boolean named = Stream.of("code", "type").anyMatch(name -> MODEL_CODES.contains(plain(text(name))))
                || text("param").equalsIgnoreCase("model");
        boolean meant = message.contains("model")
                && NOT_THERE.stream().anyMatch(message::contains)
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
