package org.donotanswer.bench.quality;

import com.google.common.math.Quantiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.bench.speed.EvaluatorSpeed;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * The speed and size of the model in the jar. Immutable, hence thread-safe.
 *
 * @param speed of one thread
 * @param createMillis the median time to create an evaluator, in milliseconds; the first one of a JVM takes longer, as its
 *     classes are loaded
 * @param modelBytes the size of each part of the model in its file, by the part's name
 */
public record SpeedFigures(EvaluatorSpeed speed, double createMillis, Map<String, Integer> modelBytes) {
    private static final int CREATIONS = 5;

    /** Copies the map. */
    public SpeedFigures {
        modelBytes = new LinkedHashMap<>(modelBytes);
    }

    /**
     * Measures the model in the jar.
     *
     * @param seconds how long the speed is measured, after half as long a warm-up
     * @throws IOException if the model cannot be read
     */
    public static SpeedFigures measure(List<Exchange> exchanges, double seconds) throws IOException {
        Duration measured = Duration.ofNanos((long) (seconds * 1e9));
        try (SafetyEvaluator evaluator = SafetyEvaluator.create("embedded")) {
            EvaluatorSpeed speed = EvaluatorSpeed.measure(evaluator, exchanges, measured.dividedBy(2), measured);
            return new SpeedFigures(
                    speed, medianCreateMillis(), EmbeddedModel.shipped().partBytes());
        }
    }

    private static double medianCreateMillis() throws IOException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < CREATIONS; i++) {
            long start = System.nanoTime();
            SafetyEvaluator.create("embedded").close();
            millis.add((System.nanoTime() - start) / 1e6);
        }
        return Quantiles.median().compute(millis);
    }
}
