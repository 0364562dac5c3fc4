package org.donotanswer.guard.springai;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import reactor.core.publisher.Flux;

/** Gives the answers of a script, one for each prompt, and remembers the prompts. */
final class ScriptedModel implements ChatModel {
    final List<Prompt> prompts = new CopyOnWriteArrayList<>();
    final AtomicInteger cancelled = new AtomicInteger();
    final AtomicInteger emitted = new AtomicInteger();

    private final Deque<Flux<ChatResponse>> script = new ArrayDeque<>();
    private ChatOptions options = ChatOptions.builder().build();

    /** Adds an answer in chunks of text and a last one that has the finish reason and the usage. */
    ScriptedModel answer(String... chunks) {
        List<ChatResponse> responses =
                new ArrayList<>(Arrays.stream(chunks).map(ScriptedModel::chunk).toList());
        responses.add(last());
        return responses(responses);
    }

    /** Adds an answer of just these chunks. */
    ScriptedModel responses(List<ChatResponse> chunks) {
        return stream(Flux.fromIterable(chunks));
    }

    ScriptedModel stream(Flux<ChatResponse> chunks) {
        script.add(chunks);
        return this;
    }

    ScriptedModel options(ChatOptions value) {
        options = value;
        return this;
    }

    static ChatResponse chunk(String text) {
        return new ChatResponse(
                List.of(new Generation(new AssistantMessage(text))), metadata().build());
    }

    static ChatResponse last() {
        return new ChatResponse(
                List.of(new Generation(
                        new AssistantMessage(""),
                        ChatGenerationMetadata.builder().finishReason("STOP").build())),
                metadata().usage(new DefaultUsage(7, 11)).build());
    }

    static ChatResponseMetadata.Builder metadata() {
        return ChatResponseMetadata.builder().id("answer-1").model("scripted");
    }

    /** Returns all of the next answer at once. */
    @Override
    public ChatResponse call(Prompt prompt) {
        prompts.add(prompt);
        List<ChatResponse> chunks = script.remove().collectList().block();
        if (chunks.size() == 1) {
            return chunks.get(0);
        }
        Function<ChatResponse, String> text = chunk ->
                chunk.getResult() == null ? "" : chunk.getResult().getOutput().getText();
        ChatResponse end = chunks.get(chunks.size() - 1);
        return new ChatResponse(
                List.of(new Generation(
                        new AssistantMessage(
                                String.join("", chunks.stream().map(text).toList())),
                        end.getResult().getMetadata())),
                end.getMetadata());
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
        prompts.add(prompt);
        return script.remove().doOnNext(chunk -> emitted.incrementAndGet()).doOnCancel(cancelled::incrementAndGet);
    }

    @Override
    public ChatOptions getDefaultOptions() {
        return options;
    }

    /** What {@link #getDefaultOptions} is called from 2.0 on. */
    public ChatOptions getOptions() {
        return options;
    }
}
