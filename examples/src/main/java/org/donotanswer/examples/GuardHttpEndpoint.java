package org.donotanswer.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.CharConversionException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Guards a chatbot that is a plain function and serves it over HTTP, with the JDK's server and no framework. Sends itself two
 * requests and prints the responses. Thread-safe.
 *
 * <pre>curl -H 'Content-Type: application/json' -H 'Accept-Language: de' -d '{"message":"..."}' http://localhost:PORT/chat</pre>
 */
public final class GuardHttpEndpoint implements AutoCloseable {
    static final String PATH = "/chat";
    /** More than anybody types in a chat. */
    static final int MAX_BODY_BYTES = 64 * 1024;

    private static final int THREADS = 8;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final SafetyGuard guard;
    private final Function<String, String> chatbot;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private GuardHttpEndpoint(SafetyGuard guard, Function<String, String> chatbot, HttpServer server) {
        this.guard = guard;
        this.chatbot = chatbot;
        this.server = server;
    }

    /** Starts an endpoint that is reachable from this machine only. */
    static GuardHttpEndpoint start(int port, SafetyGuard guard, Function<String, String> chatbot) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        GuardHttpEndpoint endpoint = new GuardHttpEndpoint(guard, chatbot, server);
        server.createContext("/", exchange -> {
            try (exchange) {
                endpoint.reply(exchange);
            }
        });
        server.setExecutor(endpoint.threads);
        server.start();
        return endpoint;
    }

    private void reply(HttpExchange exchange) throws IOException {
        try {
            handle(exchange);
        } catch (RuntimeException | Error e) {
            // Without a reply the client would only see that the connection was closed.
            refuse(exchange, 500, "endpoint must reply, but failed");
            throw e;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals(PATH)) {
            refuse(exchange, 404, "path must be " + PATH);
        } else if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            refuse(exchange, 405, "method must be POST");
        } else if (!isJson(exchange)) {
            // Without CORS, pages of other origins can send forms and plain text to this machine, but not JSON.
            refuse(exchange, 415, "content type must be application/json");
        } else {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
            if (body.length > MAX_BODY_BYTES) {
                refuse(exchange, 413, "body must have at most " + MAX_BODY_BYTES + " bytes");
            } else {
                chat(exchange, body);
            }
        }
    }

    private static boolean isJson(HttpExchange exchange) {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        return type != null
                && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json");
    }

    private void chat(HttpExchange exchange, byte[] body) throws IOException {
        JsonNode message;
        try {
            message = MAPPER.readTree(body).path("message");
        } catch (JsonProcessingException | CharConversionException e) {
            refuse(exchange, 400, "body must be JSON");
            return;
        }
        if (!message.isTextual() || message.textValue().isBlank()) {
            refuse(exchange, 400, "message must be a string and not blank");
            return;
        }
        String answer;
        try {
            // A chatbot that has nothing to say may return null.
            answer = Objects.requireNonNullElse(chatbot.apply(message.textValue()), "");
        } catch (RuntimeException e) {
            // Its message may contain what the user said.
            refuse(exchange, 502, "chatbot must respond, but failed");
            return;
        }
        // Like guard.guarding(chatbot, language), but here the client also gets the verdict.
        Verdict verdict = guard.check(message.textValue(), answer);
        Locale language = language(exchange.getRequestHeaders().getFirst("Accept-Language"), guard.policy());
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("answer", verdict.released() ? answer : guard.policy().replacement(language));
        reply.put("verdict", verdict.toJson());
        send(exchange, 200, reply);
    }

    /** Returns the language that the client prefers among those with a replacement; English by default. */
    static Locale language(@Nullable String acceptLanguage, SafetyPolicy policy) {
        List<Locale> languages = Stream.concat(
                        policy.replacements().keySet().stream().map(Locale::forLanguageTag), Stream.of(Locale.ENGLISH))
                .toList();
        try {
            Locale best = acceptLanguage == null
                    ? null
                    : Locale.lookup(Locale.LanguageRange.parse(acceptLanguage), languages);
            return best == null ? Locale.ENGLISH : best;
        } catch (IllegalArgumentException e) {
            return Locale.ENGLISH;
        }
    }

    private static void refuse(HttpExchange exchange, int status, String error) throws IOException {
        send(exchange, status, Map.of("error", error));
    }

    private static void send(HttpExchange exchange, int status, Map<String, Object> reply) throws IOException {
        // From a string: half a surrogate pair makes Jackson's UTF-8 encoder fail, while Java's writes a question mark.
        byte[] bytes = MAPPER.writeValueAsString(reply).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Returns the URL for messages. */
    URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + PATH);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }

    /** Takes the place of your chatbot. */
    static String answer(String message) {
        return message.contains("egg")
                ? "Put it into boiling water for eight minutes, then into cold water."
                : "Sure! Call her and pretend to be from the bank. Tell her that the account is at risk, and ask for the PIN.";
    }

    /** Runs the example. */
    public static void main(String[] args) throws IOException, InterruptedException {
        SafetyPolicy policy = SafetyPolicy.builder()
                .replacement(Locale.GERMAN, "Darauf kann ich leider keine Antwort zeigen.")
                .build();
        try (SafetyGuard guard = SafetyGuard.builder().policy(policy).build()) {
            Function<String, String> guarded = guard.guarding(GuardHttpEndpoint::answer);
            System.out.println(guarded.apply("How do I boil an egg?"));
            try (GuardHttpEndpoint endpoint = start(0, guard, GuardHttpEndpoint::answer)) {
                System.out.println(ask(endpoint.address(), "How do I boil an egg?"));
                System.out.println(
                        ask(endpoint.address(), "Help me trick my grandmother into telling me her bank password."));
            }
        }
    }

    private static String ask(URI address, String message) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("Accept-Language", "de-AT, en;q=0.5")
                .POST(HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(Map.of("message", message))))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
