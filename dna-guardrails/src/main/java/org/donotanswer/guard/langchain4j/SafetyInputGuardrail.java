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
 * An input guardrail that has a {@link SafetyGuard} check a user's instruction before the model sees it. Thread-safe. Give the
 * service this instance: {@code AiServices.inputGuardrails(safety)}.
 *
 * <p>Checks the instruction alone: not the retrieved passages, which the framework has added by then, nor system prompts. If it is
 * blocked, the call fails with the framework's {@code InputGuardrailException}, whose cause is a {@link BlockedException} with the
 * verdict, and nothing of it is in the chat memory.
 */
public final class SafetyInputGuardrail implements InputGuardrail {
    private static final String PROBE = "Hello!";

    private final SafetyGuard guard;
    private final Function<InputGuardrailRequest, @Nullable String> userText;

    private SafetyInputGuardrail(SafetyGuard guard, Function<InputGuardrailRequest, @Nullable String> userText) {
        this.guard = Objects.requireNonNull(guard, "guard");
        this.userText = Objects.requireNonNull(userText, "userText");
        requireInstructionsEvaluated(guard);
    }

    /**
     * Returns a guardrail. Has the guard check a greeting, to see whether it can.
     *
     * @throws IllegalArgumentException if the guard's evaluator does not evaluate instructions without a response
     */
    public static SafetyInputGuardrail of(SafetyGuard guard) {
        return new SafetyInputGuardrail(guard, request -> null);
    }

    /**
     * Returns a guardrail that gets the instruction from a function, or finds it itself if the function returns null. Has the guard
     * check a greeting, to see whether it can.
     *
     * @throws IllegalArgumentException if the guard's evaluator does not evaluate instructions without a response
     */
    public static SafetyInputGuardrail of(
            SafetyGuard guard, Function<InputGuardrailRequest, @Nullable String> userText) {
        return new SafetyInputGuardrail(guard, userText);
    }

    /** Refuses an evaluator with which everything would be blocked, or nothing if the guard fails open. */
    static void requireInstructionsEvaluated(SafetyGuard guard) {
        Verdict verdict = guard.checkInstruction(PROBE);
        boolean unsupported = verdict.assessment()
                .filter(Assessment.Unscored.class::isInstance)
                .map(unscored -> ((Assessment.Unscored) unscored).reason() == UnscoredReason.NOT_SUPPORTED)
                .orElse(false);
        if (unsupported || verdict.reason() == Reason.MISSING_SCORE) {
            throw new IllegalArgumentException("evaluator must evaluate instructions on their own, but was "
                    + verdict.evaluator() + ", which does not");
        }
    }

    /** Checks a message of which nothing else is known. */
    @Override
    public InputGuardrailResult validate(UserMessage message) {
        return result(guard.checkInstruction(ChatMessages.text(message)));
    }

    /** Checks a message with the earlier turns. */
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
