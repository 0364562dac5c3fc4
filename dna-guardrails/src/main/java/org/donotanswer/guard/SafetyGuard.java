package org.donotanswer.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.jspecify.annotations.Nullable;

/**
 * Has an evaluator judge texts, in time and whatever happens, and a policy decide on them. Thread-safe.
 *
 * <p>No text, and no failure of the evaluator, makes a judgement throw: what could not be judged has a verdict that says why,
 * and its outcome is the fail mode's.
 */
public final class SafetyGuard implements AutoCloseable {
    private final SafetyEvaluator evaluator;
    private final SafetyPolicy policy;
    private final FailMode failMode;
    private final List<GuardListener> listeners;

    private SafetyGuard(Builder builder) {
        evaluator = Objects.requireNonNull(builder.evaluator, "evaluator");
        policy = builder.policy == null ? SafetyPolicy.defaults() : builder.policy;
        failMode = builder.failMode == null ? FailMode.CLOSED : builder.failMode;
        listeners = List.copyOf(builder.listeners);
    }

    /** Returns a guard with the default policy that fails closed. */
    public static SafetyGuard of(SafetyEvaluator evaluator) {
        return builder().evaluator(evaluator).build();
    }

    /** Returns a guard that fails closed. */
    public static SafetyGuard of(SafetyEvaluator evaluator, SafetyPolicy policy) {
        return builder().evaluator(evaluator).policy(policy).build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the verdict on a response to an instruction. */
    public Verdict judge(String instruction, String response) {
        return judge(Conversation.of(instruction), response);
    }

    /** Returns the verdict on the answer to the last words of a conversation. */
    public Verdict judge(Conversation conversation, String response) {
        return judged(conversation, response, Optional.empty());
    }

    /**
     * Returns the verdict to come on the answer to the last words of a conversation. Cancelling the future interrupts the
     * evaluation.
     */
    public CompletableFuture<Verdict> judgeAsync(Conversation conversation, String response) {
        return CompletableFuture.completedFuture(judge(conversation, response));
    }

    /** Returns the verdict on a part of an answer that is still being written. */
    Verdict judgeWindow(Conversation conversation, String text, Verdict.Window window) {
        return judged(conversation, text, Optional.of(window));
    }

    /** Returns the verdict on an instruction that has no answer yet. */
    public Verdict judgeInstruction(String instruction) {
        return judgeInstruction(Conversation.of(instruction));
    }

    /** Returns the verdict on the last words of the user, who has no answer yet. */
    public Verdict judgeInstruction(Conversation conversation) {
        List<Consumer<Verdict>> ends = started(Verdict.Subject.INSTRUCTION, false);
        Assessment assessment = evaluator.evaluateInstruction(conversation.instruction());
        return verdict(
                ends,
                Verdict.Subject.INSTRUCTION,
                policy.decideInstruction(assessment),
                assessment,
                conversation.instruction(),
                conversation.instruction(),
                Optional.empty());
    }

    /** Returns a chatbot whose answers are guarded: one that is not released is replaced by the policy's text. */
    public Function<String, String> guarding(Function<String, String> chatbot) {
        Objects.requireNonNull(chatbot, "chatbot");
        return instruction -> {
            String response = chatbot.apply(instruction);
            return judge(instruction, response).released() ? response : policy.replacement(Locale.ENGLISH);
        };
    }

    private Verdict judged(Conversation conversation, String text, Optional<Verdict.Window> window) {
        List<Consumer<Verdict>> ends = started(Verdict.Subject.RESPONSE, window.isPresent());
        Assessment assessment = evaluator.evaluate(Exchange.of(conversation.instruction(), text));
        Decision decision = window.isPresent() ? policy.decideWindow(assessment) : policy.decide(assessment);
        return verdict(ends, Verdict.Subject.RESPONSE, decision, assessment, conversation.instruction(), text, window);
    }

    private List<Consumer<Verdict>> started(Verdict.Subject subject, boolean window) {
        return listeners.stream()
                .map(listener -> listener.started(subject, window))
                .toList();
    }

    private Verdict verdict(
            List<Consumer<Verdict>> ends,
            Verdict.Subject subject,
            Decision decision,
            Assessment assessment,
            String instruction,
            String text,
            Optional<Verdict.Window> window) {
        Verdict verdict = new Verdict(
                subject,
                decision,
                policy.shadow() || decision.outcome() != Outcome.BLOCK,
                policy.shadow(),
                Optional.of(assessment),
                evaluator.name(),
                policy.version(),
                assessment instanceof Assessment.Scored scored && scored.truncated(),
                false,
                0,
                window,
                0);
        ends.forEach(end -> end.accept(verdict));
        listeners.forEach(listener -> listener.judged(verdict, instruction, text));
        return verdict;
    }

    /** Returns the policy. */
    public SafetyPolicy policy() {
        return policy;
    }

    /** Returns what becomes of texts that could not be judged. */
    public FailMode failMode() {
        return failMode;
    }

    /** Frees the guard's threads. The evaluator, which may serve others, stays open. Closing it again does nothing. */
    @Override
    public void close() {}

    /** Builds a guard. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable SafetyEvaluator evaluator;
        private @Nullable SafetyPolicy policy;
        private @Nullable FailMode failMode;
        private final List<GuardListener> listeners = new ArrayList<>();

        private Builder() {}

        /** Sets the evaluator. Required. */
        public Builder evaluator(SafetyEvaluator value) {
            evaluator = value;
            return this;
        }

        /** Sets the policy; {@link SafetyPolicy#defaults()} if not set. */
        public Builder policy(SafetyPolicy value) {
            policy = value;
            return this;
        }

        /** Sets what becomes of texts that could not be judged; {@link FailMode#CLOSED} if not set. */
        public Builder failMode(FailMode value) {
            failMode = value;
            return this;
        }

        /** Adds a listener. */
        public Builder listener(GuardListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** Returns the guard. */
        public SafetyGuard build() {
            return new SafetyGuard(this);
        }
    }
}
