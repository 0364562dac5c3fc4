package org.donotanswer.guard;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.guard.policy.AppliedThreshold;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * What a guard says of a text, and why. Holds no user text. Immutable, hence thread-safe.
 *
 * @param subject what was judged
 * @param decision what the policy says of it, after the fail mode if it could not be judged
 * @param released whether the text may be shown now: its outcome allows it, or the policy is in shadow mode
 * @param shadow whether the policy is in shadow mode, in which everything is shown
 * @param assessment what the evaluator said; empty if it said nothing
 * @param evaluator the name of the guard's evaluator
 * @param policyVersion the version of the guard's policy
 * @param truncated whether part of the text was read by no evaluation
 * @param cached whether the assessment came from the cache
 * @param contextTurns how many earlier turns were read with the last exchange for the decision; 0 if it was judged by itself
 * @param window the part of a stream's answer that was judged; empty if all of it was
 * @param latencyNanos how long the judgement took, in nanoseconds
 */
public record Verdict(
        Subject subject,
        Decision decision,
        boolean released,
        boolean shadow,
        Optional<Assessment> assessment,
        String evaluator,
        String policyVersion,
        boolean truncated,
        boolean cached,
        int contextTurns,
        Optional<Window> window,
        long latencyNanos) {
    /** What a verdict is about. */
    public enum Subject {
        /** What the user said. */
        INSTRUCTION,
        /** What the chatbot answered. */
        RESPONSE
    }

    /**
     * A part of an answer.
     *
     * @param start the index of its first char
     * @param end the index after its last char
     */
    public record Window(int start, int end) {
        /**
         * Checks the window.
         *
         * @throws IllegalArgumentException if it ends before it starts, or starts before the answer
         */
        public Window {
            if (start < 0 || end < start) {
                throw new IllegalArgumentException(
                        "window must satisfy 0 <= start <= end, but was " + start + " and " + end);
            }
        }
    }

    /** Checks that nothing is null. */
    public Verdict {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(decision, "decision");
        Objects.requireNonNull(assessment, "assessment");
        Objects.requireNonNull(evaluator, "evaluator");
        Objects.requireNonNull(policyVersion, "policyVersion");
        Objects.requireNonNull(window, "window");
    }

    /** Returns what is to become of the text, by the policy and the fail mode; {@link #released()} is what follows from it. */
    public Outcome outcome() {
        return decision.outcome();
    }

    /** Returns why. */
    public Reason reason() {
        return decision.reason();
    }

    /** Returns whether the text was judged; if not, the fail mode decided. */
    public boolean isChecked() {
        return !decision.reason().isFailure();
    }

    /** Returns the probability that decided, of harm or of a risky instruction, in [0, 1]; empty if there was none. */
    public OptionalDouble probability() {
        return decision.probability();
    }

    /** Returns the threshold that the probability was compared with; empty if it was not. */
    public Optional<AppliedThreshold> threshold() {
        return decision.threshold();
    }

    /** Returns the most likely action of the response; empty if it was not judged. */
    public Optional<ResponseAction> action() {
        return assessment.flatMap(Assessment::action);
    }

    /** Returns the most likely type of harm, if the instruction is risky; empty if it was not judged. */
    public Optional<HarmType> harmType() {
        return assessment.flatMap(Assessment::harmType);
    }

    /** Returns the name of the evaluator that decided, which a cascade chooses; the guard's if nothing was scored. */
    public String decidedBy() {
        return assessment
                .filter(Scored.class::isInstance)
                .map(scored -> ((Scored) scored).evaluator())
                .orElse(evaluator);
    }

    /** Returns one line for people to read, without any user text. */
    public String describe() {
        return VerdictText.describe(this);
    }

    /**
     * Returns the JSON form: an ordered, unmodifiable map of strings, numbers, booleans and such maps. What there is not is an
     * absent key.
     */
    @JsonValue
    public Map<String, Object> toJson() {
        return VerdictJson.of(this);
    }
}
