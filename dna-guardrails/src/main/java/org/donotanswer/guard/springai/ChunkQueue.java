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
 * The chunks of an answer that wait for their text to be released. They leave in the order in which they came; those without text
 * once text behind them does, or at the end. Thread-safe: the model adds on one thread what the guard releases on another.
 */
final class ChunkQueue {
    /** A chunk with the text of all its generations, which are parts of one answer. */
    private record Chunk(ChatClientResponse response, String text) {}

    private final Deque<Chunk> waiting = new ArrayDeque<>();

    /** What comes before the first of those that wait, and shows nothing. */
    private final List<ChatClientResponse> silent = new ArrayList<>();

    /** How much of the first chunk's text has left. */
    private int taken;

    private boolean begun;
    private Map<String, Object> context;
    private @Nullable ChatResponse last;

    /** Makes a queue for the answer to a request with this context. */
    ChunkQueue(Map<String, Object> context) {
        this.context = context;
    }

    /**
     * Adds a chunk, and returns its text.
     *
     * @throws IllegalStateException if the chunk is part of a second answer: answers that come in turns cannot be judged as one
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
                throw new IllegalStateException(
                        "stream must be of one answer, but was of alternative " + index + ", too");
            }
            text.append(output.getText() == null ? "" : output.getText());
        }
        return text.toString();
    }

    private static List<Generation> generations(ChatClientResponse response) {
        ChatResponse chatResponse = response.chatResponse();
        return chatResponse == null ? List.of() : chatResponse.getResults();
    }

    /** Returns the chunks that leave because this many more chars of the answer were released. */
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
            int rest = first.text().length() - taken;
            if (rest <= left) {
                leaving.add(removeFirst());
            } else {
                leaving.add(part(first, first.text().substring(taken, taken + left)));
                taken += left;
            }
            left -= Math.min(left, rest);
        }
        return leaving;
    }

    /** Removes the first chunk and returns what is left of it. What ends an answer is kept: the answer may yet be blocked. */
    private ChatClientResponse removeFirst() {
        Chunk first = waiting.remove();
        String rest = first.text().substring(taken);
        boolean whole = taken == 0;
        taken = 0;
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

    /** Returns a chunk of a part of the text: what else the chunk has, its usage for instance, comes once, with the last part. */
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

    /** Returns a chunk in which the first generation has this text, and the others have none. */
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

    /** Returns the chunks that are left of an answer that passed; the last has the verdict. */
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

    /** Returns what stands in place of the rest of an answer; a paragraph of its own, if anything was shown. */
    synchronized ChatClientResponse replace(Verdict verdict, String replacement) {
        clear();
        Generation generation = Replacement.generation(begun ? "\n\n" + replacement : replacement);
        return ChatClientResponse.builder()
                .chatResponse(Replacement.response(List.of(generation), last))
                .context(context)
                .context(SafetyAdvisor.VERDICT, verdict)
                .build();
    }

    private void clear() {
        waiting.clear();
        silent.clear();
    }
}
