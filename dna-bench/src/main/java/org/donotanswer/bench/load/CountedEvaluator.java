package org.donotanswer.bench.load;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Counts the evaluations of another evaluator. Thread-safe. */
final class CountedEvaluator implements SafetyEvaluator {
    private final SafetyEvaluator evaluator;
    private final AtomicInteger running = new AtomicInteger();
    private final LongAdder begun = new LongAdder();

    CountedEvaluator(SafetyEvaluator evaluator) {
        this.evaluator = evaluator;
    }

    /** Returns how many evaluations are running. */
    int running() {
        return running.get();
    }

    /** Returns how many evaluations have begun. */
    long begun() {
        return begun.sum();
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        return count(() -> evaluator.evaluate(exchange));
    }

    @Override
    public Assessment evaluateInstruction(String instruction) {
        return count(() -> evaluator.evaluateInstruction(instruction));
    }

    private Assessment count(Supplier<Assessment> evaluation) {
        begun.increment();
        running.incrementAndGet();
        try {
            return evaluation.get();
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public boolean isNonBlocking() {
        return evaluator.isNonBlocking();
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
