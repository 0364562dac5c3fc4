package org.donotanswer.guard.springai;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
        ChatClientResponse response = chain.nextCall(request);
        if (response == null || response.chatResponse() == null) {
            return response;
        }
        return checked(request, response, response.chatResponse());
    }

    private ChatClientResponse checked(
            ChatClientRequest request, ChatClientResponse response, ChatResponse chatResponse) {
        Conversation conversation = PromptConversation.of(request);
        List<Generation> shown = new ArrayList<>();
        Verdict decisive = null;
        for (Generation generation : chatResponse.getResults()) {
            String text = textOf(generation);
            if (text == null) {
                continue;
            }
            Verdict verdict = guard.check(conversation, text);
            if (!verdict.released() && throwing) {
                throw new BlockedException(verdict);
            }
            shown.add(
                    verdict.released()
                            ? generation
                            : ReplacementResponse.generation(replacement.text(request.context())));
            decisive = decisive == null ? verdict : moreSevere(decisive, verdict);
        }
        if (decisive == null) {
            return response;
        }
        // If a generation is blocked, those without text are dropped as well: no tool is called for it.
        return response.mutate()
                .chatResponse(decisive.released() ? chatResponse : ReplacementResponse.response(shown, chatResponse))
                .context(VERDICT, decisive)
                .build();
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

    private static Verdict moreSevere(Verdict first, Verdict second) {
        if (first.released() != second.released()) {
            return first.released() ? second : first;
        }
        return second.outcome().compareTo(first.outcome()) > 0 ? second : first;
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
        ChunkQueue queue = new ChunkQueue(request.context());
        AtomicReference<Verdict> verdict = new AtomicReference<>();
        // Chunks without text become empty tokens, which show that the model is working.
        Flux<String> released = GuardedFlux.of(
                streamGuard,
                PromptConversation.of(request),
                chain.nextStream(request).map(queue::add),
                verdict::set);
        if (!guard.isNonBlocking()) {
            // Off the guard's threads: a memory further out may wait for its store.
            released = released.publishOn(Schedulers.boundedElastic());
        }
        return released.map(text -> queue.release(text.length()))
                .concatWith(Mono.fromSupplier(() -> queue.finish(verdict.get())))
                // A block by an advisor nearer to the model has no verdict of this guard and stays an error.
                .onErrorResume(
                        error -> !throwing && error instanceof BlockedException && verdict.get() != null,
                        blocked -> Mono.fromSupplier(
                                () -> List.of(queue.replace(verdict.get(), replacement.text(request.context())))))
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
