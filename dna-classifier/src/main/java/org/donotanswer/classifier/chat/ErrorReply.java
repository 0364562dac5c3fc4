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
    private static final int GOOD = 200;
    private static final List<String> MISSING_MODEL_PHRASES =
            List.of("not found", "not exist", "not a valid", "invalid model", "unknown model", "not available");

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

    /** Codes of a status 403 that is not about the text of a request, but about the key or what it permits. */
    private static final Set<String> KEY_CODES = Set.of(
            "invalidapikey",
            "authenticationerror",
            "invalidauthentication",
            "accessdenied",
            "permissiondenied",
            "permissionerror",
            "unauthorized",
            "unsupportedcountryregionterritory");

    private static final List<String> KEY_PHRASES = List.of(
            "api key", "api_key", "apikey", "api-key", "access token", "unregistered callers", "subscription key");

    private final int status;
    private final int shownStatus;
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
        this.error = ErrorMembers.of(body);
        this.message = ErrorMembers.message(body, error).toLowerCase(Locale.ROOT);
        this.retryAfter = retryAfter;
        // If the model behind a proxy fails after the proxy began its response, the status is a good one.
        OptionalInt code = ErrorStatus.code(error);
        this.status = status != GOOD ? status : code.orElseGet(() -> ErrorStatus.of(error, message));
        this.shownStatus = status != GOOD ? status : code.orElse(status);
    }

    /** Returns the error that a body, a choice or a message with a good status has beside its text; empty if none. */
    static Optional<ErrorReply> beside(JsonNode node) {
        return ErrorMembers.isError(node.path("error"))
                ? Optional.of(new ErrorReply(GOOD, node, Optional.empty()))
                : Optional.empty();
    }

    /** Returns the error that a body with a good status consists of, in whatever form; empty if there is none. */
    static Optional<ErrorReply> insteadOfReply(JsonNode body) {
        return ErrorMembers.reportsError(body)
                ? Optional.of(new ErrorReply(GOOD, body, Optional.empty()))
                : Optional.empty();
    }

    /** Returns whether a text is short and made of the characters of codes, so that it may be shown. */
    static boolean isIdentifier(String text) {
        return text.matches(IDENTIFIER);
    }

    /** Returns whether this is not a failure but the decision of a content filter. */
    boolean isContentFilter() {
        return FilterErrors.isFilter(status, error, message);
    }

    /** Returns the exception that reports this error. */
    ChatException toException(String model, String path, boolean withKey) {
        if (status == 401 || status == 403 || isRefusedKey()) {
            return exception(
                    FailureKind.AUTHENTICATION,
                    withKey
                            ? "key must be one that the endpoint accepts for the model, but was not"
                            : "endpoint must be given a key, but was not");
        }
        if (isUnknownModel(model)) {
            return exception(FailureKind.UNKNOWN_MODEL, "model must be one that the endpoint has, but was " + model);
        }
        if (ErrorStatus.isUnknownPath(status)) {
            String found = status >= 400 ? "was not found" : "was moved";
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

    /** Gemini answers a wrong key with status 400. */
    private boolean isRefusedKey() {
        return status == 400
                && (message.contains("api key not valid")
                        || Stream.of("code", "type")
                                .anyMatch(name -> ErrorMembers.plain(text(name)).equals("invalidapikey"))
                        || error.findValues("reason").stream()
                                .anyMatch(reason -> reason.asText("").equals("API_KEY_INVALID")));
    }

    private boolean isUnknownModel(String model) {
        if (status != 400 && status != 404 && status != 422) {
            return false;
        }
        // Exact codes only: model_max_prompt_tokens_exceeded, for example, is about one request.
        boolean named = Stream.of("code", "type").anyMatch(name -> MODEL_CODES.contains(ErrorMembers.plain(text(name))))
                || text("param").equalsIgnoreCase("model");
        boolean meant = message.contains("model")
                && MISSING_MODEL_PHRASES.stream().anyMatch(message::contains)
                && (status == 404 || message.contains(model.toLowerCase(Locale.ROOT)));
        return named || meant;
    }

    private ChatException exception(FailureKind kind, String text) {
        StringBuilder where = new StringBuilder(" (status ").append(shownStatus);
        Stream.of("code", "type", "param")
                .map(this::text)
                .filter(ErrorReply::isIdentifier)
                .distinct()
                .forEach(value -> where.append(", ").append(value));
        return new ChatException(text + where.append(')'), kind, OptionalInt.of(status), retryAfter, isAboutKey());
    }

    private boolean isAboutKey() {
        return Stream.of("code", "type", "status").anyMatch(name -> KEY_CODES.contains(ErrorMembers.plain(text(name))))
                || KEY_PHRASES.stream().anyMatch(message::contains);
    }

    private String text(String name) {
        return error.path(name).isTextual() ? error.path(name).textValue() : "";
    }
}
