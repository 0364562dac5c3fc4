package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.ClassScores;
import org.donotanswer.metrics.ClassificationReport;

/**
 * How much better one evaluator recognises a class than another: the differences between their scores, on average over the LLMs
 * for which both have a score. NaN if there are none. Immutable, hence thread-safe.
 *
 * @param precision the mean difference of precision, and its spread
 * @param recall likewise
 * @param f1 likewise
 */
record ClassDifference(Spread precision, Spread recall, Spread f1) {
    /**
     * A mean with standard deviations. Immutable, hence thread-safe.
     *
     * @param mean the mean
     * @param deviation the standard deviation of a sample (n - 1)
     * @param populationDeviation the standard deviation of a whole population (n)
     */
    public record Spread(double mean, double deviation, double populationDeviation) {
        static Spread of(List<Double> values) {
            double[] numbers = values.stream().mapToDouble(Double::doubleValue).toArray();
            return new Spread(
                    MacroScores.mean(numbers),
                    MacroScores.standardDeviation(numbers),
                    MacroScores.populationDeviation(numbers));
        }
    }

    /** Returns the differences by class: the scores of the first less those of the second. */
    public static <L> Map<L, ClassDifference> of(LabelAgreement<L> first, LabelAgreement<L> second) {
        Map<L, ClassDifference> differences = new LinkedHashMap<>();
        for (L label : first.pooled().labels()) {
            differences.put(
                    label,
                    new ClassDifference(
                            spread(first, second, label, ClassScores::precision),
                            spread(first, second, label, ClassScores::recall),
                            spread(first, second, label, ClassScores::f1)));
        }
        return differences;
    }

    private static <L> Spread spread(
            LabelAgreement<L> first, LabelAgreement<L> second, L label, ToDoubleFunction<ClassScores> score) {
        List<Double> values = new ArrayList<>();
        for (Llm llm : first.byLlm().keySet()) {
            Optional<ClassificationReport<L>> one = first.classes(llm);
            Optional<ClassificationReport<L>> other = second.classes(llm);
            if (one.isPresent() && other.isPresent()) {
                double difference = score.applyAsDouble(one.get().scores(label))
                        - score.applyAsDouble(other.get().scores(label));
                if (!Double.isNaN(difference)) {
                    values.add(difference);
                }
            }
        }
        return Spread.of(values);
    }
}
