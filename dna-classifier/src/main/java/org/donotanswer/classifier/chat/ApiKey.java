package org.donotanswer.classifier.chat;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key and the header that it is sent in. It is sent to the endpoint only, as redirects are not followed. Immutable,
 * hence thread-safe.
 *
 * @param header the name of the header
 * @param value its value, with a scheme if there is one
 */
record ApiKey(String header, String value) {
    private static final String AUTHORIZATION = "Authorization";
    private static final String BEARER = "Bearer";
    private static final String AZURE_HEADER = "api-key";
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** Headers that the request itself needs, or that its client sets. */
    private static final Set<String> RESERVED = Set.of(
            "accept",
            "accept-encoding",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "te",
            "transfer-encoding",
            "upgrade",
            "user-agent");

    /**
     * Checks the name of a header.
     *
     * @throws IllegalArgumentException if it is malformed, or that of a header with another use
     */
    static String requireHeader(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("apiKeyHeader must be the name of a header, but was malformed");
        }
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("apiKeyHeader must be a header for a key, but was " + name);
        }
        return name;
    }

    /**
     * Returns a key for an endpoint.
     *
     * @param header the name of the header; null for the usual one: {@code Authorization} with {@code Bearer}, or, for a
     *     deployment at Azure, {@code api-key}
     * @param scheme the word before the key; null for the usual one: {@code Bearer} in {@code Authorization}, and
     *     otherwise none
     */
    static ApiKey of(String key, @Nullable String header, @Nullable String scheme, Endpoint endpoint) {
        if (header == null && endpoint.isAzureDeployment() && !isToken(key)) {
            return new ApiKey(AZURE_HEADER, key);
        }
        String name = header == null ? AUTHORIZATION : header;
        String word = scheme == null && name.equalsIgnoreCase(AUTHORIZATION) ? BEARER : scheme;
        return new ApiKey(name, word == null || word.isEmpty() ? key : word + " " + key);
    }

    /** Azure takes tokens of Entra ID, which are JSON web tokens, as bearer. */
    private static boolean isToken(String key) {
        return key.startsWith("eyJ") && key.indexOf('.') > 0;
    }

    /** Returns the name of the header, never the key. */
    @Override
    public String toString() {
        return "ApiKey[header=" + header + "]";
    }
}
