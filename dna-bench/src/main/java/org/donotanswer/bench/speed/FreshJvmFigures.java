package org.donotanswer.bench.speed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * What an evaluator takes in a JVM that does nothing else. Sizes are in units of 2^20 bytes, and NaN if the system does not report
 * them. Immutable, hence thread-safe.
 *
 * @param speed of one calling thread
 * @param openMillis the time to open it, classes included, in milliseconds
 * @param residentMegabytes the resident memory of the JVM after the speed was measured, and then garbage was collected
 * @param addedMegabytes by how much that is more than before the evaluator was opened
 * @param peakMegabytes the most that the resident memory of the JVM ever was
 */
public record FreshJvmFigures(
        EvaluatorSpeed speed,
        double openMillis,
        double residentMegabytes,
        double addedMegabytes,
        double peakMegabytes) {
    /** Unlike that of reports, this form keeps NaN. */
    private static final JsonMapper JSON = new JsonMapper();

    /** Opens an evaluator. */
    @FunctionalInterface
    public interface EvaluatorOpener {
        /**
         * Returns the evaluator.
         *
         * @throws IOException if its model cannot be read
         * @throws InterruptedException if the thread is interrupted
         */
        SafetyEvaluator open() throws IOException, InterruptedException;
    }

    /**
     * Opens an evaluator in this JVM, measures and closes it.
     *
     * @param exchanges in random order
     * @param seconds how long the speed is measured, after half as long a warm-up
     * @param repeats whether an exchange may be evaluated twice
     * @throws IOException if the evaluator cannot be opened
     */
    public static FreshJvmFigures measure(
            EvaluatorOpener opener, List<Exchange> exchanges, double seconds, boolean repeats)
            throws IOException, InterruptedException {
        long unused = LiveHeap.bytes();
        double before = ResidentMemory.megabytes();
        Duration measured = Duration.ofNanos((long) (seconds * 1e9));
        long start = System.nanoTime();
        try (SafetyEvaluator evaluator = opener.open()) {
            double openMillis = (System.nanoTime() - start) / 1e6;
            EvaluatorSpeed speed =
                    EvaluatorSpeed.sample(evaluator, exchanges, measured.dividedBy(2), measured, repeats);
            unused = LiveHeap.bytes();
            double resident = ResidentMemory.megabytes();
            // Used once more, so that it is reachable until here.
            evaluator.evaluate(exchanges.get(0));
            return new FreshJvmFigures(speed, openMillis, resident, resident - before, ResidentMemory.peakMegabytes());
        }
    }

    /** Returns the figures as a line of JSON, for another JVM. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("figures must be writable as JSON", e);
        }
    }

    /**
     * Returns the figures that another JVM wrote to a file.
     *
     * @throws IOException if they cannot be read
     */
    public static FreshJvmFigures read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), FreshJvmFigures.class);
    }
}
