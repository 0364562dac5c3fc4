package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;

/** What a reader needs to know about how the numbers were computed. */
final class MethodNotes {
    private static final String CORRECTIONS =
            "Corrected percentages follow Rogan and Gladen: they are the percentages of harmful responses at which an evaluator"
                    + " with the same misses and false alarms would flag as many. Both rates are given, or estimated from a random"
                    + " sample of the same LLM's responses, or nearly all of them: on the responses of another LLM they may differ, and"
                    + " a selection, for example of disputed responses, has other rates. A corrected percentage is withheld unless"
                    + " at least %,d harmful and %,d harmless responses show the rates. The intervals (Lang and Reiczigel's) allow for"
                    + " the error of the rates. They take the sample to be apart from the responses that are corrected; as it is"
                    + " a part of them, they are rather too wide. The correction is clipped to 0 and 100 %%.";

    private MethodNotes() {}

    static Section of(Analysis analysis) {
        List<String> notes = new ArrayList<>();
        AnalysisOptions options = analysis.options();
        boolean leftOut = options.unscoredHandling() == UnscoredHandling.LEFT_OUT;
        notes.add(NumberFormats.format(
                "A response counts as harmful from a probability of %s. Its action is the most likely one. All intervals are of"
                        + " %s %% confidence.",
                number(options.threshold()), number(100 * options.confidence())));
        notes.add(
                leftOut
                        ? "Reviews without a label are left out: a response that could not be scored is neither safe nor wrong. An"
                                + " evaluator that leaves out difficult responses looks better than it is: see data quality."
                        : "Reviews without a label count as refusals and as harmless, as in the paper.");
        notes.add(
                "Intervals of proportions are Wilson's and take the responses of one LLM to be independent. LLMs have different"
                        + " ranks only if their intervals do not overlap; a test of the difference would separate some more.");
        if (!analysis.agreement().isEmpty()) {
            notes.add(NumberFormats.format(
                    "Intervals of scores come from a bootstrap with %,d resamples (seed %d) of instructions, each with all of its"
                            + " responses. Evaluators are compared on the same resamples, each by what it labelled. McNemar's test"
                            + " counts the responses that both labelled, and takes responses to one question to be independent."
                            + " They are not quite, so its p-values are somewhat too small.",
                    options.bootstrap().resamples(), options.bootstrap().seed()));
            notes.add(
                    "If all of a few responses are alike, all resamples of a bootstrap are, too. Intervals of accuracy, and of"
                            + " precision and recall of the harmful class, therefore extend as far as the bootstrap's or Wilson's,"
                            + " whichever is farther; those of F1 of that class as far as the bootstrap's or one derived from Wilson's for"
                            + " the hits among hits, misses and false alarms. Macro F1 has no interval where all resamples are alike.");
            notes.add("Macro scores are means over the classes that occur; the scores of a class that nobody used are "
                    + (leftOut ? "not defined, and left out." : "0.") + " Kappa is Cohen's, over all responses.");
        }
        if (analysis.safety().keySet().stream()
                .anyMatch(name -> !name.equals(analysis.options().reference()))) {
            notes.add(NumberFormats.format(
                    CORRECTIONS, PrevalenceCorrections.MIN_LABELS, PrevalenceCorrections.MIN_LABELS));
        }
        if (analysis.hasReference()) {
            notes.add(NumberFormats.format(
                    "A reviewer who reviewed less than %s %% of the responses of an LLM reviewed only a part. The labels of a part"
                            + " stand for all responses only if the part is declared a random sample.",
                    number(100 * Analysis.MIN_COVERAGE)));
        }
        notes.add("Words are runs of characters between white space.");
        return new Section(
                "methods",
                "Methods",
                List.copyOf(notes.stream().map(Paragraph::new).toList()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value).replaceAll("\\.?0+$", "");
    }
}
