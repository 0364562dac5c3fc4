package org.donotanswer.classifier.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and follows redirects itself, because the client's own redirects would send the token to other hosts.
 * Immutable, hence thread-safe.
 */
final class HubHttp {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MAX_REDIRECTS = 10;
    private static final Duration MAX_CONNECT_TIMEOUT = Duration.ofSeconds(20);
    private static final String USER_AGENT = "do-not-answer-java";

    private final HubUrls urls;
    private final Duration timeout;
    private final HttpClient client;

    HubHttp(HubUrls urls, Duration timeout) {
        this.urls = urls;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout.compareTo(MAX_CONNECT_TIMEOUT) < 0 ? timeout : MAX_CONNECT_TIMEOUT)
                .build();
    }

    /** A response whose body is not read yet, with the headers of the redirects that led to it. */
    record HubResponse(HttpResponse<Flow.Publisher<List<ByteBuffer>>> http, URI url, List<HttpHeaders> trail)
            implements AutoCloseable {
        int status() {
            return http.statusCode();
        }

        HttpHeaders headers() {
            return http.headers();
        }

        /** Returns a header of the response itself. */
        Optional<String> header(String name) {
            return headers().firstValue(name);
        }

        /** Returns a header of the response, or else that of the last redirect that had it. */
        Optional<String> trailHeader(String name) {
            for (int i = trail.size() - 1; i >= 0; i--) {
                Optional<String> value = trail.get(i).firstValue(name);
                if (value.isPresent()) {
                    return value;
                }
            }
            return Optional.empty();
        }

        boolean isRedirect() {
            return REDIRECTS.contains(status());
        }

        ResponseBody body() {
            return ResponseBody.of(http.body());
        }

        /** Cancels the body without reading it. */
        @Override
        public void close() {
            body().close();
        }
    }

    /**
     * Requests a resource from the given byte on. Redirects to any host are followed; the token goes to the endpoint
     * only.
     */
    HubResponse get(URI url, long from, @Nullable String token)
            throws IOException, InterruptedException, TransientHubException {
        return send("GET", url, from, token, true);
    }

    /** Requests the headers of a resource. Redirects to other hosts are not followed. */
    HubResponse head(URI url, @Nullable String token) throws IOException, InterruptedException, TransientHubException {
        return send("HEAD", url, 0, token, false);
    }

    private HubResponse send(String method, URI start, long from, @Nullable String token, boolean anyHost)
            throws IOException, InterruptedException, TransientHubException {
        List<HttpHeaders> trail = new ArrayList<>();
        URI url = start;
        boolean trusted = urls.isAtEndpoint(start);
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(url)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .timeout(timeout)
                    .header("User-Agent", USER_AGENT)
                    // A compressed response would have another length and ETag.
                    .header("Accept-Encoding", "identity");
            if (from > 0) {
                request.header("Range", "bytes=" + from + "-");
            }
            // A host that is not trusted may redirect back to the endpoint with a URL of its choice: no token for that.
            if (trusted && token != null) {
                request.header("Authorization", "Bearer " + token);
            }
            HubResponse response = send(request.build(), trail);
            if (!response.isRedirect()) {
                return response;
            }
            URI target = target(response);
            trusted &= urls.isAtEndpoint(target);
            if (!trusted && !anyHost) {
                return response;
            }
            response.close();
            url = target;
        }
        throw new HubException(
                "redirects must be at most " + MAX_REDIRECTS + ", but were more (" + HubUrls.shown(start) + ")");
    }

    private HubResponse send(HttpRequest request, List<HttpHeaders> trail)
            throws InterruptedException, TransientHubException {
        try {
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> http =
                    client.send(request, HttpResponse.BodyHandlers.ofPublisher());
            trail.add(http.headers());
            return new HubResponse(http, request.uri(), trail);
        } catch (IOException e) {
            throw new TransientHubException(new HubException(
                    "server could not be reached (" + HubUrls.shown(request.uri())
                            + "): check the connection, or set HF_HUB_OFFLINE=1 to use cached files only",
                    e));
        }
    }

    private static URI target(HubResponse response) throws HubException {
        String location = response.header("Location").orElse("");
        URI target;
        try {
            target = response.url().resolve(location);
        } catch (IllegalArgumentException e) {
            // Without the cause, whose message contains the location and its signature.
            response.close();
            throw new HubException("redirect must lead to a URL, but did not (" + HubUrls.shown(response.url()) + ")");
        }
        if (location.isEmpty() || !HubUrls.isHttp(target) || HubUrls.isDowngrade(response.url(), target)) {
            response.close();
            throw new HubException("redirect must lead to a URL that is as safe as its origin, but led from "
                    + HubUrls.shown(response.url()) + " to "
                    + (location.isEmpty() ? "nothing" : HubUrls.shown(target)));
        }
        return target;
    }
}
