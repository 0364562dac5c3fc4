package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The HTTP status that an error in a response with a good status amounts to. Stateless, hence thread-safe. */
final class ErrorStatus {
    private static final int UNKNOWN = 500;

    /** Codes and types of OpenAI, Anthropic, gRPC and others, without case and underscores. */
    private static final Map<String, Integer> OF_CODE = Map.ofEntries(
            Map.entry("invalidapikey", 401),
            Map.entry("authenticationerror", 401),
            Map.entry("unauthenticated", 401),
            Map.entry("unauthorized", 401),
            Map.entry("permissionerror", 403),
            Map.entry("permissiondenied", 403),
            Map.entry("notfounderror", 404),
            Map.entry("notfound", 404),
            Map.entry("modelnotfound", 404),
            Map.entry("invalidrequesterror", 400),
            Map.entry("invalidargument", 400),
            Map.entry("badrequesterror", 400),
            Map.entry("badrequest", 400),
            Map.entry("insufficientbalance", 402),
            Map.entry("ratelimiterror", 429),
            Map.entry("ratelimitexceeded", 429),
            Map.entry("resourceexhausted", 429),
            Map.entry("insufficientquota", 429),
            Map.entry("toomanyrequests", 429),
            Map.entry("deadlineexceeded", 408),
            Map.entry("timeouterror", 408),
            Map.entry("overloadederror", 503),
            Map.entry("unavailable", 503),
            // MiniMax.
            Map.entry("1002", 429),
            Map.entry("1004", 401),
            Map.entry("1008", 402),
            Map.entry("2049", 401));

    private static final Map<Integer, List<String>> PHRASES = Map.of(
            404, List.of("unexpected endpoint", "no route", "route not found", "path not found", "url not found"),
            401, List.of("unauthorized", "invalid api key", "incorrect api key", "no api key", "missing api key"),
            402, List.of("insufficient credit", "insufficient balance", "payment required"),
            429, List.of("rate limit", "too many requests", "quota"),
            408, List.of("timed out", "timeout"));
    private static final List<Integer> ORDER = List.of(404, 401, 402, 429, 408);

    private ErrorStatus() {}

    /** Returns the status that an error has as a number, in quotes or not; empty if it has none. */
    static OptionalInt code(JsonNode error) {
        return Stream.of("code", "status", "status_code")
                .map(name -> error.path(name).asText(""))
                .filter(text -> text.matches("[45][0-9]{2}"))
                .mapToInt(Integer::parseInt)
                .findFirst();
    }

    /** Returns the status that the words of an error stand for. */
    static int of(JsonNode error, String message) {
        return Stream.of("code", "type", "status", "status_code")
                .map(name -> OF_CODE.get(ErrorMembers.plain(error.path(name).asText(""))))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> ofMessage(message));
    }

    private static int ofMessage(String message) {
        boolean missing = message.equals("not found") || (message.contains("model") && message.contains("not found"));
        return missing
                ? 404
                : ORDER.stream()
                        .filter(status -> Objects.requireNonNull(PHRASES.get(status)).stream()
                                .anyMatch(message::contains))
                        .findFirst()
                        .orElse(UNKNOWN);
    }

    /** Returns whether a status says that nothing at this address replies to such requests. */
    static boolean isUnknownPath(int status) {
        return status == 404 || status == 405 || status == 501 || (status >= 300 && status < 400);
    }
}
