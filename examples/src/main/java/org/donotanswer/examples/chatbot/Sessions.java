package org.donotanswer.examples.chatbot;

import com.sun.net.httpserver.HttpExchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The conversations of all browsers, by a cookie; the ones that were silent for longest go. Thread-safe. */
final class Sessions implements AutoCloseable {
    private static final int MOST = 1000;
    private static final String COOKIE = "dna-chat";

    private static final Pattern SEMICOLON = Pattern.compile(";");

    private final Supplier<ChatSession> maker;
    private final Map<String, ChatSession> sessions = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ChatSession> eldest) {
            if (size() <= MOST) {
                return false;
            }
            eldest.getValue().close();
            return true;
        }
    };

    Sessions(Supplier<ChatSession> maker) {
        this.maker = maker;
    }

    /** Begins a conversation. */
    synchronized void begin(HttpExchange exchange) {
        String id = UUID.randomUUID().toString();
        sessions.put(id, maker.get());
        exchange.getResponseHeaders().add("Set-Cookie", COOKIE + "=" + id + "; Path=/; HttpOnly; SameSite=Strict");
    }

    /** Returns the conversation that a request is about; null if there is none. */
    synchronized @Nullable ChatSession of(HttpExchange exchange) {
        List<String> headers = exchange.getRequestHeaders().getOrDefault("Cookie", List.of());
        for (String header : headers) {
            for (String cookie : SEMICOLON.split(header, -1)) {
                ChatSession session = cookie.strip().startsWith(COOKIE + "=")
                        ? sessions.get(cookie.strip().substring(COOKIE.length() + 1))
                        : null;
                if (session != null) {
                    return session;
                }
            }
        }
        return null;
    }

    @Override
    public synchronized void close() {
        sessions.values().forEach(ChatSession::close);
        sessions.clear();
    }
}
