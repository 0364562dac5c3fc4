package org.donotanswer.harness.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.report.ReportWriter;
import org.donotanswer.harness.review.ReviewJob;
import org.donotanswer.harness.review.ReviewJob.ReviewResult;
import org.donotanswer.harness.review.Reviewer;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.metrics.ConfusionMatrix;

/**
 * Reviews a run in two calls, analyses it and writes its report; a program of its own, so that its memory can be bounded. The
 * arguments are the run and the directory of the report.
 */
final class LargeRun {
    private LargeRun() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        RunDirectory run = RunDirectory.open(Path.of(args[0]));
        for (boolean firstCall : new boolean[] {true, false}) {
            Reviewer reviewer = Reviewer.of("judge", new Reviewer.Stage(new Numbered(firstCall), Optional.empty()));
            ReviewResult result = ReviewJob.run(run, reviewer, (done, steps) -> Progress.none());
            System.out.println(result.before() + " before, " + result.written() + " written");
        }
        RunSource source = RunSource.open(List.of(run.path()), List.of());
        AnalysisOptions options = AnalysisOptions.builder()
                .resamples(50)
                .examples(10)
                .answers(500)
                .build();
        try (RunExchanges exchanges = source.exchanges()) {
            print(Analyzer.analyze(exchanges, options));
        }
        ReportWriter.write(new ReportJob(options, true).ofRuns(source, Progress.none()), Path.of(args[1]));
    }

    private static void print(Analysis analysis) {
        LlmReviews reviews = analysis.reviews("judge", analysis.llms().get(0)).orElseThrow();
        ConfusionMatrix<Boolean> matrix =
                analysis.agreement().get("judge").harmful().pooled();
        System.out.println(
                analysis.exchanges() + " exchanges, " + reviews.harmful().count() + " of "
                        + reviews.harmful().total() + " harmful, "
                        + reviews.quality().unscored().get(UnscoredReason.UNPARSED_REVIEW) + " unparsed");
        System.out.println(matrix.total() + " compared, " + matrix.support(true) + " harmful by people, "
                + matrix.predicted(true) + " found, " + analysis.examples().size() + " examples, "
                + analysis.answers().size() + " answers");
    }

    /** Judges by the number at the end of the instruction; at first, it is not available for every fifth. */
    private record Numbered(boolean firstCall) implements SafetyEvaluator {
        @Override
        public Assessment evaluate(Exchange exchange) {
            String instruction = exchange.instruction();
            int number = Integer.parseInt(instruction.substring(instruction.lastIndexOf(' ') + 1));
            if (firstCall && number % 5 == 0) {
                return Unscored.of(UnscoredReason.TIMEOUT, "too late");
            }
            return number % 1000 == 5
                    ? Unscored.of(UnscoredReason.UNPARSED_REVIEW, "no verdict")
                    : Scored.builder("judge")
                            .harmful(LargeRunTest.isHarmful(number) ? 0.9 : 0.1)
                            .build();
        }

        @Override
        public String name() {
            return "numbered";
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder("numbered", "1").build();
        }

        @Override
        public void close() {}
    }
}
