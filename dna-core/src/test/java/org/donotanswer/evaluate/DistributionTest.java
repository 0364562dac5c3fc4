package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private enum Fruit {
        APPLE,
        PEAR,
        PLUM
    }

    private static EnumMap<Fruit, Double> map(double apple, double pear, double plum) {
        return new EnumMap<>(Map.of(Fruit.APPLE, apple, Fruit.PEAR, pear, Fruit.PLUM, plum));
    }

    @Test
    void probabilities_areCopiedAndUnmodifiable() {
        EnumMap<Fruit, Double> map = map(0.5, 0.25, 0.25);
        Distribution<Fruit> distribution = new Distribution<>(map);
        map.put(Fruit.APPLE, 7.0);

        assertThat(distribution.probability(Fruit.APPLE)).isEqualTo(0.5);
        assertThat(distribution.probabilities().keySet()).containsExactly(Fruit.values());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> distribution.probabilities().put(Fruit.APPLE, 1.0));
    }

    @Test
    void mostLikely_tie_isFirstConstant() {
        assertThat(new Distribution<>(map(0.2, 0.4, 0.4)).mostLikely()).isEqualTo(Fruit.PEAR);
        assertThat(new Distribution<>(map(0.2, 0.3, 0.5)).mostLikely()).isEqualTo(Fruit.PLUM);
    }

    @Test
    void certain_givesAllToOne() {
        assertThat(Distribution.certain(Fruit.PLUM)).isEqualTo(new Distribution<>(map(0, 0, 1)));
    }

    @Test
    void constructor_wrongProbabilities_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distribution<>(map(0.5, 0.25, 0.125)))
                .withMessage("sum of probabilities must be 1, but was 0.875");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distribution<>(map(1.5, -0.5, 0)))
                .withMessage("probability of APPLE must be in [0, 1], but was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distribution<>(map(0, Double.NaN, 1)))
                .withMessage("probability of PEAR must be in [0, 1], but was NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distribution<>(Map.of(Fruit.APPLE, 1.0)))
                .withMessage("probabilities must cover every constant, but were without PEAR");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Distribution<>(Map.<Fruit, Double>of()))
                .withMessage("probabilities must cover every constant, but were empty");
        assertThatNullPointerException()
                .isThrownBy(() -> new Distribution<Fruit>(null))
                .withMessage("probabilities");
    }

    @Test
    void normalized_wrongWeights_areRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Distribution.normalized(map(1, -1, 1)))
                .withMessage("weight of PEAR must be finite and at least 0, but was -1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Distribution.normalized(map(1, 1, Double.POSITIVE_INFINITY)))
                .withMessage("weight of PLUM must be finite and at least 0, but was Infinity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Distribution.normalized(map(0, 0, 0)))
                .withMessage("sum of weights must be positive and finite, but was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Distribution.normalized(map(Double.MAX_VALUE, Double.MAX_VALUE, 0)))
                .withMessage("sum of weights must be positive and finite, but was Infinity");
    }

    @Property(seed = "20261201")
    void normalized_anyWeights_areProportional(
            @ForAll @Size(3) List<@DoubleRange(min = 0.01, max = 1e6) Double> weights) {
        Distribution<Fruit> distribution = Distribution.normalized(map(weights.get(0), weights.get(1), weights.get(2)));

        assertThat(distribution.probability(Fruit.APPLE) * weights.get(1))
                .isCloseTo(distribution.probability(Fruit.PEAR) * weights.get(0), within(1e-9 * weights.get(0)));
    }

    @Test
    void json_roundTrips() throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        Distribution<Fruit> distribution = new Distribution<>(map(0.5, 0.25, 0.25));
        String json = "{\"APPLE\":0.5,\"PEAR\":0.25,\"PLUM\":0.25}";

        assertThat(mapper.writeValueAsString(distribution)).isEqualTo(json);
        assertThat(mapper.readValue(json, new TypeReference<Distribution<Fruit>>() {}))
                .isEqualTo(distribution);
    }
}
