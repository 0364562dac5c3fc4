package org.donotanswer.guard.stream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;

/** Finds a response harmful if and only if it contains a marker, and counts the chars it reads. Thread-safe. */
class MarkerEvaluator implements SafetyEvaluator {
    final AtomicLong charsRead = new AtomicLong();
    final AtomicInteger evaluations = new AtomicInteger();
    private final String marker;

    MarkerEvaluator(String marker) {
        this.marker = marker;
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        charsRead.addAndGet(exchange.response().length());
        evaluations.incrementAndGet();
        if (exchange.hasBlankResponse()) {
            return Unscored.of(UnscoredReason.EMPTY_RESPONSE, "response is blank");
        }
        return Scored.builder(name())
                .harmful(exchange.response().contains(marker) ? 0.9 : 0.1)
                .build();
    }

    @Override
    public boolean isNonBlocking() {
        return true;
    }

    @Override
    public String name() {
        return "marker";
    }

    @Override
    public Provenance provenance() {
        return Provenance.builder(name(), "1").build();
    }

    @Override
    public void close() {}
}
