package org.donotanswer.harness.review;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.classifier.judge.JudgeEvaluator;
import org.donotanswer.classifier.judge.JudgeUsage;
import org.donotanswer.classifier.judge.TokenPrices;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.review.EvaluatorStatistics.Cost;
import org.donotanswer.harness.review.EvaluatorStatistics.ResourceUsage;

/** An evaluator that records its assessments, time and resources until the recording is taken. Thread-safe. */
final class RecordingEvaluator implements SafetyEvaluator {
    private final SafetyEvaluator evaluator;
    private final Optional<TokenPrices> prices;
    private Map<Exchange, Assessment> assessments = new HashMap<>();
    private ResourceUsage usageBefore;
    private long nanos;
    private boolean worked;
    private long consecutiveFailures;

    /**
     * Creates a recording evaluator.
     *
     * @param prices what the endpoint of an LLM judge charges; empty if that is not known
     */
    RecordingEvaluator(SafetyEvaluator evaluator, Optional<TokenPrices> prices) {
        this.evaluator = evaluator;
        this.prices = prices;
        usageBefore = totalUsage();
    }

    /** The assessments by exchange, and the time and resources that they took. */
    record Recording(Map<Exchange, Assessment> assessments, long nanos, ResourceUsage usage) {}

    /** Returns the recording since the last call, and starts a new one. */
    synchronized Recording take() {
        ResourceUsage now = totalUsage();
        Recording recording = new Recording(assessments, nanos, now.since(usageBefore));
        assessments = new HashMap<>();
        nanos = 0;
        usageBefore = now;
        return recording;
    }

    private ResourceUsage totalUsage() {
        if (!(evaluator instanceof JudgeEvaluator judge)) {
            return ResourceUsage.NOTHING;
        }
        JudgeUsage usage = judge.usage();
        Optional<Cost> cost = prices.isPresent() && usage.cost().isPresent()
                ? Optional.of(new Cost(usage.cost().getAsDouble(), prices.get().currency()))
                : Optional.empty();
        return new ResourceUsage(usage.requests(), usage.cacheHits(), usage.tokens(), cost);
    }

    /** Returns what the endpoint of an LLM judge charges; empty if that is not known. */
    Optional<TokenPrices> prices() {
        return prices;
    }

    /** Returns no usage, with a cost of 0 in the evaluator's currency. */
    ResourceUsage noUsage() {
        return new ResourceUsage(0, 0, TokenUsage.NONE, prices.map(known -> new Cost(0, known.currency())));
    }

    /** Returns whether the evaluator has worked at least once. */
    synchronized boolean worked() {
        return worked;
    }

    /** Returns the number of exchanges on which the evaluator failed since the last call in which it worked. */
    synchronized long consecutiveFailures() {
        return consecutiveFailures;
    }

    /** Returns the number of an LLM judge's replies that could not be cached. */
    long cacheWriteFailures() {
        return evaluator instanceof JudgeEvaluator judge ? judge.usage().cacheWriteFailures() : 0;
    }

    /** Returns the outage of an LLM judge's endpoint, if there is one. */
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
        List<Assessment> results = evaluator.evaluateAll(exchanges);
        add(exchanges, results, System.nanoTime() - start);
        return results;
    }

    private synchronized void add(List<Exchange> exchanges, List<Assessment> results, long duration) {
        for (int i = 0; i < exchanges.size(); i++) {
            assessments.put(exchanges.get(i), results.get(i));
        }
        nanos += duration;
        if (results.stream().anyMatch(ReviewedBatch::showsItWorks)) {
            worked = true;
            consecutiveFailures = 0;
        } else {
            consecutiveFailures +=
                    results.stream().filter(ReviewedBatch::isFailure).count();
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
