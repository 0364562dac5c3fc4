package org.donotanswer.bench.soak;

import static org.donotanswer.harness.io.NumberFormats.format;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a soak found. The components' names are JSON keys. Immutable, hence thread-safe.
 *
 * @param evaluators the evaluators
 * @param exchanges the number of exchanges in the pool
 * @param seed the seed
 * @param workers the number of threads of the load
 * @param seconds how long the load lasted
 * @param minutes what there was at the end of each minute, and at the end
 * @param faults how often each fault led to what
 * @param audit what became of the verdicts that were logged
 * @param memory how resident memory developed
 * @param footprintBefore the memory after the warm-up, when everything is closed
 * @param footprintAfter the memory at the end, when everything is closed
 * @param handlesBefore the number of open file descriptors after the warm-up; NaN if unknown
 * @param handlesAfter their number at the end, when everything is closed
 * @param threadsBefore the names of the live threads after the warm-up, without numbers
 * @param threadsAfter those at the end, when everything is closed
 * @param wrong the number of wrong results
 * @param wrongResults the first of them
 */
@JsonPropertyOrder({
    "evaluators",
    "exchanges",
    "seed",
    "workers",
    "seconds",
    "criteria",
    "operations",
    "faults",
    "audit",
    "memory",
    "footprintBefore",
    "footprintAfter",
    "handlesBefore",
    "handlesAfter",
    "threadsBefore",
    "threadsAfter",
    "wrong",
    "wrongResults",
    "minutes"
})
public record SoakReport(
        List<EvaluatorFigures> evaluators,
        int exchanges,
        long seed,
        int workers,
        double seconds,
        List<SoakMinute> minutes,
        Map<String, Map<String, Long>> faults,
        AuditCount audit,
        SoakMemory memory,
        SoakFootprint footprintBefore,
        SoakFootprint footprintAfter,
        double handlesBefore,
        double handlesAfter,
        List<String> threadsBefore,
        List<String> threadsAfter,
        long wrong,
        List<WrongResult> wrongResults) {
    private static final double MAX_DRIFT_PERCENT = 3;
    private static final double MIN_SECONDS = 600;
    private static final int MAX_NAMES = 10;

    /**
     * An evaluator under load. Immutable, hence thread-safe.
     *
     * @param name the name that it was chosen by
     * @param version its name, including its version
     * @param tolerance by how much a probability may differ
     * @param greatestDifference by how much one did
     */
    public record EvaluatorFigures(String name, String version, double tolerance, double greatestDifference) {}

    /** Copies lists and maps. */
    public SoakReport {
        evaluators = List.copyOf(evaluators);
        minutes = List.copyOf(minutes);
        faults = new LinkedHashMap<>(faults);
        threadsBefore = List.copyOf(threadsBefore);
        threadsAfter = List.copyOf(threadsAfter);
        wrongResults = List.copyOf(wrongResults);
    }

    /** Returns how often each operation was done. */
    @JsonProperty
    public Map<String, Long> operations() {
        return minutes.get(minutes.size() - 1).operations();
    }

    /** Returns which criteria are met. */
    @JsonProperty
    public List<SoakCriterion> criteria() {
        return List.of(
                SoakCriterion.of("no wrong results", wrong == 0, format("%,d", wrong)),
                memoryCriterion(),
                handlesCriterion(),
                threadsCriterion());
    }

    private SoakCriterion threadsCriterion() {
        List<String> added = ProcessGauge.added(threadsBefore, threadsAfter);
        String found = threadsBefore.size() + " before, " + threadsAfter.size() + " after";
        return SoakCriterion.of(
                "no other threads than before",
                added.isEmpty(),
                added.isEmpty()
                        ? found
                        : found + ", new are "
                                + String.join(", ", added.subList(0, Math.min(MAX_NAMES, added.size()))));
    }

    private SoakCriterion memoryCriterion() {
        String criterion = format("resident memory grows by at most %.0f %%", MAX_DRIFT_PERCENT);
        if (Double.isNaN(memory.driftPercent())) {
            return SoakCriterion.unknown(criterion, "this system does not report it");
        }
        String found = format(
                "%.1f %% (%.1f MB early, %.1f MB late, %+.1f MB per hour)",
                memory.driftPercent(), memory.earlyMegabytes(), memory.lateMegabytes(), memory.slopeMegabytesPerHour());
        return seconds < MIN_SECONDS
                ? SoakCriterion.unknown(criterion, found + ", but less than 10 minutes do not tell")
                : SoakCriterion.of(criterion, memory.driftPercent() <= MAX_DRIFT_PERCENT, found);
    }

    private SoakCriterion handlesCriterion() {
        String criterion = "no more open files than before";
        return Double.isNaN(handlesAfter)
                ? SoakCriterion.unknown(criterion, "this system does not report them")
                : SoakCriterion.of(
                        criterion,
                        handlesAfter <= handlesBefore,
                        format("%.0f before, %.0f after", handlesBefore, handlesAfter));
    }

    /** Returns whether no criterion is missed. */
    public boolean passed() {
        return criteria().stream().noneMatch(criterion -> criterion.result() == SoakCriterion.Result.FAIL);
    }

    /** Returns the end of the report for people. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        lines.add(format("%,.0f s, %d threads, seed %d, %,d exchanges in the pool", seconds, workers, seed, exchanges));
        for (EvaluatorFigures evaluator : evaluators) {
            lines.add(format(
                    "evaluator %s: %s; greatest difference of a probability %.1e (tolerance %.1e)",
                    evaluator.name(), evaluator.version(), evaluator.greatestDifference(), evaluator.tolerance()));
        }
        faults.forEach((fault, outcomes) ->
                outcomes.forEach((outcome, count) -> lines.add(format("%s: %,d times %s", fault, count, outcome))));
        lines.add(format(
                "audit logs: %,d verdicts, %,d written, %,d dropped as the queue was full, %,d lost as the disk was",
                audit.received(), audit.written(), audit.dropped(), audit.failed()));
        lines.add(footprintAfter.describe(footprintBefore));
        wrongResults.forEach(result -> lines.add(result.describe()));
        criteria().forEach(criterion -> lines.add(criterion.describe()));
        return lines;
    }
}
