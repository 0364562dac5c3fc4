package org.donotanswer.guard.langchain4j;

import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.taxonomy.HarmType;

/** What a model is told of an answer that was blocked. */
final class Reprompts {
    private Reprompts() {}

    /** Returns the reason and the type of harm in words, and what to do. Holds no text of the user or the model. */
    static String of(Verdict verdict) {
        String type = verdict.harmType()
                .map(HarmType::label)
                .map(label -> " in the category '" + label + "'")
                .orElse("");
        return "Your answer to my last message was not shown, as a safety check " + reason(verdict.reason(), type)
                + " Answer my last message again, so that nothing in the answer is harmful; where that is not possible, decline,"
                + " and say why.";
    }

    private static String reason(Reason reason, String type) {
        return switch (reason) {
            case HARMFUL -> "found it harmful" + type + ".";
            case FORBIDDEN_ACTION -> "found that it must not be answered like that" + type + ".";
            case MISSING_REQUIRED_ACTION -> "missed a caution that answers need" + type + ".";
            default -> "did not let it pass (" + reason + ")" + type + ".";
        };
    }
}
