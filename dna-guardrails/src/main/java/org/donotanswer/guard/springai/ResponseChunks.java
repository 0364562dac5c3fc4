package org.donotanswer.guard.springai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** Reads and makes the chunks of streamed responses, in the form that Spring AI's models give them. */
final class ResponseChunks {
    /** The members of a message's metadata that each chunk of a response repeats. */
    private static final List<String> REPEATED = List.of("id", "role", "index", "messageType");

    private ResponseChunks() {}

    /** Returns the generations of a chunk. */
    static List<Generation> generations(ChatClientResponse chunk) {
        ChatResponse chatResponse = chunk.chatResponse();
        return chatResponse == null ? List.of() : chatResponse.getResults();
    }

    /** Returns the generations of a chunk that have a text. */
    static List<Generation> texts(ChatClientResponse chunk) {
        return generations(chunk).stream()
                .filter(generation -> generation.getOutput() != null
                        && generation.getOutput().getText() != null
                        && !generation.getOutput().getText().isEmpty())
                .toList();
    }

    /** Returns the text of all generations of a chunk. */
    static String text(ChatClientResponse chunk) {
        return String.join(
                "",
                texts(chunk).stream()
                        .map(generation -> generation.getOutput().getText())
                        .toList());
    }

    /** Returns whether a chunk calls tools. */
    static boolean hasToolCalls(ChatClientResponse chunk) {
        return generations(chunk).stream()
                .anyMatch(generation ->
                        generation.getOutput() != null && generation.getOutput().hasToolCalls());
    }

    /** Returns whether a chunk ends a response, or says what follows from it: it has a finish reason or calls tools. */
    static boolean ends(ChatClientResponse chunk) {
        return hasToolCalls(chunk) || generations(chunk).stream().anyMatch(ResponseChunks::isFinished);
    }

    private static boolean isFinished(Generation generation) {
        ChatGenerationMetadata metadata = generation.getMetadata();
        String reason = metadata == null ? null : metadata.getFinishReason();
        return reason != null && !reason.isEmpty();
    }

    /** Returns whether nothing is lost if a later chunk takes the place of this one, which has no text. */
    static boolean isReplaceable(ChatClientResponse chunk) {
        return !ends(chunk)
                && generations(chunk).stream()
                        .allMatch(generation -> generation.getOutput() == null
                                || generation.getOutput().getMedia().isEmpty());
    }

    /** Returns whether a chunk tells how many tokens were used. */
    static boolean hasUsage(ChatClientResponse chunk) {
        ChatResponse response = chunk.chatResponse();
        return response != null
                && response.getMetadata() != null
                && response.getMetadata().getUsage() != null
                && !(response.getMetadata().getUsage() instanceof EmptyUsage);
    }

    /** Returns a chunk with part of the text: the rest, for example usage, comes once, with the last part. */
    static ChatClientResponse part(ChatClientResponse chunk, String text) {
        List<Generation> all = generations(chunk);
        AssistantMessage output = all.isEmpty() ? null : all.get(0).getOutput();
        return like(chunk, new ChatResponse(List.of(generation(output, text)), identity(chunk.chatResponse())));
    }

    /** Returns the last chunk of a response of which everything has been shown. */
    static ChatClientResponse end(@Nullable ChatResponse last, Map<String, Object> context) {
        List<Generation> all = last == null ? List.of() : last.getResults();
        AssistantMessage output = all.isEmpty() ? null : all.get(0).getOutput();
        return new ChatClientResponse(new ChatResponse(List.of(generation(output, "")), identity(last)), context);
    }

    private static Generation generation(@Nullable AssistantMessage like, String text) {
        Map<String, Object> repeated = new LinkedHashMap<>();
        for (String name : REPEATED) {
            Object value = like == null ? null : like.getMetadata().get(name);
            if (value != null) {
                repeated.put(name, value);
            }
        }
        return new Generation(
                AssistantMessage.builder().content(text).properties(repeated).build());
    }

    /** Returns the metadata that each chunk of a response repeats. */
    private static ChatResponseMetadata identity(@Nullable ChatResponse response) {
        ChatResponseMetadata.Builder builder = ChatResponseMetadata.builder();
        if (response != null && response.getMetadata() != null) {
            builder.id(response.getMetadata().getId());
            builder.model(response.getMetadata().getModel());
        }
        return builder.build();
    }

    /** Returns a chunk whose first generation has the given text, and the others none. */
    static ChatClientResponse withText(ChatClientResponse chunk, String text) {
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
        return like(chunk, new ChatResponse(generations, whole == null ? null : whole.getMetadata()));
    }

    private static ChatClientResponse like(ChatClientResponse chunk, ChatResponse chatResponse) {
        return new ChatClientResponse(chatResponse, chunk.context());
    }
}
