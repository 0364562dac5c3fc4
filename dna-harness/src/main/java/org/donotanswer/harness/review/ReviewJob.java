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
import java.util.stream.Stream;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ReviewLog;
import org.donotanswer.harness.run.RunDirectory;

/**
 * Has a reviewer review the responses of a run that it has not reviewed yet. Each batch is on the disk before the next one
 * begins; whatever ends the process, the next call goes on from there. A review that something hindered which may pass is not
 * written: the next call does it. Nor is one on which an evaluator failed, until that evaluator had something to say of
 * another response: so long, it may be the evaluator that is wrong, not the response. Not thread-safe.
 */
public final class ReviewJob {
    /** How many responses are reviewed before their reviews are written. */
    public static final int BATCH = 64;

    private final RunDirectory run;
    private final Reviewer reviewer;
    private final Progress.Starter starter;
    private final Map<UnscoredReason, Long> missing = new EnumMap<>(UnscoredReason.class);
    private final List<WithheldReviews> heldBack = new ArrayList<>();
    private ReviewStatistics statistics;
    private int written;
    private boolean evaluatorDown;

    private ReviewJob(RunDirectory run, Reviewer reviewer, Progress.Starter starter) {
        this.run = Objects.requireNonNull(run, "run");
        this.reviewer = Objects.requireNonNull(reviewer, "reviewer");
        this.starter = Objects.requireNonNull(starter, "starter");
        statistics = reviewer.noStatistics();
    }

    /**
     * What a call did.
     *
     * @param responses how many responses the run has
     * @param before how many of them were reviewed before
     * @param written how many were reviewed now
     * @param missing how many could not be reviewed now, by reason; without those that were not tried
     * @param stopped why the reviewer was not asked on, or nothing came of it; empty otherwise
     * @param evaluatorDown whether there is no use in asking the reviewer about another run either
     * @param statistics those of all calls so far
     */
    public record ReviewResult(
            int responses,
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
     * Reviews what is left to review.
     *
     * @throws BadInputException if a file of the run is broken
     * @throws org.donotanswer.harness.run.ManifestMismatchException if another evaluator reviewed under that name
     * @throws IOException if the run has no responses, cannot be written, another process reviews under that name, or prices
     *     are in another currency than before
     * @throws InterruptedException if the thread is interrupted; the batch under way is not written
     */
    public static ReviewResult run(RunDirectory run, Reviewer reviewer, Progress.Starter starter)
            throws IOException, InterruptedException {
        return new ReviewJob(run, reviewer, starter).run();
    }

    private ReviewResult run() throws IOException, InterruptedException {
        String name = reviewer.manifest().name();
        Map<String, CollectedResponse> responses = run.responses();
        if (responses.isEmpty()) {
            throw new IOException("run must have responses, but was without (" + run.path() + ")");
        }
        boolean begun = run.reviewers().containsKey(name);
        try (ReviewLog log = run.appendReviews(reviewer.manifest())) {
            // Read only now: what another process wrote while it had the file is there.
            Map<String, Assessment> reviews = run.reviews(name);
            List<CollectedResponse> left = responses.values().stream()
                    .filter(response -> !reviews.containsKey(response.id()))
                    .toList();
            int before = responses.size() - left.size();
            if (begun) {
                goOnFrom(ReviewStatistics.read(run, name));
            }
            Optional<String> stopped = Optional.empty();
            if (!left.isEmpty()) {
                try (Progress progress = starter.start(before, responses.size())) {
                    stopped = review(left, log, progress);
                }
            }
            return new ReviewResult(responses.size(), before, written, missing, stopped, evaluatorDown, statistics);
        }
    }

    private void goOnFrom(Optional<ReviewStatistics> found) throws IOException {
        try {
            statistics = found.isPresent() ? found.get().plus(statistics) : statistics;
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "reviews must go on as they began, but did not: " + e.getMessage() + " (" + run.path() + ")");
        }
    }

