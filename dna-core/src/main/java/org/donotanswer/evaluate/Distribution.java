package org.donotanswer.evaluate;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * A probability for every constant of an enum. Immutable, hence thread-safe.
 *
 * <p>Its JSON form is an object with the names of the constants as keys, in the order of the constants.
 *
 * @param <E> the enum
 * @param probabilities one probability in [0, 1] for each constant, which add up to 1 within {@value #TOLERANCE};
 *     unmodifiable, in the order of the constants
 */
public record Distribution<E extends Enum<E>>(Map<E, Double> probabilities) {
    /** The maximum deviation of the sum of the probabilities from 1. */
    public static final double TOLERANCE = 1e-6;

    /**
     * Copies and checks the probabilities.
     *
     * @throws IllegalArgumentException if a constant is missing, a probability is not in [0, 1], or their sum is not 1
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Distribution {
        EnumMap<E, Double> copy = copyOf(probabilities);
        double sum = 0;
        for (Map.Entry<E, Double> entry : copy.entrySet()) {
            sum += Probabilities.check("probability of " + entry.getKey(), entry.getValue());
        }
        if (Math.abs(sum - 1) > TOLERANCE) {
            throw new IllegalArgumentException("sum of probabilities must be 1, but was " + sum);
        }
        probabilities = Collections.unmodifiableMap(copy);
    }

    /** Returns the distribution that gives the whole probability to one constant. */
    public static <E extends Enum<E>> Distribution<E> certain(E constant) {
        EnumMap<E, Double> probabilities = new EnumMap<>(constant.getDeclaringClass());
        for (E each : constant.getDeclaringClass().getEnumConstants()) {
            probabilities.put(each, each == constant ? 1.0 : 0.0);
        }
        return new Distribution<>(probabilities);
    }

    /**
     * Returns the distribution proportional to the given weights.
     *
     * @param weights a finite weight of at least 0 for each constant, not all 0
     * @throws IllegalArgumentException if a constant is missing, a weight is negative or not finite, or all are 0
     */
    public static <E extends Enum<E>> Distribution<E> normalized(Map<E, Double> weights) {
        EnumMap<E, Double> copy = copyOf(weights);
        double sum = 0;
        for (Map.Entry<E, Double> entry : copy.entrySet()) {
            double weight = entry.getValue();
            if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "weight of " + entry.getKey() + " must be finite and at least 0, but was " + weight);
            }
            sum += weight;
        }
        if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("sum of weights must be positive and finite, but was " + sum);
        }
        double total = sum;
        copy.replaceAll((constant, weight) -> weight / total);
        return new Distribution<>(copy);
    }

    private static <E extends Enum<E>> EnumMap<E, Double> copyOf(Map<E, Double> values) {
        Objects.requireNonNull(values, "probabilities");
        if (values.isEmpty()) {
            throw new IllegalArgumentException("probabilities must cover every constant, but were empty");
        }
        EnumMap<E, Double> copy = new EnumMap<>(values);
        for (E constant : copy.keySet().iterator().next().getDeclaringClass().getEnumConstants()) {
            if (copy.get(constant) == null) {
                throw new IllegalArgumentException(
                        "probabilities must cover every constant, but were without " + constant);
            }
        }
        return copy;
    }

    /** Returns the probabilities; unmodifiable, in the order of the constants. */
    @Override
    @JsonValue
    public Map<E, Double> probabilities() {
        return probabilities;
    }

    /** Returns the probability of a constant, in [0, 1]. */
    public double probability(E constant) {
        return Objects.requireNonNull(probabilities.get(Objects.requireNonNull(constant, "constant")));
    }

    /**
     * Returns the constant with the highest probability; if there are several, the first in the order of the constants.
     */
    public E mostLikely() {
        Map.Entry<E, Double> best = null;
        for (Map.Entry<E, Double> entry : probabilities.entrySet()) {
            if (best == null || entry.getValue() > best.getValue()) {
                best = entry;
            }
        }
        return Objects.requireNonNull(best).getKey();
    }
}
