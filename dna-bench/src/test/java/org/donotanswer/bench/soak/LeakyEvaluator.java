package org.donotanswer.bench.soak;

import java.util.concurrent.atomic.AtomicLong;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;

/** The embedded evaluator, but with a wrong result now and then, or something that it keeps after it was closed. Thread-safe. */
public final class LeakyEvaluator implements SafetyEvaluator {
    private final SafetyEvaluator embedded = SafetyEvaluator.create("embedded");
    private final AtomicLong evaluations;
    private final long wrongEvery;

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
        Assessment right = embedded.evaluate(exchange);
        boolean wrong = wrongEvery > 0 && evaluations.incrementAndGet() % wrongEvery == 0;
        return wrong ? Assessment.Unscored.of(UnscoredReason.EVALUATOR_FAILURE, "wrong on purpose") : right;
    }

    @Override
    public Assessment evaluateInstruction(String instruction) {
        return embedded.evaluateInstruction(instruction);
    }

    @Override
    public boolean isNonBlocking() {
        return true;
    }

    @Override
    public String name() {
        return embedded.name();
    }

    @Override
    public Provenance provenance() {
        return embedded.provenance();
    }

    @Override
    public void close() {
        embedded.close();
    }
}
