package org.donotanswer.guard.springai;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Guards a {@code ChatClient} against what users say: one that is blocked reaches neither the model nor the chat memory, and gets
 * the policy's text, or a {@link BlockedException}. It needs an evaluator that judges instructions alone; with another, nothing
 * can be judged, and the guard's fail mode decides.
 *
 * <p>It judges what the user said since the chatbot last spoke, not system prompts, nor what the chat memory has of earlier turns.
 * It also notes the user's words for a {@link SafetyAdvisor} in the same chain, which then judges answers by these, whatever
 * advisors in between add to the prompt.
 *
 * <p>Thread-safe, if its guard is.
 */
public final class InstructionAdvisor implements CallAdvisor, StreamAdvisor {
    /**
     * Under which key of a response's context the {@link Verdict} on the instruction stands, if it was judged. One that is blocked
     * stands under {@link SafetyAdvisor#VERDICT}, too.
     */
    public static final String VERDICT = "donotanswer.instruction-verdict";
    /** The order if no other is set: further from the model than the chat memory's default in the release at hand. */
    public static final int DEFAULT_ORDER = Orders.INSTRUCTION;

    private final SafetyGuard guard;
    private final Replacement replacement;
    private final boolean throwing;
    private final boolean memoryOutside;
    private final int order;
    private final Scheduler scheduler;

    private InstructionAdvisor(Builder builder) {
        if (builder.guard == null) {
            throw new IllegalStateException("guard must be set, but was not");
        }
        guard = builder.guard;
        replacement = new Replacement(guard.policy(), Objects.requireNonNullElse(builder.locale, Locale.ENGLISH));
        throwing = Objects.requireNonNullElse(builder.throwing, false);
        memoryOutside = Objects.requireNonNullElse(builder.memoryOutside, false);
        order = Objects.requireNonNullElse(builder.order, DEFAULT_ORDER);
        scheduler = Schedulers.boundedElastic();
    }

    /** Returns an advisor that answers instructions that the guard blocks with the policy's text. */
    public static InstructionAdvisor of(SafetyGuard guard) {
        return builder().guard(guard).build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the answer, or what stands in its place.
     *
     * @throws BlockedException if the instruction is blocked, and blocked instructions throw
     * @throws IllegalStateException if a chat memory is further from the model, and it was not told to bear that
     */
    @Override
    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
        if (!memoryOutside) {
            Orders.requireNoMemoryOutside(this, chain.getCallAdvisors());
        }
        Judged judged = judge(request);
        return judged.isReleased() ? chain.nextCall(judged.request()) : blocked(judged);
    }

    /**
     * Returns the answer, or what stands in its place. The instruction is judged on a thread that may wait.
     *
     * @throws IllegalStateException if a chat memory is further from the model, and it was not told to bear that
     */
    @Override
    public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
        if (!memoryOutside) {
            Orders.requireNoMemoryOutside(this, chain.getStreamAdvisors());
        }
        return Mono.fromCallable(() -> judge(request))
                .subscribeOn(scheduler)
                .flatMapMany(judged -> judged.isReleased()
                        ? chain.nextStream(judged.request())
                        : Mono.fromCallable(() -> blocked(judged)));
    }

    /** A request that has the verdict on it, if there was anything to judge. */
    private record Judged(ChatClientRequest request, @Nullable Verdict verdict) {
        boolean isReleased() {
            return verdict == null || verdict.released();
        }
    }

    private Judged judge(ChatClientRequest request) {
        Conversation conversation = Conversations.ofPrompt(request);
        // Not request.mutate(), which copies the prompt, and fails on messages of a provider's own kinds.
        ChatClientRequest.Builder noted = ChatClientRequest.builder()
                .prompt(request.prompt())
                .context(request.context())
                .context(Conversations.KEY, conversation);
        if (conversation.instruction().isEmpty()) {
            return new Judged(noted.build(), null);
        }
        Verdict verdict = guard.checkInstruction(conversation);
        return new Judged(noted.context(VERDICT, verdict).build(), verdict);
    }

    private ChatClientResponse blocked(Judged judged) {
        Verdict verdict = Objects.requireNonNull(judged.verdict(), "verdict");
        if (throwing) {
            throw new BlockedException(verdict);
        }
        String text = replacement.text(judged.request().context());
        return ChatClientResponse.builder()
                .chatResponse(Replacement.response(List.of(Replacement.generation(text)), null))
                .context(judged.request().context())
                .context(SafetyAdvisor.VERDICT, verdict)
                .build();
    }

    /** Returns the name of this kind of advisor. */
    @Override
    public String getName() {
        return "InstructionAdvisor";
    }

    @Override
    public int getOrder() {
        return order;
    }

    /** Builds an advisor. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable SafetyGuard guard;
        private @Nullable Boolean throwing;
        private @Nullable Boolean memoryOutside;
        private @Nullable Integer order;
        private @Nullable Locale locale;

        private Builder() {}

        /** Sets the guard. Required. */
        public Builder guard(SafetyGuard value) {
            if (guard != null) {
                throw new IllegalStateException("guard must be set once, but was one of policy "
                        + guard.policy().version() + " and then one of policy "
                        + value.policy().version());
            }
            guard = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Sets whether blocked instructions throw a {@link BlockedException}, which is a stream's error; if not set, they do not. */
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
         * Sets whether to bear with a chat memory that is further from the model, and stores what is blocked; if not set, no answer
         * comes then.
         */
        public Builder memoryOutside(boolean value) {
            memoryOutside = BuilderChecks.setOnce("memoryOutside", memoryOutside, value);
            return this;
        }

        /** Sets the language of the text for requests that name none by {@link SafetyAdvisor#LOCALE}; English if not set. */
        public Builder locale(Locale value) {
            locale = BuilderChecks.setOnce("locale", locale, value);
            return this;
        }

        /**
         * Returns the advisor.
         *
         * @throws IllegalStateException if no guard was set
         */
        public InstructionAdvisor build() {
            return new InstructionAdvisor(this);
        }
    }
}
