package org.donotanswer.guard.springai;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.donotanswer.guard.Verdict;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * The chunks of a response that wait for their text to be released. They leave in the order in which they came; those without text
 * leave once text after them does, or at the end. Thread-safe: the model adds and the guard releases on different threads.
 */
final class ChunkQueue {
    /** A chunk with the text of all its generations, which are parts of one response. */
    private record Chunk(ChatClientResponse response, String text) {}

    private final Deque<Chunk> waiting = new ArrayDeque<>();

    /** Chunks without text to show, which come before the first waiting one. */
    private final List<ChatClientResponse> silent = new ArrayList<>();

    /** The length of the first chunk's text that has been released. */
    private int released;

    private boolean begun;
    private Map<String, Object> context;
    private @Nullable ChatResponse last;

    /** Creates a queue for the response to a request with the given context. */
    ChunkQueue(Map<String, Object> context) {
        this.context = context;
    }

    /**
     * Adds a chunk, and returns its text.
     *
     * @throws IllegalStateException if the chunk is part of a second response: interleaved responses cannot be checked as one
     */
    synchronized String add(ChatClientResponse response) {
        String text = text(response);
        waiting.add(new Chunk(response, text));
        context = response.context();
        last = response.chatResponse() == null ? last : response.chatResponse();
        return text;
    }

    private static String text(ChatClientResponse response) {
        StringBuilder text = new StringBuilder();
        for (Generation generation : generations(response)) {
            AssistantMessage output = generation.getOutput();
            if (output == null) {
                continue;
            }
            if (output.getMetadata().get("index") instanceof Number index && index.intValue() > 0) {
                throw new IllegalStateException("stream must have one response, but had alternative " + index);
            }
            text.append(output.getText() == null ? "" : output.getText());
        }
        return text.toString();
    }

    private static List<Generation> generations(ChatClientResponse response) {
        ChatResponse chatResponse = response.chatResponse();
        return chatResponse == null ? List.of() : chatResponse.getResults();
    }

    /** Returns the chunks that leave as the given number of chars is released. */
    synchronized List<ChatClientResponse> release(int chars) {
        List<ChatClientResponse> leaving = new ArrayList<>();
        int left = chars;
        while (left > 0) {
            Chunk first = waiting.element();
            if (first.text().isEmpty()) {
                silent.add(waiting.remove().response());
                continue;
            }
            leaving.addAll(silent);
            silent.clear();
            begun = true;
            int rest = first.text().length() - released;
            if (rest <= left) {
                leaving.add(removeFirst());
            } else {
                leaving.add(part(first, first.text().substring(released, released + left)));
                released += left;
            }
            left -= Math.min(left, rest);
        }
        return leaving;
    }

    /** Removes the first chunk and returns the rest of it. What ends a response is kept: the response may yet be blocked. */
    private ChatClientResponse removeFirst() {
        Chunk first = waiting.remove();
        String rest = first.text().substring(released);
        boolean whole = released == 0;
        released = 0;
        if (ends(first.response()) || (!whole && generations(first.response()).size() > 1)) {
            silent.add(withText(first.response(), ""));
            return part(first, rest);
        }
        return whole ? first.response() : withText(first.response(), rest);
    }

    private static boolean ends(ChatClientResponse response) {
        for (Generation generation : generations(response)) {
            String reason = generation.getMetadata().getFinishReason();
            AssistantMessage output = generation.getOutput();
            if ((reason != null && !reason.isEmpty()) || (output != null && output.hasToolCalls())) {
                return true;
            }
        }
        return false;
    }

    /** Returns a chunk with part of the text: the rest, for example usage, comes once, with the last part. */
    private static ChatClientResponse part(Chunk chunk, String text) {
        List<Generation> generations = List.of(new Generation(new AssistantMessage(text)));
        ChatResponse whole = chunk.response().chatResponse();
        ChatResponseMetadata metadata = whole == null ? null : whole.getMetadata();
        return response(
                metadata == null
                        ? new ChatResponse(generations)
                        : new ChatResponse(
                                generations,
                                ChatResponseMetadata.builder()
                                        .id(metadata.getId())
                                        .model(metadata.getModel())
                                        .build()),
                chunk.response());
    }

    /** Returns a chunk whose first generation has the given text, and the others none. */
    private static ChatClientResponse withText(ChatClientResponse chunk, String text) {
        List<Generation> generations = new ArrayList<>();
        for (Generation generation : generations(chunk)) {
            AssistantMessage output = generation.getOutput();
            if (output != null) {
                AssistantMessage message = AssistantMessage.builder()
                        .content(generations.isEmpty() ? text : "")
                        .properties(output.getMetadata())
                        .toolCalls(output.getToolCalls())
                        .media(output.getMedia())
                        .build();
                generations.add(new Generation(message, generation.getMetadata()));
            }
        }
        ChatResponse whole = chunk.chatResponse();
        return response(new ChatResponse(generations, whole == null ? null : whole.getMetadata()), chunk);
    }

    private static ChatClientResponse response(ChatResponse chatResponse, ChatClientResponse like) {
        return new ChatClientResponse(chatResponse, like.context());
    }

    /** Returns the remaining chunks of a response that passed; the last holds the verdict. */
    synchronized List<ChatClientResponse> finish(Verdict verdict) {
        List<ChatClientResponse> leaving = new ArrayList<>(silent);
        for (Chunk chunk : waiting) {
            if (chunk.text().isEmpty()) {
                leaving.add(chunk.response());
            }
        }
        clear();
        if (leaving.isEmpty()) {
            leaving.add(new ChatClientResponse(new ChatResponse(List.of()), context));
        }
        ChatClientResponse end = leaving.remove(leaving.size() - 1);
        leaving.add(end.mutate().context(SafetyAdvisor.VERDICT, verdict).build());
        return leaving;
    }

    /** Returns the chunk that replaces the rest of a response, as a separate paragraph if anything was shown. */
    synchronized ChatClientResponse replace(Verdict verdict, String replacement) {
        clear();
        Generation generation = ReplacementResponse.generation(begun ? "\n\n" + replacement : replacement);
        return ChatClientResponse.builder()
                .chatResponse(ReplacementResponse.response(List.of(generation), last))
                .context(context)
                .context(SafetyAdvisor.VERDICT, verdict)
                .build();
    }

    private void clear() {
        waiting.clear();
        silent.clear();
    }
}
