package org.donotanswer.bench.load;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;

/** Each arrival is a response that the guard checks, while its caller waits. Thread-safe. */
final class CheckWorkload implements Workload {
    private final SafetyGuard guard;
    private final List<Exchange> exchanges;
    private final CountedEvaluator evaluator;
    private final AtomicInteger nextExchange = new AtomicInteger();
    private final AtomicInteger inGuard = new AtomicInteger();
    private final LongAccumulator notEvaluated = new LongAccumulator(Math::max, 0);

    /** Creates checks of exchanges, from the first again after the last. */
    CheckWorkload(SafetyGuard guard, CountedEvaluator evaluator, List<Exchange> exchanges) {
        this.guard = guard;
        this.evaluator = evaluator;
        this.exchanges = List.copyOf(exchanges);
    }

    @Override
    public boolean serve(int arrival, long due, LoadRecorder recorder) {
        // In closed loop, a caller brings the same arrival again and again, which must not be the same exchange.
        Exchange exchange = exchanges.get(Math.floorMod(nextExchange.getAndIncrement(), exchanges.size()));
        notEvaluated.accumulate(inGuard.incrementAndGet() - (long) evaluator.running());
        Verdict verdict = guard.check(exchange.instruction(), exchange.response());
        inGuard.decrementAndGet();
        recorder.ended(due, verdict);
        return verdict.isChecked();
    }

    /** Returns the greatest number of calls in the guard that were not being evaluated: that waited, or were being refused. */
    long maxWaiting() {
        return notEvaluated.get();
    }
}