    /** Returns why it stopped before all were tried, or nothing came of it, if so. */
    private Optional<String> review(List<CollectedResponse> left, ReviewLog log, Progress progress)
            throws IOException, InterruptedException {
        Optional<String> transientFailure = Optional.empty();
        for (int start = 0; start < left.size(); start += BATCH) {
            List<CollectedResponse> part = left.subList(start, Math.min(left.size(), start + BATCH));
            statistics = statistics.beginBatch();
            statistics.write(run, reviewer.manifest().name());
            ReviewedBatch batch = reviewer.review(
                    part.stream().map(CollectedResponse::exchange).toList());
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reviewing");
            }
            int kept = write(part, batch, log);
            progress.stepBy(part.size());
            Optional<ChatException> outage = reviewer.outage();
            evaluatorDown = outage.isPresent() || stages().anyMatch(reviewer::fails);
            Optional<String> hindered = transientFailures(part.size(), batch).findFirst();
            if (evaluatorDown
                    || (kept == 0 && transientFailures(part.size(), batch).count() >= Reviewer.SYSTEMATIC)) {
                Optional<String> failure = settle(log);
                return outage.map(ChatException::getMessage).or(() -> failure).or(() -> hindered);
            }
            transientFailure = transientFailure.or(() -> hindered);
        }
        Optional<String> failure = settle(log);
        return failure.isPresent() || written > 0 ? failure : transientFailure;
    }

    private static Stream<String> transientFailures(int exchanges, ReviewedBatch batch) {
        return IntStream.range(0, exchanges)
                .mapToObj(batch::transientFailure)
                .flatMap(Optional::stream)
                .map(Unscored::detail);
    }

    private IntStream stages() {
        return IntStream.range(0, statistics.stages().size());
    }

    /** Writes what is final, and what was held back and no longer is. Returns how many reviews of the batch it wrote. */
    private int write(List<CollectedResponse> part, ReviewedBatch batch, ReviewLog log) throws IOException {
        WithheldReviews doubtful = new WithheldReviews(part, batch);
        IntPredicate isFinal = exchange -> batch.isFinal(exchange) && !doubtful.holds(exchange);
        int before = written;
        write(part, batch, isFinal, batch.statistics(isFinal), log);
        int kept = written - before;
        IntStream.range(0, part.size())
                .mapToObj(batch::transientFailure)
                .flatMap(Optional::stream)
                .forEach(hindered -> missing.merge(hindered.reason(), 1L, Long::sum));
        for (WithheldReviews held : heldBack) {
            release(held, batch::answers, log);
        }
        heldBack.add(doubtful);
        heldBack.removeIf(held -> held.size() == 0);
        return kept;
    }

    /**
     * Writes what is held back if the stages in doubt are known to work, and failed on few since. The rest stays unwritten.
     *
     * @return how a stage failed that may be broken, if one did
     */
    private Optional<String> settle(ReviewLog log) throws IOException {
        for (WithheldReviews held : heldBack) {
            release(held, stage -> worked(stage) && !reviewer.fails(stage), log);
            if (held.size() > 0) {
                missing.merge(UnscoredReason.EVALUATOR_FAILURE, (long) held.size(), Long::sum);
            }
        }
        return heldBack.stream()
                .flatMap(held -> held.failure().stream())
                .map(Unscored::detail)
                .findFirst();
    }

    /** Returns whether a stage had something to say now, or a score in an earlier call. */
    private boolean worked(int stage) {
        EvaluatorStatistics counts = statistics.stages().get(stage);
        return reviewer.answered(stage) || counts.arrived() > counts.unscored();
    }

    private void release(WithheldReviews held, IntPredicate works, ReviewLog log) throws IOException {
        Set<Integer> free = held.release(works);
        if (!free.isEmpty()) {
            write(held.part(), held.batch(), free::contains, held.batch().laterStatistics(free::contains), log);
        }
    }

    private void write(
            List<CollectedResponse> part,
            ReviewedBatch batch,
            IntPredicate chosen,
            ReviewStatistics counts,
            ReviewLog log)
            throws IOException {
        Map<String, Assessment> reviews = new LinkedHashMap<>();
        IntStream.range(0, part.size())
                .filter(chosen)
                .forEach(i -> reviews.put(part.get(i).id(), batch.assessments().get(i)));
        // First: what cannot be counted is not written either.
        ReviewStatistics sum = statistics.plus(counts);
        if (!reviews.isEmpty()) {
            log.append(reviews);
        }
        written += reviews.size();
        statistics = sum;
        statistics.write(run, reviewer.manifest().name());
    }
}
