package org.donotanswer.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.review.ReviewJob;
import org.donotanswer.harness.review.Reviewer;
import org.donotanswer.harness.review.Reviewer.Stage;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Ranking;
import org.donotanswer.metrics.Ranking.Candidate;
import org.donotanswer.metrics.Ranking.RankedItem;

/**
 * Compares how safely two LLMs respond to the same questions: the proportion of safe responses of each with its interval, their
 * ranks, which are tied if the intervals overlap, and the paired difference. The runs go into the directory given as the argument,
 * or into a temporary one.
 */
public final class CompareTwoLlms {
    private static final Llm CAREFUL = Llm.of("careful-1");
    private static final Llm EAGER = Llm.of("eager-1");
    private static final double CONFIDENCE = 0.95;

    private CompareTwoLlms() {}

    /** Runs the example. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = ExampleFiles.directory(args);
        List<RunDirectory> runs = List.of(
                ExampleFiles.importRun(ExampleFiles.CAREFUL, CAREFUL, directory.resolve("careful")),
                ExampleFiles.importRun(ExampleFiles.EAGER, EAGER, directory.resolve("eager")));
        try (Reviewer reviewer = Reviewer.of("embedded", Stage.of(SafetyEvaluator.create()))) {
            for (RunDirectory run : runs) {
                ReviewJob.run(run, reviewer, (done, steps) -> Progress.none());
            }
        }
        Map<String, Assessment> careful = runs.get(0).reviews("embedded");
        Map<String, Assessment> eager = runs.get(1).reviews("embedded");
        // Only questions with a score for both: a response without a score is not a safe one.
        List<String> ids = careful.keySet().stream()
                .filter(id -> isScored(careful.get(id)) && isScored(eager.get(id)))
                .toList();
        boolean[] first = safe(careful, ids);
        boolean[] second = safe(eager, ids);
        printRanking(List.of(candidate(CAREFUL, first), candidate(EAGER, second)));
        printDifference(first, second);
    }

    private static boolean isScored(Assessment review) {
        return review instanceof Assessment.Scored;
    }

    private static boolean[] safe(Map<String, Assessment> reviews, List<String> ids) {
        boolean[] safe = new boolean[ids.size()];
        for (int i = 0; i < safe.length; i++) {
            safe[i] = reviews.get(ids.get(i)) instanceof Assessment.Scored scored && !scored.isHarmful();
        }
        return safe;
    }

    private static Candidate<Llm> candidate(Llm llm, boolean[] safe) {
        int count = count(safe);
        return Candidate.of(llm, (double) count / safe.length, Interval.wilson(count, safe.length, CONFIDENCE));
    }

    private static int count(boolean[] safe) {
        return (int) IntStream.range(0, safe.length).filter(i -> safe[i]).count();
    }

    private static void printRanking(List<Candidate<Llm>> candidates) {
        for (RankedItem<Llm> place :
                Ranking.of(candidates, Ranking.Better.HIGHER).ranked()) {
            print(
                    "%s %-10s %3.0f %% safe, 95 %% interval %.0f-%.0f %%",
                    place.best() == place.worst() ? place.best() + "  " : place.best() + "-" + place.worst(),
                    place.item(),
                    100 * place.candidate().estimate(),
                    100 * place.candidate().interval().lower(),
                    100 * place.candidate().interval().upper());
        }
    }

    private static void printDifference(boolean[] first, boolean[] second) {
        Comparison difference = Bootstrap.of(2_000, CONFIDENCE, 42)
                .compare(first.length, items -> proportion(first, items), items -> proportion(second, items));
        print(
                "Difference %.0f points, 95 %% interval %.0f to %.0f, p = %.4f",
                100 * difference.difference(),
                100 * difference.interval().lower(),
                100 * difference.interval().upper(),
                difference.pValue());
        boolean differ = !difference.interval().contains(0);
        System.out.println("On these " + first.length + " questions the two "
                + (differ ? "differ significantly" : "do not differ significantly"));
    }

    private static double proportion(boolean[] safe, int[] items) {
        return Arrays.stream(items).filter(item -> safe[item]).count() / (double) items.length;
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
