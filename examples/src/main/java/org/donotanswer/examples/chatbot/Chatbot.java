package org.donotanswer.examples.chatbot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.jspecify.annotations.Nullable;

/**
 * A chatbot with a web page, built with LangChain4j and a scripted model, some of whose responses should not be shown. Each response is
 * streamed to the page as far as it has passed the guard, and replaced if it is blocked; the verdict is shown beside it. Reachable from
 * this machine only. Thread-safe.
 *
 * <pre>mvn -Dquick -pl examples -am package -Dexample=Chatbot -Dexec.args="--port 8080"</pre>
 */
public final class Chatbot implements AutoCloseable {
    private static final int DEFAULT_PORT = 8080;
    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final int THREADS = 64;
    private static final long MILLIS_PER_WORD = 40;
    /** No external resources, no inline scripts or styles, no frames. */
    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> PAGES =
            Map.of("/", "index.html", "/chat.css", "chat.css", "/chat.js", "chat.js", "/icon.svg", "icon.svg");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final ChatScript script;
    private final SafetyPolicy policy;
    private final ScriptedChatModel model;
    private final SessionStore sessions;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private Chatbot(SafetyEvaluator evaluator, ChatScript script, ScriptedChatModel.Pace pace, HttpServer server) {
        this.script = script;
        this.server = server;
        policy = SafetyPolicy.builder()
                .replacement(Locale.GERMAN, "Darauf kann ich leider keine Antwort zeigen.")
                .build();
        model = new ScriptedChatModel(script, pace);
        // The first evaluations are slow; run them before anyone waits.
        script.responses().forEach(evaluator::evaluate);
        sessions = new SessionStore(() -> new ChatSession(model, evaluator, policy));
    }

    /** Starts a chatbot; port 0 chooses a free one. */
    static Chatbot start(int port, SafetyEvaluator evaluator, ChatScript script, ScriptedChatModel.Pace pace)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        Chatbot chatbot = new Chatbot(evaluator, script, pace, server);
        server.createContext("/", exchange -> {
            try (exchange) {
                chatbot.handle(exchange);
            }
        });
        server.setExecutor(chatbot.threads);
        server.start();
        return chatbot;
    }

    private void handle(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Security-Policy", CONTENT_POLICY);
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        String request =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        switch (request) {
            case "GET /questions" -> send(exchange, 200, script.questions());
            case "POST /conversation" -> {
                sessions.begin(exchange);
                send(exchange, 200, Map.of());
            }
            case "POST /chat" -> chat(exchange);
            case "POST /stop" -> stop(exchange);
            default -> {
                String page = PAGES.get(exchange.getRequestURI().getPath());
                if (page == null || !exchange.getRequestMethod().equals("GET")) {
                    refuse(exchange, 404, "page must be one of " + PAGES.keySet());
                } else {
                    page(exchange, page);
                }
            }
        }
    }

    private static void page(HttpExchange exchange, String page) throws IOException {
        byte[] bytes;
        try (InputStream in = Objects.requireNonNull(Chatbot.class.getResourceAsStream(page), page)) {
            bytes = in.readAllBytes();
        }
        String type = page.substring(page.lastIndexOf('.') + 1);
        send(exchange, 200, Objects.requireNonNull(TYPES.get(type), type), bytes);
    }

    private void chat(HttpExchange exchange) throws IOException {
        ChatSession session = sessions.of(exchange);
        String message = message(exchange);
        if (message == null) {
            refuse(
                    exchange,
                    400,
                    "body must be JSON of at most " + MAX_BODY_BYTES + " bytes with a message that is not blank");
        } else if (session == null) {
            refuse(
                    exchange,
                    403,
                    "conversation must be started, but was not: POST /conversation first, and send its cookie");
        } else if (!session.begin(language(exchange))) {
            refuse(exchange, 409, "previous response must be complete");
        } else {
            try {
                exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
                exchange.sendResponseHeaders(200, 0);
                session.respond(message, new ResponseEvents(exchange.getResponseBody()));
            } catch (InterruptedException e) {
                // The server is closing.
                Thread.currentThread().interrupt();
            } finally {
                session.end();
            }
        }
    }

    private void stop(HttpExchange exchange) throws IOException {
        ChatSession session = sessions.of(exchange);
        try {
            if (session == null || session.stop()) {
                send(exchange, 200, Map.of());
            } else {
                refuse(exchange, 409, "previous response must end, but did not");
            }
        } catch (InterruptedException e) {
            // The server is closing.
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the message of a request, which must be JSON, since pages of other origins cannot send it; null if there is none. */
    private static @Nullable String message(HttpExchange exchange) throws IOException {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (type == null
                || !type.toLowerCase(Locale.ROOT).startsWith("application/json")
                || body.length > MAX_BODY_BYTES) {
            return null;
        }
        try {
            JsonNode message = MAPPER.readTree(body).path("message");
            return message.isTextual() && !message.textValue().isBlank() ? message.textValue() : null;
        } catch (JsonProcessingException | CharConversionException e) {
            return null;
        }
    }

    /** Returns the language that the browser prefers among those with a replacement; English by default. */
    private Locale language(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Accept-Language");
        List<Locale> languages = Stream.concat(
                        policy.replacements().keySet().stream().map(Locale::forLanguageTag), Stream.of(Locale.ENGLISH))
                .toList();
        try {
            Locale best = header == null ? null : Locale.lookup(Locale.LanguageRange.parse(header), languages);
            return best == null ? Locale.ENGLISH : best;
        } catch (IllegalArgumentException e) {
            return Locale.ENGLISH;
        }
    }

    private static void refuse(HttpExchange exchange, int status, String error) throws IOException {
        send(exchange, status, Map.of("error", error));
    }

    private static void send(HttpExchange exchange, int status, Object json) throws IOException {
        send(exchange, status, "application/json", MAPPER.writeValueAsBytes(json));
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Returns the URL of the page. */
    URI address() {
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        model.close();
        sessions.close();
    }

    /** Runs the example until it is stopped. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int port = port(args);
        if (port < 0) {
            System.err.println("usage: Chatbot [--port 0..65535]");
            System.exit(2);
        }
        try (SafetyEvaluator evaluator = SafetyEvaluator.create();
                Chatbot chatbot = start(port, evaluator, ChatScript.load(), () -> Thread.sleep(MILLIS_PER_WORD))) {
            System.out.println("The chatbot is at " + chatbot.address() + ", until you stop it with Ctrl+C.");
            Thread.currentThread().join();
        } catch (BindException e) {
            System.err.println("port must be free, but was in use (" + port + "; --port chooses another)");
            System.exit(1);
        }
    }

    /** Returns the port given by the arguments; -1 if they are invalid. */
    static int port(String... args) {
        if (args.length == 0) {
            return DEFAULT_PORT;
        }
        if (args.length != 2 || !args[0].equals("--port") || !args[1].matches("\\d{1,5}")) {
            return -1;
        }
        int port = Integer.parseInt(args[1]);
        return port <= 0xffff ? port : -1;
    }
}
