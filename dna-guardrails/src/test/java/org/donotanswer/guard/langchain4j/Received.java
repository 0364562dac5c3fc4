package org.donotanswer.guard.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.service.TokenStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Records the events of a stream, in order. Thread-safe. */
final class Received implements StreamingChatResponseHandler {
    final List<String> parts = new CopyOnWriteArrayList<>();
    final List<ChatResponse> responses = new CopyOnWriteArrayList<>();
    final List<Throwable> errors = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();
    final CountDownLatch ended = new CountDownLatch(1);

    /** Reads a service's stream. */
    static Received of(TokenStream stream) {
        Received received = new Received();
        stream.onPartialResponse(received::onPartialResponse)
                .onCompleteResponse(received::onCompleteResponse)
                .onError(received::onError)
                .start();
        return received;
    }

    String shown() {
        return String.join("", parts);
    }

    String response() {
        return responses.get(0).aiMessage().text();
    }

    @Override
    public void onPartialResponse(String part) {
        parts.add(part);
        events.add("part");
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        responses.add(response);
        events.add("complete");
        ended.countDown();
    }

    @Override
    public void onError(Throwable error) {
        errors.add(error);
        events.add("error");
        ended.countDown();
    }
}
