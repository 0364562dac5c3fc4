package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.memory.ChatMemory;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * An output guardrail that has a {@link SafetyGuard} check the responses of an AI service. Thread-safe.
 *
 * <p>Give the service this instance as its last output guardrail: {@code AiServices.outputGuardrails(others.., safety)}. Blocked
 * text does not reach the caller in any order, but a later guardrail may rewrite a response after it was checked. The framework's
 * annotation takes classes and creates the instances itself; a class of yours may delegate to one instance of this class, and should
 * come last as well.
 *
 * <p>A response is checked with the instruction and the earlier turns. The instruction comes from the first of these that has it:
 * the option {@link Builder#userText}, the framework's invocation context, the chat memory, the service's template with its
 * variables; retrieved passages are left out. If none has it, the response is checked on its own. System prompts, and responses that
 * call tools and have no text, are not checked.
 *
 * <p>If the call fails because a response is blocked, {@link BlockedException#verdictOf} finds the verdict among the causes of the
 * framework's exception. The framework removes the blocked response from the chat memory, unless {@link Builder#removeFromMemory} is
 * off; this class never writes to the memory.
 *
 * <p>Replacing and asking again need {@link SafetyGuardrailExecutorFactory}, which LangChain4j finds by itself on the class path. If
 * it finds none or another library's factory first, or the thread's context class loader does not see this library, every action
 * acts as {@link OutputAction#FATAL}.
 *
 * <p>Limits of the framework:
 *
 * <ul>
 *   <li>A stream shows nothing until it is complete, and then all at once; thoughts and tool calls bypass the guardrails. Stream with
 *       a {@link GuardedStreamingChatModel}.
 *   <li>A {@code TokenStream} without {@code onCompleteResponse} runs no guardrail, and shows nothing.
 *   <li>A {@code Result} holds the model's final and intermediate responses, blocked or not; service listeners see them as well. A
 *       {@link GuardedChatModel} passes on nothing that is blocked.
 * </ul>
 */
public final class SafetyOutputGuardrail implements OutputGuardrail {
    /** The number of times that the model is asked again by default; the framework's default is the same. */
    public static final int DEFAULT_RETRIES = 1;

    private final SafetyGuard guard;
    private final OutputAction action;
    private final int retries;
    private final Function<Verdict, String> reprompt;
    private final boolean removeFromMemory;
    private final Function<OutputGuardrailRequest, @Nullable String> userText;
    private final Function<OutputGuardrailRequest, @Nullable Locale> locale;

    private SafetyOutputGuardrail(Builder builder) {
        guard = builder.guard;
        action = builder.action == null ? OutputAction.FATAL : builder.action;
        retries = builder.retries == null ? DEFAULT_RETRIES : builder.retries;
        reprompt = builder.reprompt == null ? RepromptText::of : builder.reprompt;
        removeFromMemory = builder.removeFromMemory == null || builder.removeFromMemory;
        userText = builder.userText == null ? request -> null : builder.userText;
        locale = builder.locale == null ? request -> null : builder.locale;
    }

    /** Returns a guardrail that fails the call if a response is blocked. */
    public static SafetyOutputGuardrail of(SafetyGuard guard) {
        return builder(guard).build();
    }

    /** Returns a builder. */
    public static Builder builder(SafetyGuard guard) {
        return new Builder(guard);
    }

    /** Checks a response of which nothing else is known. */
    @Override
    public OutputGuardrailResult validate(AiMessage response) {
        if (response.text() == null) {
            return success();
        }
        Verdict verdict = guard.check(Conversation.unknown(), response.text());
        if (verdict.released()) {
            return successWith(response);
        }
        BlockedException cause = new BlockedException(verdict);
        return fatal(cause.getMessage(), cause);
    }

    /** Checks a response with its conversation. */
    @Override
    public OutputGuardrailResult validate(OutputGuardrailRequest request) {
        AiMessage response = request.responseFromLLM().aiMessage();
        if (response.text() == null) {
            // The framework fails on a plain success without a text.
            return successWith(response.withText(""));
        }
        Conversation conversation = UserTexts.answered(request.requestParams(), userText.apply(request));
        Verdict verdict = guard.check(conversation, response.text());
        // Not a plain success, for which the framework shows the model's response even if another guardrail rewrote it
        // before.
        return verdict.released() ? successWith(response) : blocked(request, verdict);
    }

    private OutputGuardrailResult blocked(OutputGuardrailRequest request, Verdict verdict) {
        GuardrailRequestParams params = request.requestParams();
        ChatMemory memory = params.chatMemory();
        boolean removing = removeFromMemory
                && memory != null
                && ChatMessages.endsWithResponse(ChatMessages.present(memory.messages()));
        BlockedException blocked = new BlockedException(verdict);
        // A stream's tokens are held back and shown after any result but a failure.
        RuntimeException cause = action == OutputAction.FATAL || ServiceMethods.mayStream(params.invocationContext())
                ? blocked
                : new BlockedResponseException(
                        blocked,
                        action,
                        retries,
                        replacement(request),
                        action == OutputAction.REPROMPT ? reprompt.apply(verdict) : null,
                        removing);
        return removing ? fatalWithMessageRemoval(cause.getMessage(), cause) : fatal(cause.getMessage(), cause);
    }

    private String replacement(OutputGuardrailRequest request) {
        Locale chosen = locale.apply(request);
        return guard.policy().replacement(chosen == null ? Locale.ENGLISH : chosen);
    }

    /** Builds a guardrail. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        private final SafetyGuard guard;
        private @Nullable OutputAction action;
        private @Nullable Integer retries;
        private @Nullable Function<Verdict, String> reprompt;
        private @Nullable Boolean removeFromMemory;
        private @Nullable Function<OutputGuardrailRequest, @Nullable String> userText;
        private @Nullable Function<OutputGuardrailRequest, @Nullable Locale> locale;

        private Builder(SafetyGuard guard) {
            this.guard = Objects.requireNonNull(guard, "guard");
        }

        /** Sets what happens to a blocked response; {@link OutputAction#FATAL} if not set. */
        public Builder action(OutputAction value) {
            action = BuilderChecks.setOnce("action", action, value);
            return this;
        }

        /**
         * Sets the maximum number of times that the model is asked again in a call; {@value SafetyOutputGuardrail#DEFAULT_RETRIES} if
         * not set. The framework's own {@code maxRetries} does not apply.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder retries(int value) {
            retries = BuilderChecks.setOnce("retries", retries, value);
            if (value < 1) {
                throw new IllegalArgumentException("retries must be at least 1, but was " + value);
            }
            return this;
        }

        /** Sets what the model is told when it is asked again; the reason and the harm type, in English, if not set. */
        public Builder reprompt(Function<Verdict, String> value) {
            reprompt = BuilderChecks.setOnce("reprompt", reprompt, value);
            return this;
        }

        /**
         * Sets whether the framework removes a blocked response from the chat memory. The instruction stays, and what the caller gets
         * instead of the response is added. True if not set.
         */
        public Builder removeFromMemory(boolean value) {
            removeFromMemory = BuilderChecks.setOnce("removeFromMemory", removeFromMemory, value);
            return this;
        }

        /** Sets where the instruction comes from; if not set or if it returns null, the source is chosen as described above. */
        public Builder userText(Function<OutputGuardrailRequest, @Nullable String> value) {
            userText = BuilderChecks.setOnce("userText", userText, value);
            return this;
        }

        /** Sets the language of the replacement; English if not set. */
        public Builder locale(Locale value) {
            return locale(new FixedLocale<>(value));
        }

        /** Sets a function that chooses the language of the replacement; English if not set or if it returns null. */
        public Builder locale(Function<OutputGuardrailRequest, @Nullable Locale> value) {
            locale = BuilderChecks.setOnce("locale", locale, value);
            return this;
        }

        /**
         * Returns the guardrail.
         *
         * @throws IllegalStateException if an option is set that does not apply to the action
         */
        public SafetyOutputGuardrail build() {
            OutputAction chosen = action == null ? OutputAction.FATAL : action;
            if (retries != null && chosen != OutputAction.RETRY && chosen != OutputAction.REPROMPT) {
                throw new IllegalStateException(
                        "retries must be set with RETRY or REPROMPT, but was " + retries + " with " + chosen);
            }
            if (reprompt != null && chosen != OutputAction.REPROMPT) {
                throw new IllegalStateException("reprompt must be set with REPROMPT, but was with " + chosen);
            }
            return new SafetyOutputGuardrail(this);
        }
    }
}
