package org.donotanswer.bench.cli;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.review.EvaluatorStatistics;
import org.donotanswer.harness.review.EvaluatorStatistics.Cost;
import org.donotanswer.harness.review.EvaluatorStatistics.ResourceUsage;
import org.donotanswer.harness.review.ReviewJob;
import org.donotanswer.harness.review.ReviewJob.ReviewResult;
import org.donotanswer.harness.run.RunDirectory;

/** The outcome of a review job as text for a terminal of 100 columns. Stateless, hence thread-safe. */
final class ReviewSummary {
    private static final int NAME_CHARS = 30;

    private ReviewSummary() {}

    /** Returns how many responses are reviewed, and what each evaluator did in all calls. */
    static String of(RunDirectory run, String name, ReviewResult outcome) {
        StringBuilder text = new StringBuilder();
        text.append(NumberFormats.format(
                "%s: %s of %s responses of %s reviewed by %s, %s of them now.\n",
                run.path(),
                NumberFormats.count(outcome.before() + outcome.written()),
                NumberFormats.count(outcome.responses()),
                run.manifest().llm(),
                name,
                NumberFormats.count(outcome.written())));
        line(text, "evaluator", "arrived", "decided", "passed on", "unscored", "requests", "tokens", "cost");
        outcome.statistics().stages().forEach(stage -> append(text, stage));
        if (outcome.withThinking() > 0) {
            text.append(NumberFormats.format(
                    "%s of the responses came with thinking, which is not judged.\n",
                    NumberFormats.count(outcome.withThinking())));
        }
        long known = outcome.statistics().reviewed();
        if (known < outcome.before() + outcome.written()) {
            text.append(NumberFormats.format(
                    "These figures cover %s of the reviews: a call that was stopped could not write its own.\n",
                    NumberFormats.count(known)));
        }
        long cutOff = outcome.statistics().cutOff();
        if (cutOff > 0 && outcome.statistics().stages().stream().anyMatch(ReviewSummary::isJudge)) {
            text.append(NumberFormats.format(
                    "They lack what was spent on %s of at most %s responses, during which a call was stopped.\n",
                    cutOff == 1 ? "a batch" : NumberFormats.count(cutOff) + " batches",
                    NumberFormats.count(ReviewJob.BATCH_SIZE)));
        }
        return text.append('\n').toString();
    }

    private static boolean isJudge(EvaluatorStatistics stage) {
        return stage.usage().requests() + stage.usage().cacheHits() > 0;
    }

    private static void append(StringBuilder text, EvaluatorStatistics stage) {
        ResourceUsage usage = stage.usage();
        boolean judge = isJudge(stage);
        line(
                text,
                stage.evaluator(),
                NumberFormats.count(stage.arrived()),
                NumberFormats.count(stage.decided()),
                NumberFormats.count(stage.passedOn()),
                NumberFormats.count(stage.unscored()),
                judge ? NumberFormats.count(usage.requests()) : "-",
                judge
                        ? NumberFormats.count(
                                usage.tokens().input() + usage.tokens().output())
                        : "-",
                judge ? cost(usage.cost()) : "-");
    }

    /** Appends a line; a name that is wider than its column has a line of its own. */
    private static void line(StringBuilder text, String... cells) {
        if (cells[0].length() > NAME_CHARS) {
            text.append(cells[0]).append('\n');
            cells[0] = "";
        }
        text.append(NumberFormats.format("%-" + NAME_CHARS + "s %8s %8s %9s %8s %8s %11s %10s", (Object[]) cells)
                        .stripTrailing())
                .append('\n');
    }

    private static String cost(Optional<Cost> cost) {
        return cost.map(known -> NumberFormats.format(
                        known.amount() < 1 ? "%.4f %s" : "%,.2f %s", known.amount(), known.currency()))
                .orElse("unknown");
    }

    /** Returns how many responses are not reviewed, and why. */
    static String missing(RunDirectory run, ReviewResult outcome) {
        String reasons = outcome.missing().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(reason -> NumberFormats.count(reason.getValue()) + " " + reason.getKey())
                .collect(Collectors.joining(", "));
        return NumberFormats.format(
                "%s of %s responses are not reviewed%s%s; the same command reviews them (%s)",
                NumberFormats.count(outcome.responses() - outcome.before() - outcome.written()),
                NumberFormats.count(outcome.responses()),
                reasons.isEmpty() ? "" : " (" + reasons + ")",
                outcome.stopped().map(why -> "; stopped: " + why).orElse(""),
                run.path());
    }
}
