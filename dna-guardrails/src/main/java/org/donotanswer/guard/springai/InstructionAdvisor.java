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
 * Guards a {@code ChatClient} against harmful instructions: a blocked one reaches neither the model nor the chat memory, and gets the
 * policy's text or a {@link BlockedException}. Needs an evaluator that evaluates instructions without a response; with any other,
 * nothing can be checked, and the guard's fail mode decides.
 *
 * <p>Checks what the user said since the chatbot last spoke, not system prompts or the earlier turns in the chat memory. Also records
 * the instruction for a {@link SafetyAdvisor} in the same chain, which then checks responses against it, whatever advisors in between
 * add to the prompt.
 *
 * <p>Thread-safe if its guard is.
 */
public final class InstructionAdvisor implements CallAdvisor, StreamAdvisor {
    /**
     * The key of the {@link Verdict} on the instruction in a response's context, if it was checked. The verdict on a blocked
     * instruction is also under {@link SafetyAdvisor#VERDICT}.
     */
    public static final String VERDICT = "donotanswer.instruction-verdict";
    /** The default order: further from the model than the chat memory's default order. */
    public static final int DEFAULT_ORDER = AdvisorOrders.INSTRUCTION;

    private final SafetyGuard guard;
    private final ReplacementResponse replacement;
    private final boolean throwing;
    private final boolean memoryOutside;
    private final int order;
    private final Scheduler scheduler;

    private InstructionAdvisor(Builder builder) {
        if (builder.guard == null) {
            throw new IllegalStateException("guard must be set, but was not");
        }
        guard = builder.guard;
        replacement =
                new ReplacementResponse(guard.policy(), Objects.requireNonNullElse(builder.locale, Locale.ENGLISH));
        throwing = Objects.requireNonNullElse(builder.throwing, false);
        memoryOutside = Objects.requireNonNullElse(builder.memoryOutside, false);
        order = Objects.requireNonNullElse(builder.order, DEFAULT_ORDER);
        scheduler = Schedulers.boundedElastic();
    }

    /** Returns an advisor that responds to blocked instructions with the policy's text. */
    public static InstructionAdvisor of(SafetyGuard guard) {
        return builder().guard(guard).build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the response, or the policy's text if the instruction is blocked.
     *
     * @throws BlockedException if the instruction is blocked and blocked instructions throw
     * @throws IllegalStateException if a chat memory is further from the model and that is not allowed
     */
    @Override
    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
        if (!memoryOutside) {
            AdvisorOrders.requireNoMemoryOutside(this, chain.getCallAdvisors());
        }
        CheckedRequest checked = check(request);
        return checked.isReleased() ? chain.nextCall(checked.request()) : blocked(checked);
    }

    /**
     * Returns the response, or the policy's text if the instruction is blocked. The instruction is checked on a thread that may block.
     *
     * @throws IllegalStateException if a chat memory is further from the model and that is not allowed
     */
    @Override
    public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
        if (!memoryOutside) {
            AdvisorOrders.requireNoMemoryOutside(this, chain.getStreamAdvisors());
        }
        return Mono.fromCallable(() -> check(request))
                .subscribeOn(scheduler)
                .flatMapMany(checked -> checked.isReleased()
                        ? chain.nextStream(checked.request())
                        : Mono.fromCallable(() -> blocked(checked)));
    }

    /** A request with its verdict; without one if there was nothing to check. */
    private record CheckedRequest(ChatClientRequest request, @Nullable Verdict verdict) {
        boolean isReleased() {
            return verdict == null || verdict.released();
        }
    }

    private CheckedRequest check(ChatClientRequest request) {
        Conversation conversation = PromptConversation.ofPrompt(request);
        // Not request.mutate(), which copies the prompt and fails on a provider's own message types.
        ChatClientRequest.Builder recorded = ChatClientRequest.builder()
                .prompt(request.prompt())
                .context(request.context())
                .context(PromptConversation.KEY, conversation);
        if (conversation.instruction().isEmpty()) {
            return new CheckedRequest(recorded.build(), null);
        }
        Verdict verdict = guard.checkInstruction(conversation);
        return new CheckedRequest(recorded.context(VERDICT, verdict).build(), verdict);
    }

    private ChatClientResponse blocked(CheckedRequest checked) {
        Verdict verdict = Objects.requireNonNull(checked.verdict(), "verdict");
        if (throwing) {
            throw new BlockedException(verdict);
        }
        String text = replacement.text(checked.request().context());
        return ChatClientResponse.builder()
                .chatResponse(ReplacementResponse.response(List.of(ReplacementResponse.generation(text)), null))
                .context(checked.request().context())
                .context(SafetyAdvisor.VERDICT, verdict)
                .build();
    }

    /** Returns {@code "InstructionAdvisor"}. */
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

        /** Sets whether blocked instructions throw a {@link BlockedException}, or end a stream with it; false if not set. */
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
         * Sets whether a chat memory may be further from the model, where it stores what is blocked; false if not set: calls then
         * fail.
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
