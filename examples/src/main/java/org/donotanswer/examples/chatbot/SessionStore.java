package org.donotanswer.examples.chatbot;

import com.sun.net.httpserver.HttpExchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The sessions of all browsers, identified by a cookie; the least recently used ones are dropped. Thread-safe. */
final class SessionStore implements AutoCloseable {
    private static final int MAX_SESSIONS = 1000;
    private static final String COOKIE = "dna-chat";

    private static final Pattern SEMICOLON = Pattern.compile(";");

    private final Supplier<ChatSession> factory;
    private final Map<String, ChatSession> sessions = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ChatSession> eldest) {
            if (size() <= MAX_SESSIONS) {
                return false;
            }
            eldest.getValue().close();
            return true;
        }
    };

    SessionStore(Supplier<ChatSession> factory) {
        this.factory = factory;
    }

    /** Starts a session. */
    synchronized void begin(HttpExchange exchange) {
        String id = UUID.randomUUID().toString();
        sessions.put(id, factory.get());
        exchange.getResponseHeaders().add("Set-Cookie", COOKIE + "=" + id + "; Path=/; HttpOnly; SameSite=Strict");
    }

    /** Returns the session of a request; null if there is none. */
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
