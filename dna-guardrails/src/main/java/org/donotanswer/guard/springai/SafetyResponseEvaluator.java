package org.donotanswer.guard.springai;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Outcome;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
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
     * Returns whether the answer passes, and why. The metadata are strings, numbers and booleans: {@code outcome}, {@code reason},
     * {@code judged}, {@code evaluator}, {@code policyVersion}, {@code truncated}, {@code latencyMicros}, and if there are such,
     * {@code probability}, {@code threshold}, {@code thresholdScope}, {@code action} and {@code harmType}.
     */
    @Override
    public EvaluationResponse evaluate(EvaluationRequest request) {
        String instruction = request.getUserText();
        String response = request.getResponseContent();
        Verdict verdict = guard.judge(
                instruction == null || instruction.isEmpty() ? Conversation.unknown() : Conversation.of(instruction),
                response == null ? "" : response);
        double probability = verdict.probability().orElse(Double.NaN);
        return new EvaluationResponse(
                verdict.isJudged() && verdict.outcome() == Outcome.ALLOW,
                (float) (1 - probability),
                feedback(verdict),
                metadata(verdict));
    }

    private static String feedback(Verdict verdict) {
        StringBuilder feedback = new StringBuilder()
                .append(verdict.outcome())
                .append(" for the reason ")
                .append(verdict.reason());
        verdict.threshold()
                .ifPresent(threshold -> feedback.append(String.format(
                        Locale.ROOT, ", at a threshold of %.3f (%s)", threshold.value(), threshold.scope())));
        verdict.assessment().map(Assessment::describe).ifPresent(assessment -> feedback.append(": ")
                .append(assessment));
        return feedback.toString();
    }

    private static Map<String, Object> metadata(Verdict verdict) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("outcome", verdict.outcome().name());
        metadata.put("reason", verdict.reason().name());
        metadata.put("judged", verdict.isJudged());
        verdict.probability().ifPresent(probability -> metadata.put("probability", probability));
        verdict.threshold().ifPresent(threshold -> {
            metadata.put("threshold", threshold.value());
            metadata.put("thresholdScope", threshold.scope());
        });
        verdict.action().ifPresent(action -> metadata.put("action", action.name()));
        verdict.harmType().ifPresent(type -> metadata.put("harmType", type.name()));
        metadata.put("evaluator", verdict.decidedBy());
        metadata.put("policyVersion", verdict.policyVersion());
        metadata.put("truncated", verdict.truncated());
        metadata.put("latencyMicros", verdict.latencyNanos() / 1000);
        return metadata;
    }
}
