package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.guardrail.GuardrailRequestParams;
import dev.langchain4j.guardrail.OutputGuardrail;
import dev.langchain4j.guardrail.OutputGuardrailRequest;
import dev.langchain4j.guardrail.OutputGuardrailResult;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Function;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Has a {@link SafetyGuard} judge the answers of an AI service. Thread-safe. Give the service this instance, with {@code
 * AiServices.outputGuardrails(..)}, and give it first: what a guardrail before it rejects or changes, it does not see. The
 * framework's annotation takes classes that it makes instances of itself; a class of yours may hand on to one instance of this.
 *
 * <p>An answer is judged with what the user said and what was said before: as the option {@link Builder#userText} says it, else as
 * the framework's invocation tells it, else as the chat memory does, else as the service's template does with its variables; but
 * without the passages retrieved to it. Of a service that has none of these, the answer is judged alone. System prompts, and
 * answers that have no text but call tools, are not judged.
 *
 * <p>Where an answer is blocked, the framework's exception has a {@link BlockedException} among its causes: {@link
 * BlockedException#verdictOf} gives its verdict. Blocked answers do not stay in the chat memory, unless {@link
 * Builder#removeFromMemory} says so.
 *
 * <p>What the framework does not let a guardrail do:
 *
 * <ul>
 *   <li>A stream shows nothing before it is complete, and then all at once; its thoughts and tool calls pass by the guardrails. A
 *       {@link GuardedStreamingChatModel} streams.
 *   <li>Without {@code onCompleteResponse} a {@code TokenStream} asks no guardrail, and shows nothing.
 *   <li>A {@code Result} holds what the model said in its final and intermediate responses, blocked or not. A {@link
 *       GuardedChatModel} hands on nothing blocked at all.
 * </ul>
 */
public final class SafetyOutputGuardrail implements OutputGuardrail {
    /** The number of times that the model is asked again, where nothing else is set: as often as the framework does. */
    public static final int DEFAULT_RETRIES = 1;

    private static final Optional<Method> FATAL_WITH_REMOVAL =
            Newer.method(OutputGuardrailResult.class, "fatalWithMessageRemoval", String.class, Throwable.class);
    private static final Optional<Method> SUCCESS_WITH_MESSAGE =
            Newer.method(OutputGuardrailResult.class, "successWith", AiMessage.class);
    private static final Optional<Method> WITH_TEXT = Newer.method(AiMessage.class, "withText", String.class);

    private final SafetyGuard guard;
    private final OutputAction action;
    private final int retries;
    private final Function<Verdict, String> reprompt;
    private final boolean removeFromMemory;
    private final Function<OutputGuardrailRequest, @Nullable String> userText;
    private final Function<OutputGuardrailRequest, @Nullable Locale> locale;

    /** How often the model was asked again in a call: its parameters are one object in all requests, and none in two calls. */
    private final Map<GuardrailRequestParams, Integer> asked = Collections.synchronizedMap(new WeakHashMap<>());

    private SafetyOutputGuardrail(Builder builder) {
        guard = builder.guard;
        action = builder.action == null ? OutputAction.FATAL : builder.action;
        retries = builder.retries == null ? DEFAULT_RETRIES : builder.retries;
        reprompt = builder.reprompt == null ? Reprompts::of : builder.reprompt;
        removeFromMemory = builder.removeFromMemory == null || builder.removeFromMemory;
        userText = builder.userText == null ? request -> null : builder.userText;
        locale = builder.locale == null ? request -> null : builder.locale;
    }

    /** Returns a guardrail that fails the call where an answer is blocked. */
    public static SafetyOutputGuardrail of(SafetyGuard guard) {
        return builder(guard).build();
    }

    /** Returns a builder. */
    public static Builder builder(SafetyGuard guard) {
        return new Builder(guard);
    }

    /** Judges an answer of which nothing else is known. */
    @Override
    public OutputGuardrailResult validate(AiMessage answer) {
        if (answer.text() == null) {
            return success();
        }
        Verdict verdict = guard.check(Conversation.unknown(), answer.text());
        return verdict.released() ? success() : fatal(new BlockedException(verdict));
    }

    /** Judges an answer with what it is the answer to. */
    @Override
    public OutputGuardrailResult validate(OutputGuardrailRequest request) {
        AiMessage answer = request.responseFromLLM().aiMessage();
        if (answer.text() == null) {
            return untouched(answer);
        }
        Conversation conversation = UserTexts.answered(request.requestParams(), userText.apply(request));
        Verdict verdict = guard.check(conversation, answer.text());
        return verdict.released() ? passed(request, answer) : blocked(request, conversation, verdict);
    }

    /** Returns a plain success; but where the framework would then trip over the missing text, one with an empty text. */
    private OutputGuardrailResult untouched(AiMessage answer) {
        if (SUCCESS_WITH_MESSAGE.isEmpty() || WITH_TEXT.isEmpty()) {
            return success();
        }
        Object withText = Newer.call(WITH_TEXT.get(), answer, "");
        return result(Newer.call(SUCCESS_WITH_MESSAGE.get(), null, withText));
    }

    private OutputGuardrailResult passed(OutputGuardrailRequest request, AiMessage answer) {
        GuardrailRequestParams params = request.requestParams();
        if (asked.remove(params) != null) {
            if (removeFromMemory && !answer.hasToolExecutionRequests()) {
                Memories.putAnswer(Objects.requireNonNull(params.chatMemory(), "chatMemory"), answer.text());
            }
            return successWith(answer.text());
        }
        // Before 1.8 the framework returns the first answer, blocked or never judged, where a later one passed; only a
        // result
        // that is rewritten tells it which.
        return SUCCESS_WITH_MESSAGE.isPresent() ? success() : successWith(answer.text());
    }

    private OutputGuardrailResult blocked(OutputGuardrailRequest request, Conversation conversation, Verdict verdict) {
        OutputAction possible = action != OutputAction.FATAL && Callers.isStreaming() ? OutputAction.FATAL : action;
        return switch (possible) {
            case FATAL -> fatal(request, verdict);
            case REPLACE -> replaced(request);
            case RETRY, REPROMPT ->
                request.requestParams().chatMemory() == null
                        ? askedAgain(request, conversation, verdict)
                        : toAskAgain(request, verdict);
        };
    }

    private OutputGuardrailResult fatal(OutputGuardrailRequest request, Verdict verdict) {
        asked.remove(request.requestParams());
        BlockedException cause = new BlockedException(verdict);
        ChatMemory memory = request.requestParams().chatMemory();
        if (!removeFromMemory || !Memories.endsWithAnswer(memory)) {
            return fatal(cause);
        }
        if (FATAL_WITH_REMOVAL.isPresent()) {
            return result(Newer.call(FATAL_WITH_REMOVAL.get(), null, cause.getMessage(), cause));
        }
        Memories.removeAnswer(memory);
        return fatal(cause);
    }

    private OutputGuardrailResult fatal(BlockedException cause) {
        return fatal(cause.getMessage(), cause);
    }

    private static OutputGuardrailResult result(@Nullable Object result) {
        return (OutputGuardrailResult) Objects.requireNonNull(result, "result");
    }

    private OutputGuardrailResult replaced(OutputGuardrailRequest request) {
        String replacement = replacement(request);
        ChatMemory memory = request.requestParams().chatMemory();
        if (removeFromMemory && memory != null) {
            Memories.putAnswer(memory, replacement);
        }
        return successWith(replacement);
    }

    private String replacement(OutputGuardrailRequest request) {
        Locale chosen = locale.apply(request);
        return guard.policy().replacement(chosen == null ? Locale.ENGLISH : chosen);
    }

    /**
     * Has the framework ask again, with what is in the memory. So that the blocked answer is not sent, it is removed first, or
     * where the model is told about it, replaced: roles still take turns then. The last time it is fatal instead: the framework
     * would give up without a cause.
     */
    private OutputGuardrailResult toAskAgain(OutputGuardrailRequest request, Verdict verdict) {
        GuardrailRequestParams params = request.requestParams();
        if (asked.merge(params, 1, Integer::sum) > retries) {
            return fatal(request, verdict);
        }
        BlockedException cause = new BlockedException(verdict);
        ChatMemory memory = Objects.requireNonNull(params.chatMemory(), "chatMemory");
        if (action == OutputAction.RETRY) {
            if (removeFromMemory) {
                Memories.removeAnswer(memory);
            }
            return retry(cause.getMessage(), cause);
        }
        if (removeFromMemory) {
            Memories.putAnswer(memory, replacement(request));
        }
        return reprompt(cause.getMessage(), cause, reprompt.apply(verdict));
    }

    /** Asks again here: without a memory the framework would send nothing but the reprompt. */
    private OutputGuardrailResult askedAgain(
            OutputGuardrailRequest request, Conversation conversation, Verdict blocked) {
        Verdict verdict = blocked;
        for (int i = 0; i < retries; i++) {
            ChatResponse response = request.chatExecutor().execute();
            String text = response.aiMessage().text();
            if (text == null) {
                continue;
            }
            verdict = guard.check(conversation, text);
            if (verdict.released()) {
                return successWith(text);
            }
        }
        return fatal(request, verdict);
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

        /** Sets what becomes of a blocked answer; {@link OutputAction#FATAL} if not set. */
        public Builder action(OutputAction value) {
            action = BuilderChecks.setOnce("action", action, value);
            return this;
        }

        /**
         * Sets how often the model is asked again in a call; {@value SafetyOutputGuardrail#DEFAULT_RETRIES} if not set. To ask more
         * often, set the framework's {@code maxRetries} to one more than this, too: it counts the first time, and if it gives up
         * earlier than this guardrail, releases before 1.16 do not tell the verdict.
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

        /** Sets how the model is told why it is asked again; by the reason and the type of harm, in English, if not set. */
        public Builder reprompt(Function<Verdict, String> value) {
            reprompt = BuilderChecks.setOnce("reprompt", reprompt, value);
            return this;
        }

        /**
         * Sets whether a blocked answer is removed from the chat memory, as the framework does from 1.16 on, if asked to: the
         * user's question stays; and an answer that is returned in its place is put there. True if not set.
         */
        public Builder removeFromMemory(boolean value) {
            removeFromMemory = BuilderChecks.setOnce("removeFromMemory", removeFromMemory, value);
            return this;
        }

        /** Sets how to find out what the user said; where it returns null, and if not set, as this class tells. */
        public Builder userText(Function<OutputGuardrailRequest, @Nullable String> value) {
            userText = BuilderChecks.setOnce("userText", userText, value);
            return this;
        }

        /** Sets the language of replacements; English if not set. */
        public Builder locale(Locale value) {
            return locale(new FixedLocale<>(value));
        }

        /** Sets how to find out the language of a replacement; English where it returns null, and if not set. */
        public Builder locale(Function<OutputGuardrailRequest, @Nullable Locale> value) {
            locale = BuilderChecks.setOnce("locale", locale, value);
            return this;
        }

        /**
         * Returns the guardrail.
         *
         * @throws IllegalStateException if an option is set that the action has no use for
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
