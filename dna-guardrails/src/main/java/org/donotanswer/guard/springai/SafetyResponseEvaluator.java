package org.donotanswer.guard.springai;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Outcome;
import org.springframework.ai.evaluation.EvaluationRequest;
import org.springframework.ai.evaluation.EvaluationResponse;
import org.springframework.ai.evaluation.Evaluator;

/**
 * Evaluates a chatbot's responses with a guard, for tests with Spring AI's evaluators. Without a user text, the response is checked
 * on its own; documents are ignored.
 *
 * <p>A response passes if it was checked and is allowed. It does not pass if it is marked for review, if it could not be checked,
 * even by a guard that fails open, or if a policy in shadow mode would not allow it. The score is the probability that the response is
 * harmless, NaN if there is none. Feedback and metadata contain no text of user or chatbot. Thread-safe if its guard is.
 */
public final class SafetyResponseEvaluator implements Evaluator {
    private final SafetyGuard guard;

    private SafetyResponseEvaluator(SafetyGuard guard) {
        this.guard = Objects.requireNonNull(guard, "guard");
    }

    /** Returns an evaluator that uses the guard. */
    public static SafetyResponseEvaluator of(SafetyGuard guard) {
        return new SafetyResponseEvaluator(guard);
    }

    /**
     * Returns whether the response passes, and why. The metadata contains the fields of {@link Verdict#toJson()} and, under {@code
     * judged}, whether the response was checked.
     */
    @Override
    public EvaluationResponse evaluate(EvaluationRequest request) {
        String instruction = request.getUserText();
        String response = request.getResponseContent();
        Verdict verdict = guard.check(
                instruction == null || instruction.isEmpty() ? Conversation.unknown() : Conversation.of(instruction),
                response == null ? "" : response);
        Map<String, Object> metadata = new LinkedHashMap<>(verdict.toJson());
        metadata.put("judged", verdict.isChecked());
        return new EvaluationResponse(
                verdict.isChecked() && verdict.outcome() == Outcome.ALLOW,
                (float) (1 - verdict.probability().orElse(Double.NaN)),
                verdict.describe(),
                metadata);
    }
}
