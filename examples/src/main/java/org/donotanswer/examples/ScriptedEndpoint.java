package org.donotanswer.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/** A scripted chatbot behind an OpenAI-compatible endpoint on this machine, in place of yours. Thread-safe. */
final class ScriptedEndpoint implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpServer server;

    private ScriptedEndpoint(HttpServer server) {
        this.server = server;
    }

    /** Starts a chatbot with a response to each question. */
    static ScriptedEndpoint start(Map<String, String> responses) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", exchange -> {
            try (exchange) {
                reply(exchange, responses);
            }
        });
        server.start();
        return new ScriptedEndpoint(server);
    }

    private static void reply(HttpExchange exchange, Map<String, String> responses) throws IOException {
        JsonNode request = MAPPER.readTree(exchange.getRequestBody());
        JsonNode messages = request.path("messages");
        String question = messages.path(messages.size() - 1).path("content").asText();
        ObjectNode reply = MAPPER.createObjectNode();
        reply.put("id", "stub").put("object", "chat.completion").put("created", 0);
        reply.set("model", request.path("model"));
        ObjectNode choice = reply.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "stop");
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", responses.getOrDefault(question, "I don't know."));
        byte[] bytes = MAPPER.writeValueAsBytes(reply);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Returns the base URL, as for {@code dna collect --endpoint}. */
    String address() {
        return "http://localhost:" + server.getAddress().getPort() + "/v1";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
