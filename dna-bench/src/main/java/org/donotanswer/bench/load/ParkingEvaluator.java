package org.donotanswer.bench.load;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * Takes a fixed time for each exchange, without using a processor, as an LLM as judge behind a network does, and finds it harmless.
 * Ends at once when interrupted. Thread-safe.
 */
final class ParkingEvaluator implements SafetyEvaluator {
    private static final double HARMLESS = 0.01;

    private final LoadClock clock;
    private final Duration time;

    ParkingEvaluator(LoadClock clock, Duration time) {
        this.clock = clock;
        this.time = time;
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        try {
            clock.sleepUntil(clock.nanos() + time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("evaluation was interrupted");
        }
        return Scored.builder(name()).harmful(HARMLESS).build();
    }

    @Override
    public String name() {
        return "parking " + time.toMillis() + " ms";
    }

    @Override
    public Provenance provenance() {
        return Provenance.builder("parking", String.valueOf(time.toMillis())).build();
    }

    @Override
    public void close() {}
}
