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

/** Sends one answer to the browser as it comes: events in JSON, one a line. Thread-safe. */
final class Turn {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final OutputStream out;
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable StreamingHandle handle;
    private boolean gone;
    private boolean failed;

    Turn(OutputStream out) {
        this.out = out;
    }

    /** Sends a part of the answer, or stops the model if nobody reads it any more. */
    synchronized void text(String text, StreamingHandle model) {
        handle = model;
        send("text", Map.of("text", text));
        if (gone) {
            leave();
        }
    }

    /** Ends the turn, as nobody reads the rest: at once if the model can be stopped by now, else with its next words. */
    synchronized void leave() {
        gone = true;
        if (handle != null) {
            handle.cancel();
            over.countDown();
        }
    }

    /** Sends a verdict, on all of the answer or a part of it. */
    synchronized void verdict(Verdict verdict) {
        send("verdict", Map.of("verdict", verdict));
    }

    /** Ends the turn. */
    synchronized void end() {
        if (over.getCount() > 0) {
            send("end", Map.of());
            over.countDown();
        }
    }

    /** Ends the turn because something went wrong; what, is not for the browser. */
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

    /** Returns whether there is no answer, or nobody wanted the rest. */
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
