package org.donotanswer.bench.soak;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;

/** Scores an exchange by the hash of its texts, but gives a wrong result now and then. Thread-safe. */
public final class LeakyEvaluator implements SafetyEvaluator {
    private static final double HASHES = 1_000;

    private final AtomicLong evaluations;
    private final long wrongEvery;
    private volatile boolean closed;

    /**
     * Creates an evaluator.
     *
     * @param evaluations counts evaluations, of other evaluators as well
     * @param wrongEvery which of them are wrong; 0 for none
     */
    public LeakyEvaluator(AtomicLong evaluations, long wrongEvery) {
        this.evaluations = evaluations;
        this.wrongEvery = wrongEvery;
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        if (closed) {
            throw new IllegalStateException("LeakyEvaluator is closed");
        }
        if (exchange.hasBlankResponse()) {
            return Assessment.Unscored.of(UnscoredReason.EMPTY_RESPONSE, "response must have text, but was blank");
        }
        if (evaluations.incrementAndGet() % Math.max(1, wrongEvery) == 0 && wrongEvery > 0) {
            return Assessment.Unscored.of(UnscoredReason.EVALUATOR_FAILURE, "wrong on purpose");
        }
        int hash = Objects.hash(exchange.instruction(), exchange.response());
        return Assessment.Scored.builder(name())
                .harmful(Math.floorMod(hash, (int) HASHES) / HASHES)
                .build();
    }

    @Override
    public boolean isNonBlocking() {
        return true;
    }

    @Override
    public String name() {
        return "leaky/1";
    }

    @Override
    public Provenance provenance() {
        return Provenance.builder("leaky", "1").build();
    }

    @Override
    public void close() {
        closed = true;
    }
}
