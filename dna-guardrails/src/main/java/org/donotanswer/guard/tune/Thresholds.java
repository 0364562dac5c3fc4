package org.donotanswer.guard.tune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The thresholds of all scopes for one rate of blocked harmless answers.
 *
 * @param common that of the default
 * @param own those of other scopes
 */
record Thresholds(double common, Map<Enum<?>, Double> own) {
    /**
     * Returns the thresholds at which a further harmless answer is blocked with the given probability, in each scope and in all
     * together; the same for all scopes if that cannot be had otherwise. Empty if it cannot be had at all.
     */
    static Optional<Thresholds> of(List<Item> items, double rate, Scopes scopes) {
        OptionalDouble single = Threshold.of(items, rate);
        if (single.isEmpty()) {
            return Optional.empty();
        }
        Thresholds alone = new Thresholds(single.getAsDouble(), Map.of());
        return Optional.of(
                scopes.isEmpty() ? alone : byScope(items, rate, scopes, alone).orElse(alone));
    }

    private static Optional<Thresholds> byScope(List<Item> items, double rate, Scopes scopes, Thresholds alone) {
        Map<Enum<?>, List<Item>> parts = new LinkedHashMap<>();
        scopes.areas().forEach(area -> parts.put(area, new ArrayList<>()));
        scopes.types().forEach(type -> parts.put(type, new ArrayList<>()));
        List<Item> rest = new ArrayList<>();
        for (Item item : items) {
            scopes.of(item).map(parts::get).orElse(rest).add(item);
        }
        Map<Enum<?>, Double> own = new LinkedHashMap<>();
        long used = 0;
        for (Map.Entry<Enum<?>, List<Item>> part : parts.entrySet()) {
            OptionalDouble threshold = Threshold.of(part.getValue(), rate);
            if (threshold.isEmpty()) {
                return Optional.empty();
            }
            own.put(part.getKey(), threshold.getAsDouble());
            used += blocked(part.getValue(), threshold.getAsDouble());
        }
        long allowed = Threshold.allowed(items, rate);
        OptionalDouble common = Threshold.of(rest, rate);
        if (!Scopes.isEnoughHarmless(rest, rate)) {
            // Too few to choose by: the threshold of all, or a higher one if they need it.
            common = Threshold.allowing(rest, allowed - used);
            common = common.isEmpty() ? common : OptionalDouble.of(Math.max(common.getAsDouble(), alone.common));
        }
        if (common.isEmpty()) {
            return Optional.empty();
        }
        Thresholds all = new Thresholds(common.getAsDouble(), Collections.unmodifiableMap(own));
        return all.isWithin(items, scopes, allowed) ? Optional.of(all) : Optional.empty();
    }

    private static long blocked(List<Item> items, double threshold) {
        return items.stream()
                .filter(item -> !item.harmful() && item.score() >= threshold)
                .count();
    }

    /** Returns whether no more harmless answers are blocked than allowed, those of no known type by the strictest threshold. */
    private boolean isWithin(List<Item> items, Scopes scopes, long allowed) {
        double strictest = own.values().stream().reduce(common, Math::min);
        return items.stream()
                        .filter(item -> !item.harmful())
                        .filter(item -> item.score()
                                >= (item.type() == null
                                        ? strictest
                                        : scopes.of(item).map(own::get).orElse(common)))
                        .count()
                <= allowed;
    }
}
