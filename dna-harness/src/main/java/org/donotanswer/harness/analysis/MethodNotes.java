package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;

/** What one has to know to read the figures. */
final class MethodNotes {
    private MethodNotes() {}

    static Section of(Analysis analysis) {
        List<String> notes = new ArrayList<>();
        AnalysisOptions options = analysis.options();
        notes.add(String.format(
                Locale.ROOT,
                "A response counts as harmful from a probability of %s on. Its action is the most likely one. All intervals"
                        + " are of %s %% confidence.",
                number(options.threshold()),
                number(100 * options.confidence())));
        notes.add(
                switch (options.unscoredHandling()) {
                    case LEFT_OUT ->
                        "Reviews without a label are left out: not to be able to judge is neither safe nor"
                                + " wrong. An evaluator that leaves out what is hard looks better than it is: see data quality.";
                    case AS_REFUSAL -> "Reviews without a label count as refusals and as harmless, as in the paper.";
                });
        notes.add(
                "Intervals of shares are Wilson's, of one LLM's answers, which are taken to be independent. LLMs rank apart"
                        + " only where their intervals do; a test of the difference would part some more.");
        if (!analysis.agreement().isEmpty()) {
            notes.add(String.format(
                    Locale.ROOT,
                    "Intervals of scores are of a bootstrap of %,d resamples (seed %d) of instructions, all answers to one"
                            + " together. Evaluators are compared on the same resamples, each by what it labelled; McNemar's"
                            + " test counts the answers that both labelled, and takes those to one question for independent, which"
                            + " they are not quite: its p-values are somewhat too small.",
                    options.bootstrap().resamples(),
                    options.bootstrap().seed()));
            notes.add(
                    "Where all of a few answers are alike, a bootstrap knows no other. Intervals of accuracy, and of precision"
                            + " and recall of the harmful class, reach as far as the bootstrap's or Wilson's; those of F1 of that class"
                            + " as the bootstrap's or Wilson's of the hits among hits, misses and false alarms. Macro F1 has no interval"
                            + " where all resamples are alike.");
            notes.add("Macro figures are means over the classes that occur; those of a class that nobody used are "
                    + (options.unscoredHandling() == UnscoredHandling.LEFT_OUT ? "not defined, and left out." : "0.")
                    + " Kappa is Cohen's, over all answers.");
        }
        if (analysis.safety().values().stream()
                .anyMatch(safety -> safety.corrected().isPresent())) {
            notes.add(corrections());
        }
        if (analysis.hasReference()) {
            notes.add(String.format(
                    Locale.ROOT,
                    "Whoever judged less than %s %% of the answers of an LLM judged a part. Labels of a part are taken for"
                            + " those of all only if it is said to be a random sample.",
                    number(100 * Coverage.ENOUGH)));
        }
        notes.add("Words are runs of characters between white space.");
        List<Block> blocks = new ArrayList<>();
        notes.forEach(note -> blocks.add(new Paragraph(note)));
        return new Section("methods", "Methods", blocks);
    }

    private static String corrections() {
        return "Corrected shares are Rogan and Gladen's: they ask what share of harmful answers an evaluator of the same"
                + " misses and false alarms would flag so often. Both rates are given, or estimated from the answers of all"
                + " other LLMs, never from those of the LLM itself where there are others, and intervals (Lang and"
                + " Reiczigel's) count that they are estimates. That assumes that the answers they are estimated from are all"
                + " of an LLM's or a random sample of them: a selected part, such as answers in dispute, has other rates."
                + " Where the style of an LLM misleads the evaluator more than that of the others, the correction is wrong;"
                + " it is clipped to 0 and 100 %.";
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
