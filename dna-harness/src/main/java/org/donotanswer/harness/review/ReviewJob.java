package org.donotanswer.harness.review;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ManifestMismatchException;
import org.donotanswer.harness.run.ReviewLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunReader;

/**
 * Reviews the responses of a run that a reviewer has not reviewed yet. Each batch is written to disk before the next begins,
 * so that the next call continues where a process was stopped. Not thread-safe.
 *
 * <p>Reviews with a transient failure are not written, so that the next call makes another attempt. Reviews on which an
 * evaluator failed are withheld until it has worked on another response: until then, the evaluator may be broken.
 */
public final class ReviewJob {
    /** The number of responses that are reviewed before their reviews are written. */
    public static final int BATCH_SIZE = 64;

    private final RunDirectory run;
    private final Reviewer reviewer;
    private final Progress.Starter starter;
    private final Map<UnscoredReason, Long> missing = new EnumMap<>(UnscoredReason.class);
    private final List<WithheldReviews> withheld = new ArrayList<>();
    private ReviewStatistics statistics;
    private int withThinking;
    private int written;
    private boolean evaluatorDown;

    private ReviewJob(RunDirectory run, Reviewer reviewer, Progress.Starter starter) {
        this.run = Objects.requireNonNull(run, "run");
        this.reviewer = Objects.requireNonNull(reviewer, "reviewer");
        this.starter = Objects.requireNonNull(starter, "starter");
        statistics = reviewer.noStatistics();
    }

    /**
     * The result of a call. Immutable, hence thread-safe.
     *
     * @param responses the number of responses in the run
     * @param withThinking the number of those with thinking beside them, which is not reviewed
     * @param before the number of responses reviewed by earlier calls
     * @param written the number of responses reviewed by this call
     * @param missing the failed attempts of this call, by reason
     * @param stopped why the call stopped early or achieved nothing; empty otherwise
     * @param evaluatorDown whether an evaluator is unavailable or broken, so that other runs would fail as well
     * @param statistics the statistics of all calls so far
     */
    public record ReviewResult(
            int responses,
            int withThinking,
            int before,
            int written,
            Map<UnscoredReason, Long> missing,
            Optional<String> stopped,
            boolean evaluatorDown,
            ReviewStatistics statistics) {
        /** Copies the counts. */
        public ReviewResult {
            missing = Map.copyOf(missing);
            Objects.requireNonNull(stopped, "stopped");
            Objects.requireNonNull(statistics, "statistics");
        }

        /** Returns whether every response is reviewed. */
        public boolean isComplete() {
            return before + written == responses;
        }
    }

    /**
     * Reviews the remaining responses of a run.
     *
     * @throws BadInputException if a file of the run is malformed
     * @throws ManifestMismatchException if another evaluator reviewed under that name
     * @throws IOException if the run has no responses or cannot be written, another process reviews under that name, or the
     *     currency of prices has changed
     * @throws InterruptedException if the thread is interrupted; the current batch is not written
     */
    public static ReviewResult run(RunDirectory run, Reviewer reviewer, Progress.Starter starter)
            throws IOException, InterruptedException {
        return new ReviewJob(run, reviewer, starter).run();
    }

    private ReviewResult run() throws IOException, InterruptedException {
        String name = reviewer.manifest().name();
        IdIndex responses = readResponses();
        if (responses.size() == 0) {
            throw new IOException("run must have responses, but had none (" + run.path() + ")");
        }
        boolean continued = run.reviewers().containsKey(name);
        // The reviews are read after the file is locked, so that those of another process are included.
        try (ReviewLog log = run.appendReviews(reviewer.manifest());
                RemainingResponses remaining = RemainingResponses.open(run, name, responses)) {
            int before = remaining.reviewed();
            if (continued) {
                addEarlierStatistics(ReviewStatistics.read(run, name), name);
            }
            Optional<String> stopped = Optional.empty();
            if (before < responses.size()) {
                try (Progress progress = starter.start(before, responses.size())) {
                    stopped = review(remaining, log, progress);
                }
            }
            return new ReviewResult(
                    responses.size(), withThinking, before, written, missing, stopped, evaluatorDown, statistics);
        }
    }

    /** Checks and counts the responses before any of them is reviewed, and returns their ids. */
    private IdIndex readResponses() throws IOException {
        try (RunReader<CollectedResponse> responses = run.readResponses()) {
            for (CollectedResponse response = responses.next(); response != null; response = responses.next()) {
                withThinking += response.thinking().isPresent() ? 1 : 0;
            }
            return responses.ids();
        }
    }

    private void addEarlierStatistics(Optional<ReviewStatistics> earlier, String name) throws IOException {
        if (earlier.isEmpty()) {
            return;
        }
        try {
            ReviewStatistics priced = reviewer.priced(earlier.get());
            statistics = priced.plus(statistics);
            if (!priced.equals(earlier.get())) {
                // Kept even if nothing is left to review.
                statistics.write(run, name);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "reviews must continue as they began, but did not: " + e.getMessage() + " (" + run.path() + ")");
        }
    }

