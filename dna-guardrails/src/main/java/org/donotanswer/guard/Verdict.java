package org.donotanswer.guard;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.ReportedThreshold;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * What a guard found about a text: the decision and its reasons. Holds no user text. Immutable, hence thread-safe.
 *
 * @param subject what was checked
 * @param decision the decision of the policy, after the fail mode if the text could not be checked
 * @param released whether the text may be shown now: its outcome allows it, or the policy is in shadow mode
 * @param shadow whether the policy is in shadow mode, in which everything is shown
 * @param assessment the assessment that decided; empty if there is none
 * @param evaluator the name of the guard's evaluator
 * @param policyVersion the version of the guard's policy
 * @param truncated whether no evaluation read part of the text
 * @param cached whether the assessment came from the cache
 * @param contextTurns how many earlier turns were read with the last exchange; 0 if it was evaluated by itself
 * @param window the window of a streamed response that was checked; empty if it was all of a text
 * @param latencyNanos how long the check took, in nanoseconds
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
        /** A message of the user. */
        INSTRUCTION,
        /** A response of the chatbot. */
        RESPONSE
    }

    /**
     * A window of a response.
     *
     * @param start the index of its first char
     * @param end the index after its last char
     */
    public record Window(int start, int end) {
        /**
         * Checks the window.
         *
         * @throws IllegalArgumentException if it ends before it starts, or starts before the response
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

    /** Returns what the policy and the fail mode decide; {@link #released()} follows from it. */
    public Outcome outcome() {
        return decision.outcome();
    }

    /** Returns the reason for the decision. */
    public Reason reason() {
        return decision.reason();
    }

    /**
     * Returns whether the text was checked; if not, the fail mode decided. A text that cannot be scored for its own sake, as it
     * is in another language or has no words, was checked: the policy decided.
     */
    public boolean isChecked() {
        return !decision.reason().isFailure();
    }

    /** Returns the probability that decided, of harm or of a risky instruction, in [0, 1]; empty if there is none. */
    public OptionalDouble probability() {
        return decision.probability();
    }

    /** Returns the threshold that the probability was compared with; empty if there is none. */
    public Optional<ReportedThreshold> threshold() {
        return decision.threshold();
    }

    /** Returns the most likely action of the response; empty if it was not evaluated. */
    public Optional<ResponseAction> action() {
        return assessment.flatMap(Assessment::action);
    }

    /** Returns the most likely harm type if the instruction is risky; empty if it was not evaluated. */
    public Optional<HarmType> harmType() {
        return assessment.flatMap(Assessment::harmType);
    }

    /**
     * Returns the name of the evaluator that decided, which a cascade chooses; that of the guard's evaluator if
     * nothing was scored.
     */
    public String decidedBy() {
        return assessment
                .filter(Scored.class::isInstance)
                .map(scored -> ((Scored) scored).evaluator())
                .orElse(evaluator);
    }

    /** Returns one line for people to read, without user text. */
    public String describe() {
        return VerdictText.describe(this);
    }

    /**
     * Returns the JSON form: an ordered, unmodifiable map of strings, numbers, booleans and such maps. Absent values
     * are absent keys.
     */
    @JsonValue
    public Map<String, Object> toJson() {
        return VerdictJson.of(this);
    }
}
