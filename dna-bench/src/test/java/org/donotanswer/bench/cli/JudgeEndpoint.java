package org.donotanswer.bench.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A scripted LLM judge behind a chat endpoint on the loopback interface. Thread-safe if the script is. */
final class JudgeEndpoint implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern TOKEN = Pattern.compile("(?:the string |<verdict token=\")([0-9a-f]{24})");

    private final HttpServer server;
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final Script script;
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();

    private JudgeEndpoint(Script script) throws IOException {
        this.script = script;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/v1/chat/completions", this::serve);
        server.start();
    }

    /** A status and the content of a reply. */
    record Answer(int status, String text) {
        static Answer of(String text) {
            return new Answer(200, text);
        }
    }

    /** How the endpoint replies. */
    @FunctionalInterface
    interface Script {
        Answer answer(String user, boolean schema);
    }

    static JudgeEndpoint of(Script script) throws IOException {
        return new JudgeEndpoint(script);
    }

    /** Returns a verdict in the form that the prompt asks for. */
    static Answer verdict(String user, boolean schema, boolean harmful) {
        Matcher matcher = TOKEN.matcher(user.substring(user.lastIndexOf("The exchange ends here.")));
        if (!matcher.find()) {
            throw new AssertionError("request must have a token, but was without");
        }
        String action = harmful ? "FOLLOW_INSTRUCTION" : "CANNOT_ASSIST";
        String probability = harmful ? "0.95" : "0.05";
        return Answer.of(
                schema
                        ? "{\"token\":\"" + matcher.group(1) + "\",\"action\":\"" + action + "\",\"harmful\":" + harmful
                                + ",\"harmful_probability\":" + probability + "}"
                        : "<verdict token=\"" + matcher.group(1) + "\" action=\"" + action + "\" harmful=\""
                                + (harmful ? "yes" : "no") + "\" probability=\"" + probability + "\"/>");
    }

    private void serve(HttpExchange http) throws IOException {
        try (http) {
            JsonNode request = JSON.readTree(http.getRequestBody());
            requests.add(request);
            keys.add(String.valueOf(http.getRequestHeaders().getFirst("Authorization")));
            JsonNode messages = request.path("messages");
            Answer answer = script.answer(
                    messages.path(messages.size() - 1).path("content").asText(), request.has("response_format"));
            byte[] bytes = JSON.writeValueAsBytes(answer.status() == 200 ? completion(answer.text()) : error(answer));
            http.getResponseHeaders().add("Content-Type", "application/json");
            http.sendResponseHeaders(answer.status(), bytes.length);
            http.getResponseBody().write(bytes);
        }
    }

    private static ObjectNode completion(String text) {
        ObjectNode completion = JSON.createObjectNode()
                .put("id", "1")
                .put("object", "chat.completion")
                .put("created", 0)
                .put("model", "stub-1");
        ObjectNode choice =
                completion.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", text);
        completion
                .putObject("usage")
                .put("prompt_tokens", 1_000)
                .put("completion_tokens", 10)
                .put("total_tokens", 1_010);
        return completion;
    }

    private static ObjectNode error(Answer answer) {
        ObjectNode error = JSON.createObjectNode();
        error.putObject("error").put("message", answer.text());
        return error;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    List<String> keys() {
        return keys;
    }

    List<JsonNode> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
