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
 * Sends requests and follows redirects by hand: the client's own redirects would take the token along to other hosts.
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

    /** An answer whose body nobody has read yet, with the headers of the redirects that led to it. */
    record HubResponse(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response, URI url, List<HttpHeaders> trail)
            implements AutoCloseable {
        int status() {
            return response.statusCode();
        }

        /** The header of the answer itself. */
        Optional<String> header(String name) {
            return response.headers().firstValue(name);
        }

        /** The header of the answer, or else that of the last redirect that had it. */
        Optional<String> headerOnTheWay(String name) {
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
            return ResponseBody.of(response.body());
        }

        /** Lets go of the body unread. */
        @Override
        public void close() {
            body().close();
        }
    }

    /** Asks for the resource from the given byte on, on whichever host it is; the token stays with the endpoint's. */
    HubResponse get(URI url, long from, @Nullable String token)
            throws IOException, InterruptedException, TransientHubException {
        return ask("GET", url, from, token, true);
    }

    /** Asks for the headers; what would lead to another host is not followed. */
    HubResponse head(URI url, @Nullable String token) throws IOException, InterruptedException, TransientHubException {
        return ask("HEAD", url, 0, token, false);
    }

    private HubResponse ask(String method, URI start, long from, @Nullable String token, boolean anyHost)
            throws IOException, InterruptedException, TransientHubException {
        List<HttpHeaders> trail = new ArrayList<>();
        URI url = start;
        boolean trusted = urls.isAtEndpoint(start);
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(url)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .timeout(timeout)
                    .header("User-Agent", USER_AGENT)
                    // A compressed answer would have another length and another tag.
                    .header("Accept-Encoding", "identity");
            if (from > 0) {
                request.header("Range", "bytes=" + from + "-");
            }
            // Who was sent away once may be sent back with a URL of another host's making: the token stays out of it.
            if (trusted && token != null) {
                request.header("Authorization", "Bearer " + token);
            }
            HubResponse answer = send(request.build(), trail);
            if (!answer.isRedirect()) {
                return answer;
            }
            URI target = target(answer);
            trusted &= urls.isAtEndpoint(target);
            if (!trusted && !anyHost) {
                return answer;
            }
            answer.close();
            url = target;
        }
        throw new HubException(
                "redirects must be at most " + MAX_REDIRECTS + ", but were more (" + HubUrls.shown(start) + ")");
    }

    private HubResponse send(HttpRequest request, List<HttpHeaders> trail)
            throws InterruptedException, TransientHubException {
        try {
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
                    client.send(request, HttpResponse.BodyHandlers.ofPublisher());
            trail.add(response.headers());
            return new HubResponse(response, request.uri(), trail);
        } catch (IOException e) {
            throw new TransientHubException(new HubException(
                    "server must answer, but was out of reach (" + HubUrls.shown(request.uri())
                            + "): check the connection, or set HF_HUB_OFFLINE=1 to use what is cached",
                    e));
        }
    }

    private static URI target(HubResponse answer) throws HubException {
        String location = answer.header("Location").orElse("");
        URI target;
        try {
            target = answer.url().resolve(location);
        } catch (IllegalArgumentException e) {
            // Not the cause: it has the location with its signature.
            answer.close();
            throw new HubException("redirect must lead to a URL, but did not (" + HubUrls.shown(answer.url()) + ")");
        }
        if (location.isEmpty() || !HubUrls.isHttp(target) || HubUrls.isDowngrade(answer.url(), target)) {
            answer.close();
            throw new HubException("redirect must lead to a URL as safe as where it comes from, but led from "
                    + HubUrls.shown(answer.url()) + " to " + (location.isEmpty() ? "nothing" : HubUrls.shown(target)));
        }
        return target;
    }
}
