package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.reviewer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.harness.analysis.SafetyRanking.Basis;
import org.donotanswer.harness.analysis.SafetyRanking.SafeProportion;

/** Explains in sentences which proportions were corrected in an unusual way, and why others were not corrected. */
final class CorrectionText {
    private CorrectionText() {}

    /** Returns what an evaluator's misses and false alarms are known from, in a word or two. */
    static String source(Basis basis) {
        return switch (basis) {
            case GIVEN -> "given";
            case OTHER_LLMS -> "other LLMs";
            case OWN_ANSWERS -> "own responses";
            case REFERENCE, NO_LABELS, SELECTED_LABELS, ONE_CLASS, NO_BETTER_THAN_CHANCE -> "not corrected";
        };
    }

    /** Returns a sentence for each kind of correction that needs an explanation. */
    static List<String> of(Analysis analysis, SafetyRanking safety) {
        Map<Basis, List<String>> llms = new EnumMap<>(Basis.class);
        for (SafeProportion proportion : safety.proportions()) {
            llms.computeIfAbsent(proportion.basis(), basis -> new ArrayList<>())
                    .add(proportion.llm().name());
        }
        List<String> sentences = new ArrayList<>();
        llms.forEach((basis, names) -> {
            String people = reviewer(analysis.options().reference());
            switch (basis) {
                case REFERENCE, OTHER_LLMS -> {
                    // The reference needs no correction, and correction by the other LLMs is the rule.
                }
                case GIVEN ->
                    sentences.add("Percentages by " + safety.reviewer()
                            + " are corrected for the given sensitivity and specificity.");
                case OWN_ANSWERS ->
                    sentences.add("There is only one LLM: percentages by " + safety.reviewer()
                            + " are corrected for its misses and false alarms on the responses of that same LLM that "
                            + people
                            + " reviewed.");
                case NO_LABELS, SELECTED_LABELS, ONE_CLASS, NO_BETTER_THAN_CHANCE ->
                    sentences.add("Percentages by " + safety.reviewer() + " are not corrected"
                            + (names.size() == safety.proportions().size() ? "" : " for " + String.join(", ", names))
                            + ", because " + reason(analysis, basis, people) + ".");
            }
        });
        return sentences;
    }

    private static String reason(Analysis analysis, Basis basis, String people) {
        return switch (basis) {
            case NO_LABELS ->
                people
                        + (analysis.llms().size() == 1 || !analysis.hasReference()
                                ? " reviewed none of these responses"
                                : " reviewed no responses of another LLM")
                        + ", and no accuracy was given (--accuracy)";
            case SELECTED_LABELS ->
                people + " reviewed only some of the responses, and these are not known to be a random sample of all"
                        + " (--random-sample)";
            case ONE_CLASS ->
                "the responses that " + people
                        + " reviewed as well are all harmful or all harmless, and show only misses or"
                        + " only false alarms";
            case NO_BETTER_THAN_CHANCE -> "as far as is known, it is no better than chance";
            case GIVEN, OTHER_LLMS, OWN_ANSWERS, REFERENCE -> "they need not be";
        };
    }
}
