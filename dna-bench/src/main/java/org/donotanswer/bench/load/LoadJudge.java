package org.donotanswer.bench.load;

import java.time.Duration;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * The judge of a guard under load. Immutable, hence thread-safe.
 *
 * @param name the name of an evaluator on the class path, or {@code slow:MILLIS} for one that takes so long, at most 1,000
 *     milliseconds, without using a processor
 */
public record LoadJudge(String name) {
    /** What the name of a slow judge starts with. */
    public static final String SLOW = "slow:";

    /** The time of a benchmark grows with that of the judge. */
    private static final int MAX_MILLIS = 1_000;

    /**
     * Checks the name of a slow judge; those of others are checked when they are created.
     *
     * @throws IllegalArgumentException if the time of a slow judge is not 1 to 1,000 milliseconds
     */
    public LoadJudge {
        if (name.startsWith(SLOW) && !name.matches(SLOW + "([1-9]\\d{0,2}|" + MAX_MILLIS + ")")) {
            throw new IllegalArgumentException(
                    "judge must be slow:MILLIS with 1 to " + MAX_MILLIS + " milliseconds, but was " + name);
        }
    }

    /** Returns a new evaluator, which the caller closes. */
    SafetyEvaluator create() {
        return name.startsWith(SLOW)
                ? new ParkingEvaluator(
                        LoadClock.system(), Duration.ofMillis(Integer.parseInt(name.substring(SLOW.length()))))
                : SafetyEvaluator.create(name);
    }
}
