package org.donotanswer.evaluate;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/** Typed access to the members of a JSON object that Jackson read into a map; null counts as absent. */
final class JsonMembers {
    private final Map<String, ?> members;

    JsonMembers(Map<String, ?> members) {
        this.members = Objects.requireNonNull(members, "json");
    }

    Optional<String> text(String name) {
        return member(name, String.class, "a string");
    }

    String requiredText(String name) {
        return text(name).orElseThrow(() -> new IllegalArgumentException(name + " must be present, but was absent"));
    }

    Optional<Boolean> flag(String name) {
        return member(name, Boolean.class, "a boolean");
    }

    OptionalDouble number(String name) {
        return member(name, Number.class, "a number")
                .map(number -> OptionalDouble.of(number.doubleValue()))
                .orElse(OptionalDouble.empty());
    }

    OptionalLong integer(String name) {
        Optional<Number> number = member(name, Number.class, "an integer");
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!(number.get() instanceof Integer || number.get() instanceof Long)) {
            throw new IllegalArgumentException(name + " must be an integer, but was " + number.get());
        }
        return OptionalLong.of(number.get().longValue());
    }

    /** Returns a member that is an object whose values are of one type; empty if it is absent. */
    <V> Map<String, V> object(String name, Class<V> type, String description) {
        Map<?, ?> object = member(name, Map.class, "an object").orElse(Map.of());
        Map<String, V> result = new LinkedHashMap<>();
        object.forEach((key, value) ->
                result.put(String.valueOf(key), cast(name + "." + key, value, type, "be " + description)));
        return result;
    }

    /** Returns a member that is a distribution; {@code fromLabel} parses its keys. */
    <E extends Enum<E>> Optional<Distribution<E>> distribution(
            String name, Class<E> type, Function<String, E> fromLabel) {
        if (members.get(name) == null) {
            return Optional.empty();
        }
        EnumMap<E, Double> probabilities = new EnumMap<>(type);
        object(name, Number.class, "a number")
                .forEach((label, number) -> probabilities.put(fromLabel.apply(label), number.doubleValue()));
        return Optional.of(new Distribution<>(probabilities));
    }

    private <V> Optional<V> member(String name, Class<V> type, String description) {
        Object value = members.get(name);
        return value == null ? Optional.empty() : Optional.of(cast(name, value, type, "be " + description));
    }

    private static <V> V cast(String name, Object value, Class<V> type, String requirement) {
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(name + " must " + requirement + ", but was " + value);
        }
        return type.cast(value);
    }

    /** Returns the JSON form of a distribution: probabilities by constant name, in the order of the constants. */
    static Map<String, Double> of(Distribution<?> distribution) {
        Map<String, Double> object = new LinkedHashMap<>();
        distribution.probabilities().forEach((constant, probability) -> object.put(constant.name(), probability));
        return Collections.unmodifiableMap(object);
    }
}
