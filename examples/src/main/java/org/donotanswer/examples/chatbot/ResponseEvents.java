package org.donotanswer.examples.chatbot;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.donotanswer.guard.Verdict;
import org.jspecify.annotations.Nullable;

/** Sends one response to the browser as it is generated: JSON events, one per line. Thread-safe. */
final class ResponseEvents {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final OutputStream out;
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable StreamingHandle handle;
    private boolean gone;
    private boolean failed;

    ResponseEvents(OutputStream out) {
        this.out = out;
    }

    /** Sends a part of the response, or stops the model if the browser is gone. */
    synchronized void text(String text, StreamingHandle model) {
        handle = model;
        send("text", Map.of("text", text));
        if (gone) {
            leave();
        }
    }

    /** Ends the response because the browser is gone: at once if the model can be stopped, or else with its next words. */
    synchronized void leave() {
        gone = true;
        if (handle != null) {
            handle.cancel();
            over.countDown();
        }
    }

    /** Sends a verdict on the response or a window of it. */
    synchronized void verdict(Verdict verdict) {
        send("verdict", Map.of("verdict", verdict));
    }

    /** Ends the response. */
    synchronized void end() {
        if (over.getCount() > 0) {
            send("end", Map.of());
            over.countDown();
        }
    }

    /** Ends the response because of a failure, without telling the browser the cause. */
    synchronized void fail() {
        if (over.getCount() > 0) {
            failed = true;
            send("error", Map.of());
            over.countDown();
        }
    }

    /** Waits for the end. */
    void await() throws InterruptedException {
        over.await();
    }

    /** Returns whether the response is missing or incomplete. */
    synchronized boolean isBrokenOff() {
        return gone || failed || over.getCount() > 0;
    }

    private void send(String type, Map<String, Object> content) {
        if (gone || over.getCount() == 0) {
            return;
        }
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", type);
        event.putAll(content);
        try {
            out.write((MAPPER.writeValueAsString(event) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            gone = true;
        }
    }
}
