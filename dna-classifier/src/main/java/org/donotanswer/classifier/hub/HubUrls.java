package org.donotanswer.classifier.hub;

import java.net.URI;
import java.util.Locale;

/** Builds the URLs of the hub, and their form for messages. Immutable, hence thread-safe. */
final class HubUrls {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final URI endpoint;

    HubUrls(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Checks an endpoint and returns it without slashes at its end. */
    static URI checkEndpoint(URI endpoint) {
        if (endpoint.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "endpoint must be a URL without user and password, but had them (" + shown(endpoint) + ")");
        }
        if (!isHttp(endpoint) || endpoint.getRawQuery() != null || endpoint.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "endpoint must be an http or https URL without query or fragment, but was " + endpoint);
        }
        return URI.create(endpoint.toString().replaceFirst("/+$", ""));
    }

    URI listing(String repository, String revision) {
        return URI.create(endpoint + "/api/models/" + repository + "/revision/" + HubNames.encodeSegment(revision)
                + "?blobs=true");
    }

    URI file(String repository, String commit, String name) {
        return URI.create(endpoint + "/" + repository + "/resolve/" + commit + "/" + HubNames.encodePath(name));
    }

    URI page(String repository) {
        return URI.create(endpoint + "/" + repository);
    }

    /** Returns whether the URL has the same scheme, host and port as the endpoint. */
    boolean isAtEndpoint(URI url) {
        return scheme(url).equals(scheme(endpoint))
                && url.getHost().equalsIgnoreCase(endpoint.getHost())
                && port(url) == port(endpoint);
    }

    static boolean isHttp(URI url) {
        return (scheme(url).equals("http") || scheme(url).equals("https")) && url.getHost() != null;
    }

    static boolean isDowngrade(URI from, URI to) {
        return scheme(from).equals("https") && !scheme(to).equals("https");
    }

    /** Returns the URL for messages: without user and query, because content networks put signatures into queries. */
    static String shown(URI url) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + url.getRawPath();
    }

    private static String scheme(URI url) {
        return String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return scheme(url).equals("https") ? HTTPS_PORT : HTTP_PORT;
    }
}
