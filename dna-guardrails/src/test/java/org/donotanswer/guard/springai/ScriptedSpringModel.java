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

/** Returns scripted responses, one per prompt, and records the prompts. */
final class ScriptedSpringModel implements ChatModel {
    final List<Prompt> prompts = new CopyOnWriteArrayList<>();
    final AtomicInteger cancelled = new AtomicInteger();
    final AtomicInteger emitted = new AtomicInteger();

    private final Deque<Flux<ChatResponse>> script = new ArrayDeque<>();
    private ChatOptions options = ChatOptions.builder().build();

    /** Adds a response of text chunks and a last chunk with finish reason and usage. */
    ScriptedSpringModel response(String... chunks) {
        List<ChatResponse> responses = new ArrayList<>(
                Arrays.stream(chunks).map(ScriptedSpringModel::chunk).toList());
        responses.add(last());
        return responses(responses);
    }

    /** Adds a response of exactly these chunks. */
    ScriptedSpringModel responses(List<ChatResponse> chunks) {
        return stream(Flux.fromIterable(chunks));
    }

    ScriptedSpringModel stream(Flux<ChatResponse> chunks) {
        script.add(chunks);
        return this;
    }

    ScriptedSpringModel options(ChatOptions value) {
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

    /** Returns the whole next response at once. */
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

    /** The name of {@link #getDefaultOptions} from 2.0 on. */
    public ChatOptions getOptions() {
        return options;
    }
}
