package org.donotanswer.guard.springai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.reactor.GuardedFlux;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Guards the responses of a {@code ChatClient}. A blocked one is replaced by the policy's text with the finish reason {@value
 * #FINISH_REASON}, or a {@link BlockedException} is thrown. The context of every response holds the verdict under {@link #VERDICT};
 * in a stream, the context of the last chunk does.
 *
 * <p>Streamed text is shown once the windows that contain it have passed. If a response is blocked on its way, the text shown so far
 * stays, the replacement follows as the last chunk and a separate paragraph, and the stream of the model is cancelled. Chunks come as
 * the model sent them, with their metadata, except that the end of a window may split one. Chunks without text are held back as long
 * as text before them is; the last one until the whole response has passed.
 *
 * <p>Text beside calls of tools is checked as {@link SafetyGuard#checkInterim} describes; if it is blocked, no tool is called.
 * Alternative responses are checked one by one; a stream that has several is refused.
 *
 * <p>If a chain has several such advisors, for example an auto-configured one and one of the application's own, each guard checks
 * a response once, and the most severe verdict stays.
 *
 * <p>Earlier turns in the prompt serve as context. See the {@linkplain org.donotanswer.guard.springai package} for the order of
 * advisors and for what is not checked. With {@code entity()}, let blocked responses throw: the replacement is not JSON.
 *
 * <p>Thread-safe if its guard is.
 */
public final class SafetyAdvisor implements CallAdvisor, StreamAdvisor {
    /** The key of the {@link Verdict} in a response's context. */
    public static final String VERDICT = "donotanswer.verdict";
    /** The key of the language in a request's context: a {@link Locale} or a language tag. */
    public static final String LOCALE = "donotanswer.locale";
    /** The finish reason of a replacement. */
    public static final String FINISH_REASON = "CONTENT_FILTER";
    /** The default order: just nearer to the model than the chat memory's default order. */
    public static final int DEFAULT_ORDER = AdvisorOrders.RESPONSE;

    private final SafetyGuard guard;
    private final StreamGuard streamGuard;
    private final ReplacementResponse replacement;
    private final boolean throwing;
    private final boolean memoryInside;
    private final int order;

    private SafetyAdvisor(Builder builder) {
        if (builder.streamGuard == null) {
            throw new IllegalStateException("guard must be set, but was not");
        }
        streamGuard = builder.streamGuard;
        guard = streamGuard.guard();
        replacement =
                new ReplacementResponse(guard.policy(), Objects.requireNonNullElse(builder.locale, Locale.ENGLISH));
        throwing = Objects.requireNonNullElse(builder.throwing, false);
        memoryInside = Objects.requireNonNullElse(builder.memoryInside, false);
        order = Objects.requireNonNullElse(builder.order, DEFAULT_ORDER);
    }

    /** Returns an advisor that replaces blocked responses. */
    public static SafetyAdvisor of(SafetyGuard guard) {
        return builder().guard(guard).build();
    }

    /** Returns an advisor that replaces blocked responses. */
    public static SafetyAdvisor of(StreamGuard guard) {
        return builder().guard(guard).build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the guard that checks. */
    public SafetyGuard guard() {
        return guard;
    }

    /**
     * Returns the response or its replacement.
     *
     * @throws BlockedException if the response is blocked and blocked responses throw
     * @throws IllegalStateException if a chat memory is nearer to the model and that is not allowed
     */
    @Override
    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
        if (!memoryInside) {
            AdvisorOrders.requireNoMemoryInside(this, chain.getCallAdvisors());
        }
        ChatClientResponse response = chain.nextCall(JudgedAnswer.asking(request, chain.getCallAdvisors()));
        if (response == null || response.chatResponse() == null) {
            return response;
        }
        JudgedAnswer known = JudgedAnswer.of(response);
        if (known == null || !known.covers(guard)) {
            return told(request, checked(request, response, response.chatResponse()));
        }
        requireReleased(known.verdict());
        return told(request, response);
    }

    /** Returns a response with what advisors further from the model need to know, and nothing else about the advisors. */
    private ChatClientResponse told(ChatClientRequest request, ChatClientResponse response) {
        if (JudgedAnswer.isWanted(request)) {
            return JudgedAnswer.tell(response, guard, JudgedAnswer.verdict(response));
        }
        return JudgedAnswer.hasTraces(response)
                ? new ChatClientResponse(response.chatResponse(), JudgedAnswer.withoutTraces(response.context()))
                : response;
    }

    private void requireReleased(@Nullable Verdict verdict) {
        if (throwing && verdict != null && !verdict.released()) {
            throw new BlockedException(verdict);
        }
    }

    private ChatClientResponse checked(
            ChatClientRequest request, ChatClientResponse response, ChatResponse chatResponse) {
        Conversation conversation = PromptConversation.of(request);
        Map<String, Verdict> joined = joined(conversation, chatResponse);
        List<Generation> shown = new ArrayList<>();
        Verdict decisive = JudgedAnswer.verdict(response);
        boolean released = true;
        for (Generation generation : chatResponse.getResults()) {
            Verdict verdict = check(conversation, generation, joined);
            if (verdict == null) {
                continue;
            }
            requireReleased(verdict);
            released &= verdict.released();
            shown.add(
                    verdict.released()
                            ? generation
                            : ReplacementResponse.generation(replacement.text(request.context())));
            decisive = JudgedAnswer.moreSevere(decisive, verdict);
        }
        if (decisive == null) {
            return response;
        }
        // If a generation is blocked, those without text are dropped as well: no tool is called for it.
        ChatClientResponse result = response.mutate()
                .chatResponse(released ? chatResponse : ReplacementResponse.response(shown, chatResponse))
                .context(VERDICT, decisive)
                .build();
        return JudgedAnswer.isWanted(request) ? JudgedAnswer.tell(result, guard, decisive) : result;
    }

    /** Returns the verdict on a generation; null if it has no text. */
    private @Nullable Verdict check(Conversation conversation, Generation generation, Map<String, Verdict> joined) {
        String text = textOf(generation);
        if (text == null) {
            return null;
        }
        Verdict verdict = generation.getOutput().hasToolCalls()
                ? guard.checkInterim(conversation, text)
                : guard.check(conversation, text);
        return JudgedAnswer.moreSevere(joined.get(StreamAlternatives.of(generation)), verdict);
    }

    /**
     * Returns verdicts on the texts of generations that have the same number, joined: these may be the parts of one alternative.
     * The text of each is checked by itself as well, as they may also be alternatives that a provider gives no numbers of their
     * own.
     */
    private Map<String, Verdict> joined(Conversation conversation, ChatResponse response) {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        for (Generation generation : response.getResults()) {
            String index = StreamAlternatives.of(generation);
            String text = textOf(generation);
            if (index != null && text != null) {
                texts.computeIfAbsent(index, key -> new ArrayList<>()).add(text);
            }
        }
        Map<String, Verdict> verdicts = new HashMap<>();
        texts.forEach((index, parts) -> {
            if (parts.size() > 1) {
                verdicts.put(index, guard.check(conversation, String.join("", parts)));
            }
        });
        return verdicts;
    }

    /** Returns the text of a generation; null if it consists of tool calls or media only. */
    private static @Nullable String textOf(Generation generation) {
        AssistantMessage output = generation.getOutput();
        if (output == null) {
            return null;
        }
        String text = output.getText();
        if (text == null || text.isEmpty()) {
            return output.hasToolCalls() || !output.getMedia().isEmpty() ? null : "";
        }
        return text;
    }

    /**
     * Returns the response as far as it passes, and then the replacement if it is blocked.
     *
     * @throws IllegalStateException if a chat memory is nearer to the model and that is not allowed
     */
    @Override
    public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
        if (!memoryInside) {
            AdvisorOrders.requireNoMemoryInside(this, chain.getStreamAdvisors());
        }
        return Flux.defer(() -> guarded(request, chain));
    }

    private Flux<ChatClientResponse> guarded(ChatClientRequest request, StreamAdvisorChain chain) {
        ChatClientRequest asking = JudgedAnswer.asking(request, chain.getStreamAdvisors());
        Flux<ChatClientResponse> source = chain.nextStream(asking);
        if (!JudgedAnswer.isWanted(asking)) {
            return judged(request, source, new AtomicReference<>());
        }
        AtomicReference<Verdict> end = new AtomicReference<>();
        return source.switchOnFirst((first, all) -> isJudged(first.get())
                        ? all.concatMap(chunk -> passed(request, chunk))
                        : judged(request, all, end))
                .map(chunk -> JudgedAnswer.isWanted(request)
                        ? JudgedAnswer.tell(
                                chunk, guard, JudgedAnswer.moreSevereOf(JudgedAnswer.verdict(chunk), end.get()))
                        : new ChatClientResponse(chunk.chatResponse(), JudgedAnswer.withoutTraces(chunk.context())));
    }

    private boolean isJudged(@Nullable ChatClientResponse chunk) {
        JudgedAnswer known = chunk == null ? null : JudgedAnswer.of(chunk);
        return known != null && known.covers(guard);
    }

    /** Returns a chunk of a stream that an advisor nearer to the model judges by the same guard. */
    private Mono<ChatClientResponse> passed(ChatClientRequest request, ChatClientResponse chunk) {
        if (isJudged(chunk)) {
            return Mono.fromSupplier(() -> {
                requireReleased(JudgedAnswer.verdict(chunk));
                return chunk;
            });
        }
        String text = ResponseChunks.text(chunk);
        if (text.isEmpty()) {
            return Mono.just(chunk);
        }
        // Another advisor between the two has added or changed it.
        return Mono.fromFuture(() -> guard.checkAsync(PromptConversation.of(request), text))
                .map(verdict -> {
                    if (!verdict.released()) {
                        throw new BlockedException(verdict);
                    }
                    return chunk;
                });
    }

    /** Returns what of a stream passes this guard, or the replacement; the reference gets the verdict. */
    private Flux<ChatClientResponse> judged(
            ChatClientRequest request, Flux<ChatClientResponse> source, AtomicReference<Verdict> end) {
        ChunkQueue queue = new ChunkQueue(request.context());
        AtomicReference<Verdict> verdict = new AtomicReference<>();
        // Chunks without text become empty tokens, which show that the model is working.
        Flux<String> released = GuardedFlux.of(
                streamGuard,
                PromptConversation.of(request),
                source.map(queue::add),
                verdict::set,
                queue::isBeforeTools);
        if (!guard.isNonBlocking()) {
            // Off the guard's threads: a memory further out may wait for its store.
            released = released.publishOn(Schedulers.boundedElastic());
        }
        return released.map(text -> queue.release(text.length()))
                .concatWith(Mono.fromSupplier(() -> {
                    Verdict whole = JudgedAnswer.moreSevere(queue.verdict(), verdict.get());
                    requireReleased(whole);
                    end.set(whole);
                    return queue.finish(whole);
                }))
                // A block by an advisor nearer to the model has no verdict of this guard and stays an error.
                .onErrorResume(
                        error -> !throwing && error instanceof BlockedException && verdict.get() != null,
                        blocked -> Mono.fromSupplier(() -> {
                            Verdict whole = JudgedAnswer.moreSevere(queue.verdict(), verdict.get());
                            end.set(whole);
                            return List.of(queue.replace(whole, replacement.text(request.context())));
                        }))
                .concatMapDelayError(Flux::fromIterable, 1);
    }

    /** Returns {@code "SafetyAdvisor"}. */
    @Override
    public String getName() {
        return "SafetyAdvisor";
    }

    @Override
    public int getOrder() {
        return order;
    }

    /** Builds an advisor. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable StreamGuard streamGuard;
        private @Nullable Boolean throwing;
        private @Nullable Boolean memoryInside;
        private @Nullable Integer order;
        private @Nullable Locale locale;

        private Builder() {}

        /** Sets the guard; it guards streams with the default windows. Either this or {@link #guard(StreamGuard)} is required. */
        public Builder guard(SafetyGuard value) {
            return guard(StreamGuard.of(value));
        }

        /** Sets the guard of streams, whose own guard checks the responses that are not streamed. */
        public Builder guard(StreamGuard value) {
            if (streamGuard != null) {
                throw new IllegalStateException("guard must be set once, but was one of policy "
                        + streamGuard.guard().policy().version() + " and then one of policy "
                        + value.guard().policy().version());
            }
            streamGuard = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets whether blocked responses throw a {@link BlockedException}, or end a stream with it; false if not set. */
        public Builder throwing(boolean value) {
            throwing = BuilderChecks.setOnce("throwing", throwing, value);
            return this;
        }

        /** Sets the order; {@link #DEFAULT_ORDER} if not set. */
        public Builder order(int value) {
            order = BuilderChecks.setOnce("order", order, value);
            return this;
        }

        /**
         * Sets whether a chat memory may be nearer to the model, where it stores what is blocked; false if not set: calls then fail.
         */
        public Builder memoryInside(boolean value) {
            memoryInside = BuilderChecks.setOnce("memoryInside", memoryInside, value);
            return this;
        }

        /** Sets the language of the replacement for requests that name none by {@link #LOCALE}; English if not set. */
        public Builder locale(Locale value) {
            locale = BuilderChecks.setOnce("locale", locale, value);
            return this;
        }

        /**
         * Returns the advisor.
         *
         * @throws IllegalStateException if no guard was set
         */
        public SafetyAdvisor build() {
            return new SafetyAdvisor(this);
        }
    }
}
