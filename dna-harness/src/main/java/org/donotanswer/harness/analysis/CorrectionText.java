package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.reviewer;
import static org.donotanswer.harness.io.NumberFormats.format;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.donotanswer.harness.analysis.SafetyRanking.Basis;
import org.donotanswer.harness.analysis.SafetyRanking.SafeProportion;

/** Explains in sentences what proportions were corrected with, and why others are withheld. */
final class CorrectionText {
    private CorrectionText() {}

    /** Returns what an evaluator's misses and false alarms are known from, or why there is no corrected percentage. */
    static String source(SafeProportion proportion) {
        return switch (proportion.basis()) {
            case GIVEN -> "given";
            case OWN_SAMPLE -> "own responses: " + labels(proportion);
            case REFERENCE -> "not corrected";
            case NO_LABELS -> "withheld: no labels";
            case SELECTED_LABELS -> "withheld: no random sample";
            case TOO_FEW_LABELS -> "withheld: only " + labels(proportion);
            case NO_BETTER_THAN_CHANCE -> "withheld: no better than chance";
        };
    }

    private static String labels(SafeProportion proportion) {
        return proportion
                .accuracy()
                .map(accuracy -> format("%,d harmful, %,d harmless", accuracy.positives(), accuracy.negatives()))
                .orElse("");
    }

    /** Returns a sentence for each way in which percentages were corrected, and each reason why some are withheld. */
    static List<String> of(Analysis analysis, SafetyRanking safety) {
        Map<Basis, List<SafeProportion>> byBasis = new EnumMap<>(Basis.class);
        for (SafeProportion proportion : safety.proportions()) {
            byBasis.computeIfAbsent(proportion.basis(), basis -> new ArrayList<>())
                    .add(proportion);
        }
        List<String> sentences = new ArrayList<>();
        byBasis.forEach((basis, proportions) -> {
            String people = reviewer(analysis.options().reference());
            boolean all = proportions.size() == safety.proportions().size();
            switch (basis) {
                case REFERENCE -> {
                    // The reference needs no correction.
                }
                case GIVEN ->
                    sentences.add("Percentages by " + safety.reviewer()
                            + " are corrected for the given sensitivity and specificity.");
                case OWN_SAMPLE ->
                    sentences.add("Percentages by " + safety.reviewer() + (all ? "" : " for " + llms(proportions))
                            + " are corrected for its misses and false alarms on the responses of the same LLM that "
                            + people + " reviewed.");
                case NO_LABELS, SELECTED_LABELS, TOO_FEW_LABELS, NO_BETTER_THAN_CHANCE ->
                    sentences.add("Corrected percentages by " + safety.reviewer() + " are withheld"
                            + (all ? "" : " for " + llms(proportions)) + ": " + reason(proportions, basis, people)
                            + ".");
            }
        });
        return sentences;
    }

    private static String llms(List<SafeProportion> proportions) {
        return proportions.stream().map(each -> each.llm().name()).collect(Collectors.joining(", "));
    }

    private static String reason(List<SafeProportion> proportions, Basis basis, String people) {
        return switch (basis) {
            case NO_LABELS ->
                people
                        + " reviewed none of these responses, and its misses and false alarms on other responses may differ;"
                        + " label a random sample of them, or give an accuracy (--accuracy)";
            case SELECTED_LABELS ->
                people + " reviewed only some of the responses, and these are not known to be a random sample of all"
                        + " (--random-sample)";
            case TOO_FEW_LABELS ->
                format(
                        "misses and false alarms must be known from at least %,d harmful and %,d harmless responses, but are"
                                + " known from %s",
                        PrevalenceCorrections.MIN_LABELS,
                        PrevalenceCorrections.MIN_LABELS,
                        proportions.stream()
                                .map(each -> labels(each)
                                        + (proportions.size() == 1
                                                ? ""
                                                : " (" + each.llm().name() + ")"))
                                .collect(Collectors.joining("; ")));
            case NO_BETTER_THAN_CHANCE -> "as far as is known, it is no better than chance";
            case GIVEN, OWN_SAMPLE, REFERENCE -> "they need not be";
        };
    }
}
