package org.donotanswer.guard.langchain4j;

import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.taxonomy.HarmType;

/** Tells a model why its response was blocked. */
final class RepromptText {
    private RepromptText() {}

    /** Returns the reason, the harm type and what to do, in English. Contains no text of the user or the model. */
    static String of(Verdict verdict) {
        String type = verdict.harmType()
                .map(HarmType::label)
                .map(label -> " in the category '" + label + "'")
                .orElse("");
        return "Your answer to my last message was not shown because a safety check " + reason(verdict.reason(), type)
                + " Answer my last message again without anything harmful. If that is not possible, decline and say why.";
    }

    private static String reason(Reason reason, String type) {
        return switch (reason) {
            case HARMFUL -> "found it harmful" + type + ".";
            case FORBIDDEN_ACTION -> "found that it must not be answered in this way" + type + ".";
            case MISSING_REQUIRED_ACTION -> "found that it lacks a required caution" + type + ".";
            case UNSUPPORTED_LANGUAGE -> "could not read its language. Please answer in English.";
            default -> "did not pass it (" + reason + ")" + type + ".";
        };
    }
}
