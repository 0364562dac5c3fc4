package org.donotanswer.bench.soak;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;

/** Scores an exchange by the hash of its texts, but gives a wrong result now and then. Thread-safe. */
public final class SometimesWrongEvaluator implements SafetyEvaluator {
    private static final double HASHES = 1_000;

    private final AtomicLong evaluations;
    private final long wrongEvery;
    private final Supplier<Assessment> wrong;
    private volatile boolean closed;

    /**
     * Creates an evaluator.
     *
     * @param evaluations counts evaluations, of other evaluators as well
     * @param wrongEvery which of them are wrong; 0 for none
     */
    public SometimesWrongEvaluator(AtomicLong evaluations, long wrongEvery) {
        this(
                evaluations,
                wrongEvery,
                () -> Assessment.Unscored.of(UnscoredReason.EVALUATOR_FAILURE, "wrong on purpose"));
    }

    /** Creates an evaluator that gives other wrong results, or throws instead. */
    SometimesWrongEvaluator(AtomicLong evaluations, long wrongEvery, Supplier<Assessment> wrong) {
        this.evaluations = evaluations;
        this.wrongEvery = wrongEvery;
        this.wrong = wrong;
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        if (closed) {
            throw new IllegalStateException("SometimesWrongEvaluator is closed");
        }
        if (exchange.hasBlankResponse()) {
            return Assessment.Unscored.of(UnscoredReason.EMPTY_RESPONSE, "response must have text, but was blank");
        }
        if (evaluations.incrementAndGet() % Math.max(1, wrongEvery) == 0 && wrongEvery > 0) {
            return wrong.get();
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
        return "sometimes-wrong/1";
    }

    @Override
    public Provenance provenance() {
        return Provenance.builder("sometimes-wrong", "1").build();
    }

    @Override
    public void close() {
        closed = true;
    }
}
