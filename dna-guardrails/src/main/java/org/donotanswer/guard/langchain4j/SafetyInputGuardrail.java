package org.donotanswer.guard.langchain4j;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.guardrail.InputGuardrail;
import dev.langchain4j.guardrail.InputGuardrailRequest;
import dev.langchain4j.guardrail.InputGuardrailResult;
import java.util.Objects;
import java.util.function.Function;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Has a {@link SafetyGuard} judge what users say to an AI service, before a model sees it. Thread-safe. Give the service this
 * instance, with {@code AiServices.inputGuardrails(..)}.
 *
 * <p>Judged is what the user said: not the passages retrieved to it, which the framework has added by then, nor system prompts.
 * Where it is blocked, the call fails with the framework's {@code InputGuardrailException}, whose cause is a {@link
 * BlockedException} with the verdict; the chat memory holds none of it.
 */
public final class SafetyInputGuardrail implements InputGuardrail {
    private static final String PROBE = "Hello!";

    private final SafetyGuard guard;
    private final Function<InputGuardrailRequest, @Nullable String> userText;

    private SafetyInputGuardrail(SafetyGuard guard, Function<InputGuardrailRequest, @Nullable String> userText) {
        this.guard = Objects.requireNonNull(guard, "guard");
        this.userText = Objects.requireNonNull(userText, "userText");
        requireInstructionsJudged(guard);
    }

    /**
     * Returns a guardrail. Has the guard judge a greeting, to see whether it can.
     *
     * @throws IllegalArgumentException if the guard's evaluator does not judge instructions that have no answer yet
     */
    public static SafetyInputGuardrail of(SafetyGuard guard) {
        return new SafetyInputGuardrail(guard, request -> null);
    }

    /**
     * Returns a guardrail that is told what the user said; where it is told null, it finds out. Has the guard judge a greeting, to
     * see whether it can.
     *
     * @throws IllegalArgumentException if the guard's evaluator does not judge instructions that have no answer yet
     */
    public static SafetyInputGuardrail of(
            SafetyGuard guard, Function<InputGuardrailRequest, @Nullable String> userText) {
        return new SafetyInputGuardrail(guard, userText);
    }

    /** Checks what would otherwise block everything, or, in a guard that fails open, nothing. */
    static void requireInstructionsJudged(SafetyGuard guard) {
        Verdict verdict = guard.checkInstruction(PROBE);
        boolean unsupported = verdict.assessment()
                .filter(Assessment.Unscored.class::isInstance)
                .map(unscored -> ((Assessment.Unscored) unscored).reason() == UnscoredReason.NOT_SUPPORTED)
                .orElse(false);
        if (unsupported || verdict.reason() == Reason.MISSING_SCORE) {
            throw new IllegalArgumentException(
                    "evaluator must judge instructions alone, but was " + verdict.evaluator() + ", which does not");
        }
    }

    /** Judges a message of which nothing else is known. */
    @Override
    public InputGuardrailResult validate(UserMessage message) {
        return result(guard.checkInstruction(Messages.text(message)));
    }

    /** Judges a message with what was said before. */
    @Override
    public InputGuardrailResult validate(InputGuardrailRequest request) {
        Conversation conversation =
                UserTexts.asked(request.requestParams(), request.userMessage(), userText.apply(request));
        return result(guard.checkInstruction(conversation));
    }

    private InputGuardrailResult result(Verdict verdict) {
        if (verdict.released()) {
            return success();
        }
        BlockedException cause = new BlockedException(verdict);
        return fatal(cause.getMessage(), cause);
    }
}
