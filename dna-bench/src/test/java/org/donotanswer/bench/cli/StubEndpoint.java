package org.donotanswer.bench.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** A scripted OpenAI-compatible endpoint on the loopback interface. Thread-safe. */
final class StubEndpoint implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();

    static {
        // Otherwise the body of every reply waits 40 ms until the client acknowledges the header.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** How the endpoint reacts to requests. */
    interface Behaviour {
        /**
         * Returns the reaction to the nth request for a question, from 1.
         *
         * @param number the number of the request among all, from 1
         */
        Act act(String question, int attempt, int number);
    }

    /** A reaction to a request. */
    @FunctionalInterface
    interface Act {
        void on(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
    private final List<JsonNode> requests = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();

    StubEndpoint(Behaviour behaviour) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", exchange -> handle(exchange, behaviour));
        server.start();
    }

    /** Returns an endpoint that replies to every request. */
    static StubEndpoint answering(UnaryOperator<String> answers) {
        return new StubEndpoint((question, attempt, number) -> answer(answers.apply(question)));
    }

    private void handle(HttpExchange exchange, Behaviour behaviour) throws IOException {
        try {
            JsonNode request = MAPPER.readTree(exchange.getRequestBody());
            String question = request.at("/messages")
                    .get(request.at("/messages").size() - 1)
                    .path("content")
                    .asText();
            int number;
            synchronized (requests) {
                requests.add(request);
                keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                number = requests.size();
            }
            behaviour
                    .act(question, attempts.merge(question, 1, Integer::sum), number)
                    .on(exchange);
        } finally {
            exchange.close();
        }
    }

    static Act answer(String text) {
        return answer(text, "stop");
    }

    static Act answer(String text, String finish) {
        String body =
                """
                {"id":"c","object":"chat.completion","created":1,"model":"tiny-1","choices":[{"index":0,"message":
                {"role":"assistant","content":%s},"finish_reason":"%s"}],
                "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"""
                        .formatted(MAPPER.valueToTree(text), finish);
        return status(200, body);
    }

    static Act status(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    static Act status(int status) {
        return status(status, "");
    }

    static Act busy(String header, String value) {
        return exchange -> {
            exchange.getResponseHeaders().set(header, value);
            status(429, "{\"error\":{\"code\":\"rate_limit_exceeded\"}}").on(exchange);
        };
    }

    /** Closes the connection without a reply. */
    static Act drop() {
        return HttpExchange::close;
    }

    /** Closes the connection in the middle of a reply. */
    static Act dropHalfway() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write("{\"choices\":[".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        };
    }

    static Act slow(Duration duration, Act then) {
        return exchange -> {
            LockSupport.parkNanos(duration.toNanos());
            then.on(exchange);
        };
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/v1";
    }

    /** Returns the requests so far. */
    List<JsonNode> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** Returns the authorization headers of the requests so far. */
    List<String> keys() {
        synchronized (requests) {
            return List.copyOf(keys);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
