package org.donotanswer.guard.policy;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;

/**
 * What becomes of texts that were not scored although nothing failed. Immutable, hence thread-safe.
 *
 * @param outcomes the outcome by reason, unmodifiable, in the order of the constants; a reason without an outcome is left
 *     to the fail mode of the guard
 */
record UnscoredOutcomes(Map<UnscoredReason, Outcome> outcomes) {
    /** The members of a policy document, and the reasons they stand for, in the order of the constants. */
    static final Map<String, UnscoredReason> MEMBERS = members();

    static final UnscoredOutcomes DEFAULTS = new UnscoredOutcomes(
            Map.of(UnscoredReason.UNSUPPORTED_LANGUAGE, Outcome.REVIEW, UnscoredReason.NO_WORDS, Outcome.ALLOW));

    /**
     * Copies and checks the outcomes.
     *
     * @throws IllegalArgumentException if a reason is not up to the policy
     */
    UnscoredOutcomes {
        EnumMap<UnscoredReason, Outcome> copy = new EnumMap<>(UnscoredReason.class);
        copy.putAll(outcomes);
        copy.keySet().forEach(UnscoredOutcomes::requirePolicyDecides);
        outcomes = Collections.unmodifiableMap(copy);
    }

    private static Map<String, UnscoredReason> members() {
        Map<String, UnscoredReason> members = new LinkedHashMap<>();
        members.put("language", UnscoredReason.UNSUPPORTED_LANGUAGE);
        members.put("noWords", UnscoredReason.NO_WORDS);
        members.put("unparsedReview", UnscoredReason.UNPARSED_REVIEW);
        members.put("refusedReview", UnscoredReason.REVIEW_REFUSED);
        return Collections.unmodifiableMap(members);
    }

    static UnscoredReason requirePolicyDecides(UnscoredReason reason) {
        if (!MEMBERS.containsValue(reason)) {
            throw new IllegalArgumentException(
                    "reason must be one of UNSUPPORTED_LANGUAGE, NO_WORDS, UNPARSED_REVIEW and"
                            + " REVIEW_REFUSED, but was " + reason + ", which is no matter of policy");
        }
        return reason;
    }

    /** Returns the decision on a text that was not scored. */
    Decision decide(Unscored assessment) {
        Outcome outcome = outcomes.get(assessment.reason());
        if (outcome != null) {
            // The reasons that a policy decides on have the same name as the decision's.
            return Decision.of(outcome, Reason.valueOf(assessment.reason().name()));
        }
        return switch (assessment.reason()) {
            case EMPTY_RESPONSE -> Decision.of(Outcome.ALLOW, Reason.NOTHING_TO_JUDGE);
            case EVALUATOR_MISCONFIGURED, NOT_SUPPORTED -> Decision.of(Outcome.BLOCK, Reason.MISCONFIGURED);
            default -> Decision.of(Outcome.BLOCK, Reason.NOT_JUDGED);
        };
    }

    /** Returns the outcomes by the names of a policy document. */
    Map<String, Object> toMembers() {
        Map<String, Object> members = new LinkedHashMap<>();
        MEMBERS.forEach((name, reason) -> {
            Outcome outcome = outcomes.get(reason);
            if (outcome != null) {
                members.put(name, outcome.name().toLowerCase(Locale.ROOT));
            }
        });
        return members;
    }
}
