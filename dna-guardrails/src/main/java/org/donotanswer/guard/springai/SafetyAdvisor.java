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
 * Guards the answers of a {@code ChatClient}. One that is blocked is replaced by the policy's text, with the finish reason {@value
 * #FINISH_REASON}; or a {@link BlockedException} is thrown. The context of the response has the verdict under {@link #VERDICT},
 * for answers that pass, too; that of a stream has it from its last chunk on.
 *
 * <p>Streamed text is shown when the windows that contain it have passed. Of an answer that is blocked on its way, what was shown
 * stays, the replacement is the last chunk, a paragraph of its own, and the model is asked for no more. Chunks come as the model sent them, with their
 * metadata, but for those that a window's end divides. Those without text are held back as long as text before them is, and the
 * last until the answer has passed as a whole.
 *
 * <p>What was said before, as far as the prompt shows it, is the context of the judgement; see the {@linkplain
 * org.donotanswer.guard.springai package} for the order of advisors, and for what is not judged. With {@code entity()}, let
 * blocked answers throw: the replacement is no JSON.
 *
 * <p>Thread-safe, if its guard is.
 */
public final class SafetyAdvisor implements CallAdvisor, StreamAdvisor {
    /** Under which key of a response's context its {@link Verdict} stands. */
    public static final String VERDICT = "donotanswer.verdict";
    /** Under which key of a request's context its language may stand, a {@link Locale} or a language tag. */
    public static final String LOCALE = "donotanswer.locale";
    /** The finish reason of a replacement. */
    public static final String FINISH_REASON = "CONTENT_FILTER";
    /** The order if no other is set: just nearer to the model than the chat memory's default in the release at hand. */
    public static final int DEFAULT_ORDER = Orders.RESPONSE;

    private final SafetyGuard guard;
    private final StreamGuard streamGuard;
    private final Replacement replacement;
    private final boolean throwing;
    private final boolean memoryInside;
    private final int order;

    private SafetyAdvisor(Builder builder) {
        if (builder.streamGuard == null) {
            throw new IllegalStateException("guard must be set, but was not");
        }
        streamGuard = builder.streamGuard;
        guard = streamGuard.guard();
        replacement = new Replacement(guard.policy(), Objects.requireNonNullElse(builder.locale, Locale.ENGLISH));
        throwing = Objects.requireNonNullElse(builder.throwing, false);
        memoryInside = Objects.requireNonNullElse(builder.memoryInside, false);
        order = Objects.requireNonNullElse(builder.order, DEFAULT_ORDER);
    }

    /** Returns an advisor that replaces what the guard blocks. */
    public static SafetyAdvisor of(SafetyGuard guard) {
        return builder().guard(guard).build();
    }

    /** Returns an advisor that replaces what the guard blocks. */
    public static SafetyAdvisor of(StreamGuard guard) {
        return builder().guard(guard).build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the answer, or what stands in its place.
     *
     * @throws BlockedException if the answer is blocked, and blocked answers throw
     * @throws IllegalStateException if a chat memory is nearer to the model, and it was not told to bear that
     */
    @Override
    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
        if (!memoryInside) {
            Orders.requireNoMemoryInside(this, chain.getCallAdvisors());
        }
        ChatClientResponse response = chain.nextCall(request);
        if (response == null || response.chatResponse() == null) {
            return response;
        }
        return judged(request, response, response.chatResponse());
    }

    private ChatClientResponse judged(ChatClientRequest request, ChatClientResponse response, ChatResponse answers) {
        Conversation conversation = Conversations.of(request);
        List<Generation> shown = new ArrayList<>();
        Verdict decisive = null;
        for (Generation generation : answers.getResults()) {
            String text = judgeable(generation);
            if (text == null) {
                continue;
            }
            Verdict verdict = guard.check(conversation, text);
            if (!verdict.released() && throwing) {
                throw new BlockedException(verdict);
            }
            shown.add(verdict.released() ? generation : Replacement.generation(replacement.text(request.context())));
            decisive = decisive == null ? verdict : severer(decisive, verdict);
        }
        if (decisive == null) {
            return response;
        }
        // With a part that is blocked, those that were not judged go, too: tools are not called for it.
        return response.mutate()
                .chatResponse(decisive.released() ? answers : Replacement.response(shown, answers))
                .context(VERDICT, decisive)
                .build();
    }

    /** Returns the text of a generation; null if it has none, and is of tool calls or media. */
    private static @Nullable String judgeable(Generation generation) {
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

    private static Verdict severer(Verdict first, Verdict second) {
        if (first.released() != second.released()) {
            return first.released() ? second : first;
        }
        return second.outcome().compareTo(first.outcome()) > 0 ? second : first;
    }

    /**
     * Returns the answer as far as it may be shown, and what stands in place of the rest.
     *
     * @throws IllegalStateException if a chat memory is nearer to the model, and it was not told to bear that
     */
    @Override
    public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
        if (!memoryInside) {
            Orders.requireNoMemoryInside(this, chain.getStreamAdvisors());
        }
        return Flux.defer(() -> guarded(request, chain));
    }

    private Flux<ChatClientResponse> guarded(ChatClientRequest request, StreamAdvisorChain chain) {
        ChunkQueue queue = new ChunkQueue(request.context());
        AtomicReference<Verdict> verdict = new AtomicReference<>();
        // Chunks without text go along as empty tokens: they show that the model is at work.
        Flux<String> released = GuardedFlux.of(
                streamGuard,
                Conversations.of(request),
                chain.nextStream(request).map(queue::add),
                verdict::set);
        if (!guard.isNonBlocking()) {
            // Off the guard's threads, as a memory further out may wait for its store.
            released = released.publishOn(Schedulers.boundedElastic());
        }
        return released.map(text -> queue.release(text.length()))
                .concatWith(Mono.fromSupplier(() -> queue.finish(verdict.get())))
                // A block by an advisor nearer to the model has no verdict of this guard, and stays an error.
                .onErrorResume(
                        error -> !throwing && error instanceof BlockedException && verdict.get() != null,
                        blocked -> Mono.fromSupplier(
                                () -> List.of(queue.replace(verdict.get(), replacement.text(request.context())))))
                .concatMapDelayError(Flux::fromIterable, 1);
    }

    /** Returns the name of this kind of advisor. */
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

        /** Sets the guard, which guards streams with the default windows. This or the other is required. */
        public Builder guard(SafetyGuard value) {
            return guard(StreamGuard.of(value));
        }

        /** Sets the guard of streams, whose own guard judges the answers that are not streamed. */
        public Builder guard(StreamGuard value) {
            if (streamGuard != null) {
                throw new IllegalStateException("guard must be set once, but was one of policy "
                        + streamGuard.guard().policy().version() + " and then one of policy "
                        + value.guard().policy().version());
            }
            streamGuard = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets whether blocked answers throw a {@link BlockedException}, which is a stream's error; if not set, they do not. */
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
         * Sets whether to bear with a chat memory that is nearer to the model, and stores what is blocked; if not set, no answer
         * comes then.
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
