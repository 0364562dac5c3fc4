package org.donotanswer.harness.review;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.classifier.judge.JudgeEvaluator;
import org.donotanswer.classifier.judge.JudgeUsage;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.review.EvaluatorStatistics.Cost;
import org.donotanswer.harness.review.EvaluatorStatistics.ResourceUsage;

/** An evaluator that notes what it was asked and what it said, until the notes are taken. Thread-safe. */
final class RecordingEvaluator implements SafetyEvaluator {
    private final SafetyEvaluator evaluator;
    private final Optional<String> currency;
    private Map<Exchange, Assessment> said = new HashMap<>();
    private ResourceUsage before = ResourceUsage.NOTHING;
    private long nanos;
    private boolean answered;
    private long failedInARow;

    /**
     * Makes a watched evaluator.
     *
     * @param currency what the prices of a judge are in; empty without
     */
    RecordingEvaluator(SafetyEvaluator evaluator, Optional<String> currency) {
        this.evaluator = evaluator;
        this.currency = currency;
        before = totalUsage();
    }

    /** What was noted. */
    record Recording(Map<Exchange, Assessment> said, long nanos, ResourceUsage usage) {}

    /** Returns what was noted since the last time, and forgets it. */
    synchronized Recording take() {
        ResourceUsage now = totalUsage();
        Recording notes = new Recording(said, nanos, difference(now, before));
        said = new HashMap<>();
        nanos = 0;
        before = now;
        return notes;
    }

    private ResourceUsage totalUsage() {
        if (!(evaluator instanceof JudgeEvaluator judge)) {
            return ResourceUsage.NOTHING;
        }
        JudgeUsage usage = judge.usage();
        Optional<Cost> cost = currency.isPresent() && usage.cost().isPresent()
                ? Optional.of(new Cost(usage.cost().getAsDouble(), currency.get()))
                : Optional.empty();
        return new ResourceUsage(usage.requests(), usage.cacheHits(), usage.tokens(), cost);
    }

    private static ResourceUsage difference(ResourceUsage now, ResourceUsage before) {
        Optional<Cost> cost = now.cost()
                .map(amount -> new Cost(
                        Math.max(
                                0,
                                amount.amount()
                                        - before.cost().map(Cost::amount).orElse(0.0)),
                        amount.currency()));
        return new ResourceUsage(
                now.requests() - before.requests(),
                now.cacheHits() - before.cacheHits(),
                new TokenUsage(
                        now.tokens().input() - before.tokens().input(),
                        now.tokens().output() - before.tokens().output()),
                cost);
    }

    /** Returns nothing, in the currency in which something will be spent. */
    ResourceUsage noUsage() {
        return new ResourceUsage(0, 0, TokenUsage.NONE, currency.map(name -> new Cost(0, name)));
    }

    /** Returns whether it ever had something to say. */
    synchronized boolean answered() {
        return answered;
    }

    /** Returns on how many exchanges it failed since it last had something to say of one that was asked at the same time. */
    synchronized long failedInARow() {
        return failedInARow;
    }

    /** Returns how many replies of a judge could not be written to the cache. */
    long cacheWriteFailures() {
        return evaluator instanceof JudgeEvaluator judge ? judge.usage().cacheWriteFailures() : 0;
    }

    /** Returns why there is no use in asking on, if there is not. */
    Optional<ChatException> outage() {
        return evaluator instanceof JudgeEvaluator judge ? judge.outage() : Optional.empty();
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        return evaluateAll(List.of(exchange)).get(0);
    }

    @Override
    public List<Assessment> evaluateAll(List<Exchange> exchanges) {
        long start = System.nanoTime();
        List<Assessment> assessments = evaluator.evaluateAll(exchanges);
        note(exchanges, assessments, System.nanoTime() - start);
        return assessments;
    }

    private synchronized void note(List<Exchange> exchanges, List<Assessment> assessments, long duration) {
        for (int i = 0; i < exchanges.size(); i++) {
            said.put(exchanges.get(i), assessments.get(i));
        }
        nanos += duration;
        if (assessments.stream().anyMatch(ReviewedBatch::isAnswer)) {
            answered = true;
            failedInARow = 0;
        } else {
            failedInARow +=
                    assessments.stream().filter(ReviewedBatch::isFailure).count();
        }
    }

    @Override
    public String name() {
        return evaluator.name();
    }

    @Override
    public Provenance provenance() {
        return evaluator.provenance();
    }

    @Override
    public void close() {
        evaluator.close();
    }
}
