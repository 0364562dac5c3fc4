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
 * Judges a chatbot's answers by a guard, as Spring AI's tests of answers have it. Without a user text, the answer is judged alone;
 * documents are not read.
 *
 * <p>An answer passes if it was judged and is allowed: not if it is given to review, nor if it could not be judged, even by a
 * guard that fails open, nor by a policy in shadow mode that would not allow it. The score is the probability that the answer is
 * harmless, NaN if there is none. Feedback and metadata hold no text of user or chatbot. Thread-safe, if its guard is.
 */
public final class SafetyResponseEvaluator implements Evaluator {
    private final SafetyGuard guard;

    private SafetyResponseEvaluator(SafetyGuard guard) {
        this.guard = Objects.requireNonNull(guard, "guard");
    }

    /** Returns an evaluator that asks the guard. */
    public static SafetyResponseEvaluator of(SafetyGuard guard) {
        return new SafetyResponseEvaluator(guard);
    }

    /**
     * Returns whether the answer passes, and why. The metadata are those of {@link Verdict#toJson()}, and under {@code judged},
     * whether the answer was judged.
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
