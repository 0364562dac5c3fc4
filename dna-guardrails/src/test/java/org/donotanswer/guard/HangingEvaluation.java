package org.donotanswer.guard;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;

/** An evaluation that lasts until the test ends it. Thread-safe. */
public final class HangingEvaluation {
    public final CountDownLatch begun = new CountDownLatch(1);
    public final CountDownLatch end = new CountDownLatch(1);
    public final AtomicInteger interrupts = new AtomicInteger();
    private final boolean heedsInterrupts;

    private HangingEvaluation(boolean heedsInterrupts) {
        this.heedsInterrupts = heedsInterrupts;
    }

    /** Also ends when interrupted. */
    public static HangingEvaluation interruptible() {
        return new HangingEvaluation(true);
    }

    /** Ends only when the test says so. */
    public static HangingEvaluation stubborn() {
        return new HangingEvaluation(false);
    }

    public ScriptedEvaluator evaluator() {
        return ScriptedEvaluator.slow(this::evaluate);
    }

    public Assessment evaluate(Exchange exchange) {
        begun.countDown();
        while (true) {
            try {
                end.await();
                return ScriptedEvaluator.harm(0);
            } catch (InterruptedException e) {
                interrupts.incrementAndGet();
                if (heedsInterrupts) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("evaluation must end, but was interrupted", e);
                }
            }
        }
    }
}