    /** Returns why it stopped early or achieved nothing, if it did. */
    private Optional<String> review(RemainingResponses remaining, ReviewLog log, Progress progress)
            throws IOException, InterruptedException {
        Optional<String> firstFailure = Optional.empty();
        for (List<CollectedResponse> responses = remaining.next(BATCH_SIZE);
                !responses.isEmpty();
                responses = remaining.next(BATCH_SIZE)) {
            statistics = statistics.beginBatch();
            statistics.write(run, reviewer.manifest().name());
            ReviewedBatch batch = reviewer.review(
                    responses.stream().map(CollectedResponse::exchange).toList());
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reviewing");
            }
            int writtenOfBatch = write(responses, batch, log);
            progress.stepBy(responses.size());
            Optional<ChatException> outage = reviewer.outage();
            evaluatorDown = outage.isPresent()
                    || IntStream.range(0, statistics.stages().size()).anyMatch(reviewer::isBroken);
            List<Unscored> failures = transientFailures(responses.size(), batch);
            Optional<String> failure = failures.stream().map(Unscored::detail).findFirst();
            boolean systematic = writtenOfBatch == 0 && failures.size() >= Reviewer.MIN_SYSTEMATIC_FAILURES;
            if (evaluatorDown || systematic) {
                Optional<String> withheldFailure = releaseOrDropWithheld(log);
                return outage.map(ChatException::getMessage)
                        .or(() -> withheldFailure)
                        .or(() -> failure);
            }
            firstFailure = firstFailure.or(() -> failure);
        }
        Optional<String> withheldFailure = releaseOrDropWithheld(log);
        return withheldFailure.isPresent() || written > 0 ? withheldFailure : firstFailure;
    }

    private static List<Unscored> transientFailures(int exchanges, ReviewedBatch batch) {
        return IntStream.range(0, exchanges)
                .mapToObj(batch::transientFailure)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Writes the final reviews of the batch, and withheld reviews that the batch makes final. Returns how many reviews of the
     * batch were written.
     */
    private int write(List<CollectedResponse> responses, ReviewedBatch batch, ReviewLog log) throws IOException {
        WithheldReviews ofBatch = new WithheldReviews(responses, batch);
        IntPredicate isWritten = exchange -> batch.isFinal(exchange) && !ofBatch.contains(exchange);
        int before = written;
        write(responses, batch, isWritten, batch.statistics(isWritten), log);
        int writtenOfBatch = written - before;
        transientFailures(responses.size(), batch).forEach(failure -> missing.merge(failure.reason(), 1L, Long::sum));
        for (WithheldReviews earlier : withheld) {
            release(earlier, batch::works, log);
        }
        withheld.add(ofBatch);
        withheld.removeIf(reviews -> reviews.size() == 0);
        return writtenOfBatch;
    }

    /**
     * Writes the withheld reviews whose suspect stages have worked before and are not broken now. The others stay unwritten.
     *
     * @return the failure of a stage that may be broken, if there is one
     */
    private Optional<String> releaseOrDropWithheld(ReviewLog log) throws IOException {
        for (WithheldReviews reviews : withheld) {
            release(reviews, stage -> hasWorked(stage) && !reviewer.isBroken(stage), log);
            if (reviews.size() > 0) {
                missing.merge(UnscoredReason.EVALUATOR_FAILURE, (long) reviews.size(), Long::sum);
            }
        }
        return withheld.stream()
                .flatMap(reviews -> reviews.failure().stream())
                .map(Unscored::detail)
                .findFirst();
    }

    /** Returns whether a stage has worked in this process, or scored a response in an earlier call. */
    private boolean hasWorked(int stage) {
        EvaluatorStatistics counts = statistics.stages().get(stage);
        return reviewer.worked(stage) || counts.arrived() > counts.unscored();
    }

    private void release(WithheldReviews reviews, IntPredicate works, ReviewLog log) throws IOException {
        Set<Integer> released = reviews.release(works);
        if (!released.isEmpty()) {
            ReviewedBatch batch = reviews.batch();
            write(reviews.responses(), batch, released::contains, batch.laterStatistics(released::contains), log);
        }
    }

    private void write(
            List<CollectedResponse> responses,
            ReviewedBatch batch,
            IntPredicate isWritten,
            ReviewStatistics counts,
            ReviewLog log)
            throws IOException {
        Map<String, Assessment> reviews = new LinkedHashMap<>();
        IntStream.range(0, responses.size())
                .filter(isWritten)
                .forEach(i ->
                        reviews.put(responses.get(i).id(), batch.assessments().get(i)));
        // Before anything is written, as it fails if the statistics do not fit.
        ReviewStatistics sum = statistics.plus(counts);
        if (!reviews.isEmpty()) {
            log.append(reviews);
        }
        written += reviews.size();
        statistics = sum;
        statistics.write(run, reviewer.manifest().name());
    }
}
