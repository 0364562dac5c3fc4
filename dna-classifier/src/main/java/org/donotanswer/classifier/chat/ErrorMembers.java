package org.donotanswer.classifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Where the bodies of endpoints have the members of an error. Stateless, hence thread-safe. */
final class ErrorMembers {
    /** Members that hold an error, or several. */
    private static final List<String> HOLDERS = List.of("error", "errors", "detail", "base_resp");

    private static final List<String> MESSAGES = List.of("message", "msg", "status_msg", "detail", "error");
    private static final Set<String> GOOD = Set.of("", "0", "200", "ok", "success", "null", "none", "false");

    private ErrorMembers() {}

    /** Returns the object with code, type and message: within another, in a list, or the body itself. */
    static JsonNode of(JsonNode body) {
        JsonNode whole = first(body);
        return HOLDERS.stream()
                .map(name -> first(whole.path(name)))
                .filter(JsonNode::isObject)
                .findFirst()
                .orElse(whole.isObject() ? whole : MissingNode.getInstance());
    }

    private static JsonNode first(JsonNode node) {
        return node.isArray() ? node.path(0) : node;
    }

    /** Returns the message; for some endpoints, "error" is the message itself. */
    static String message(JsonNode body, JsonNode error) {
        JsonNode whole = first(body);
        return Stream.concat(
                        MESSAGES.stream().map(error::path), HOLDERS.stream().map(name -> first(whole.path(name))))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .findFirst()
                .orElse(whole.isTextual() ? whole.textValue() : "");
    }

    /** Returns whether a body that has no choices reports an error. */
    static boolean reportsError(JsonNode body) {
        JsonNode whole = first(body);
        return HOLDERS.stream().map(whole::path).anyMatch(ErrorMembers::isError)
                || whole.path("object").asText("").equals("error")
                || (whole.has("success") && !whole.path("success").asBoolean(true))
                || Stream.of("message", "msg").anyMatch(name -> whole.path(name).isTextual());
    }

    /** Returns whether a member tells of an error, rather than that there is none. */
    static boolean isError(JsonNode member) {
        if (member.isArray()) {
            return !member.isEmpty();
        }
        if (!member.isObject()) {
            return member.isValueNode() && isBad(member);
        }
        return Stream.of("code", "type", "status", "status_code")
                        .map(member::path)
                        .anyMatch(ErrorMembers::isBad)
                || MESSAGES.stream().map(member::path).anyMatch(each -> each.isTextual() && isBad(each));
    }

    private static boolean isBad(JsonNode value) {
        return !GOOD.contains(value.asText("").strip().toLowerCase(Locale.ROOT));
    }

    /** Returns a code in lower case, without other characters than letters and digits, and without a part after a dot. */
    static String plain(String code) {
        int dot = code.indexOf('.');
        return (dot < 0 ? code : code.substring(0, dot))
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]", "");
    }
}
