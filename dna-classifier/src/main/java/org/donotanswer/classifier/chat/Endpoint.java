package org.donotanswer.classifier.chat;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The base URL of an OpenAI-compatible endpoint, for example {@code https://api.openai.com/v1}. A query is sent with
 * each request; parts of it that may be secret are not shown. Immutable, hence thread-safe.
 */
public final class Endpoint {
    private static final Pattern SECRET =
            Pattern.compile("key|sig|token|code|secret|pass|pwd|auth|credential", Pattern.CASE_INSENSITIVE);

    private static final List<String> AZURE_HOSTS =
            List.of(".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com");

    private final URI uri;

    private Endpoint(URI uri) {
        this.uri = uri;
    }

    /**
     * Returns the endpoint with a base URL, to which requests append {@code /chat/completions}, before the query. A URL
     * that ends so already means the same endpoint.
     *
     * @throws IllegalArgumentException if it is not an http or https URL, or has a user, a password or a fragment; the
     *     message does not contain the URL
     */
    public static Endpoint of(String address) {
        URI uri;
        try {
            uri = new URI(Objects.requireNonNull(address, "address").strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("endpoint must be a URL, but was malformed at index " + e.getIndex());
        }
        String scheme = uri.getScheme();
        if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
            throw new IllegalArgumentException("endpoint must start with http:// or https://, but was "
                    + (scheme == null ? "without a scheme" : "of another scheme"));
        }
        if (uri.getRawUserInfo() != null
                || String.valueOf(uri.getRawAuthority()).contains("@")) {
            throw new IllegalArgumentException("endpoint must not have a user or password, but had one");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("endpoint must name a host, but did not");
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("endpoint must not have a fragment, but had one");
        }
        return new Endpoint(uri);
    }

    /** Returns the parameters of the query. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (uri.getRawQuery() != null) {
            for (String parameter : uri.getRawQuery().split("&", 0)) {
                int equals = parameter.indexOf('=');
                String name = equals < 0 ? parameter : parameter.substring(0, equals);
                parameters.put(decoded(name), equals < 0 ? "" : decoded(parameter.substring(equals + 1)));
            }
        }
        return Collections.unmodifiableMap(parameters);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    String host() {
        return uri.getHost();
    }

    /** Returns the URL without its query. */
    String address() {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        path = withoutSlashes(path);
        if (path.endsWith(OpenAiChatModel.PATH)) {
            path = withoutSlashes(path.substring(0, path.length() - OpenAiChatModel.PATH.length()));
        }
        return uri.getScheme().toLowerCase(Locale.ROOT) + "://" + uri.getRawAuthority() + path;
    }

    private static String withoutSlashes(String path) {
        return path.replaceFirst("/+$", "");
    }

    /** Returns whether this is a deployment at Azure, which takes keys in a header of its own. */
    boolean isAzureDeployment() {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return AZURE_HOSTS.stream().anyMatch(host::endsWith) && address().contains("/openai/deployments/");
    }

    /**
     * Returns the URL for messages. Of parameters like key, sig, token, code or password, only the names are shown.
     * Parameters without a name or a value are left out, because they may be keys themselves.
     */
    @Override
    public String toString() {
        if (uri.getRawQuery() == null) {
            return address();
        }
        String shown = Arrays.stream(uri.getRawQuery().split("&", 0))
                .filter(parameter -> parameter.indexOf('=') > 0)
                .map(Endpoint::shown)
                .collect(Collectors.joining("&"));
        return shown.isEmpty() ? address() : address() + "?" + shown;
    }

    private static String shown(String parameter) {
        String name = parameter.substring(0, parameter.indexOf('='));
        return SECRET.matcher(decoded(name)).find() ? name : parameter;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Endpoint endpoint && uri.equals(endpoint.uri);
    }

    @Override
    public int hashCode() {
        return uri.hashCode();
    }
}
