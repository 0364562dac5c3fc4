package org.donotanswer.guard.springai;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.donotanswer.guard.Verdict;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * The chunks of a response that wait for their text to be released. They leave in the order in which they came; those without text
 * leave once text after them does, or at the end; of many, only the newest is kept, unless it calls tools or ends the response.
 * Thread-safe: the model adds and the guard releases on different threads.
 */
final class ChunkQueue {
    /** From how many waiting chunks without text on a new one takes the place of the one before. */
    static final int MAX_SILENT = 1_000;

    /** A chunk with the text of all its generations, which are parts of one response. */
    private record Chunk(ChatClientResponse response, String text) {}

    private final Deque<Chunk> waiting = new ArrayDeque<>();

    /** Chunks without text to show, which come before the first waiting one. */
    private final List<ChatClientResponse> silent = new ArrayList<>();

    private final StreamAlternatives alternatives = new StreamAlternatives();

    /** The number of chunks without text, waiting or silent. */
    private int silentCount;

    /** Whether calls of tools have come, and no text after them. */
    private boolean toolsLast;

    /** The length of the first chunk's text that has been released. */
    private int released;

    /** The most severe verdict of other guards, nearer to the model. */
    private @Nullable Verdict verdict;

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
        alternatives.add(ResponseChunks.texts(response));
        String text = ResponseChunks.text(response);
        verdict = JudgedAnswer.moreSevereOf(verdict, JudgedAnswer.verdict(response));
        toolsLast = ResponseChunks.hasToolCalls(response) || (toolsLast && text.isBlank());
        context = response.context();
        last = response.chatResponse() == null ? last : response.chatResponse();
        if (!text.isEmpty() || hasRoom(response)) {
            silentCount += text.isEmpty() ? 1 : 0;
            waiting.add(new Chunk(response, text));
        }
        return text;
    }

    /** Returns the most severe verdict of guards nearer to the model; null if there is none. */
    synchronized @Nullable Verdict verdict() {
        return verdict;
    }

    /** Returns whether the response so far is what the model says before it calls tools. */
    synchronized boolean isBeforeTools() {
        return toolsLast;
    }

    /**
     * Returns whether to keep a chunk without text. Makes room for it: of many, those that only repeat or update others are
     * dropped, so that a stream of nothing does not fill the memory.
     *
     * @throws IllegalStateException if there are too many that say something
     */
    private boolean hasRoom(ChatClientResponse response) {
        if (silentCount < MAX_SILENT) {
            return true;
        }
        if (!ResponseChunks.isReplaceable(response)) {
            if (silentCount >= 2 * MAX_SILENT) {
                throw new IllegalStateException("stream must have text after at most " + 2 * MAX_SILENT
                        + " chunks that call tools, bring media or end it, but had more");
            }
            return true;
        }
        Chunk newest = waiting.peekLast();
        if (newest == null || !newest.text().isEmpty() || !ResponseChunks.isReplaceable(newest.response())) {
            return true;
        }
        if (ResponseChunks.hasUsage(newest.response()) && !ResponseChunks.hasUsage(response)) {
            return false;
        }
        waiting.removeLast();
        silentCount--;
        return true;
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
            silentCount -= silent.size();
            silent.clear();
            begun = true;
            int rest = first.text().length() - released;
            if (rest <= left) {
                leaving.add(removeFirst());
            } else {
                leaving.add(ResponseChunks.part(first.response(), first.text().substring(released, released + left)));
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
        if (ResponseChunks.ends(first.response())
                || (!whole && ResponseChunks.generations(first.response()).size() > 1)) {
            silent.add(ResponseChunks.withText(first.response(), ""));
            silentCount++;
            return ResponseChunks.part(first.response(), rest);
        }
        return whole ? first.response() : ResponseChunks.withText(first.response(), rest);
    }

    /** Returns the remaining chunks of a response that passed; the last holds the verdict. */
    synchronized List<ChatClientResponse> finish(Verdict end) {
        List<ChatClientResponse> leaving = new ArrayList<>(silent);
        for (Chunk chunk : waiting) {
            if (chunk.text().isEmpty()) {
                leaving.add(chunk.response());
            }
        }
        clear();
        if (leaving.isEmpty()) {
            leaving.add(ResponseChunks.end(last, context));
        }
        ChatClientResponse newest = leaving.remove(leaving.size() - 1);
        leaving.add(newest.mutate().context(SafetyAdvisor.VERDICT, end).build());
        return leaving;
    }

    /** Returns the chunk that replaces the rest of a response, as a separate paragraph if anything was shown. */
    synchronized ChatClientResponse replace(Verdict end, String replacement) {
        clear();
        Generation generation = ReplacementResponse.generation(begun ? "\n\n" + replacement : replacement);
        return ChatClientResponse.builder()
                .chatResponse(ReplacementResponse.response(List.of(generation), last))
                .context(context)
                .context(SafetyAdvisor.VERDICT, end)
                .build();
    }

    private void clear() {
        waiting.clear();
        silent.clear();
        silentCount = 0;
    }
}
