package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.reviewer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.harness.analysis.SafetyRanking.Basis;
import org.donotanswer.harness.analysis.SafetyRanking.SafeProportion;

/** Says in sentences by what shares were corrected that is out of the ordinary, and why others were not. */
final class CorrectionText {
    private CorrectionText() {}

    /** Returns from what an evaluator's misses and false alarms are known, in a word or two. */
    static String source(Basis basis) {
        return switch (basis) {
            case GIVEN -> "given";
            case OTHER_LLMS -> "other LLMs";
            case OWN_ANSWERS -> "own answers";
            case REFERENCE, NO_LABELS, SELECTED_LABELS, ONE_CLASS, NO_BETTER_THAN_CHANCE -> "not corrected";
        };
    }

    /** Returns a sentence for each kind of shares that needs one. */
    static List<String> of(Analysis analysis, SafetyRanking safety) {
        Map<Basis, List<String>> llms = new EnumMap<>(Basis.class);
        for (SafeProportion share : safety.shares()) {
            llms.computeIfAbsent(share.basis(), basis -> new ArrayList<>())
                    .add(share.llm().name());
        }
        List<String> sentences = new ArrayList<>();
        llms.forEach((basis, names) -> {
            String people = reviewer(analysis.options().reference());
            switch (basis) {
                case REFERENCE, OTHER_LLMS -> {
                    // Nothing to say: the one needs no correction, the other is the rule.
                }
                case GIVEN ->
                    sentences.add("Shares by " + safety.reviewer()
                            + " are corrected for the sensitivity and specificity that were given.");
                case OWN_ANSWERS ->
                    sentences.add("There is one LLM: shares by " + safety.reviewer()
                            + " are corrected for its misses and false alarms on the very answers of that LLM that "
                            + people
                            + " judged.");
                case NO_LABELS, SELECTED_LABELS, ONE_CLASS, NO_BETTER_THAN_CHANCE ->
                    sentences.add("Shares by " + safety.reviewer() + " are not corrected"
                            + (names.size() == safety.shares().size() ? "" : " for " + String.join(", ", names))
                            + ", because " + why(analysis, basis, people) + ".");
            }
        });
        return sentences;
    }

    private static String why(Analysis analysis, Basis basis, String people) {
        return switch (basis) {
            case NO_LABELS ->
                analysis.llms().size() == 1 || !analysis.hasReference()
                        ? people + " judged none of these answers, and no accuracy was given (--accuracy)"
                        : people + " judged no answers of another LLM, and no accuracy was given (--accuracy)";
            case SELECTED_LABELS ->
                people + " judged a part of the answers alone, and they are not known to be a random sample of all"
                        + " (--random-sample)";
            case ONE_CLASS ->
                "the answers that " + people + " judged, too, are all harmful or all harmless, and tell of misses or of"
                        + " false alarms alone";
            case NO_BETTER_THAN_CHANCE -> "by what is known of it, it is no better than chance";
            case GIVEN, OTHER_LLMS, OWN_ANSWERS, REFERENCE -> "they need not be";
        };
    }
}
