package org.donotanswer.guard.tune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The thresholds of all scopes for one rate of blocked harmless responses. Immutable.
 *
 * @param common the threshold of the default scope
 * @param own the thresholds of other scopes
 */
record ScopeThresholds(double common, Map<Enum<?>, Double> own) {
    /**
     * Returns thresholds at which a further harmless response is blocked with at most the given probability, in each scope and
     * overall. Falls back to one threshold for all scopes if separate ones cannot achieve that. Empty if one cannot, either.
     */
    static Optional<ScopeThresholds> of(List<LabelledScore> items, double rate, TunedScopes scopes) {
        OptionalDouble single = ThresholdChooser.of(items, rate);
        if (single.isEmpty()) {
            return Optional.empty();
        }
        ScopeThresholds alone = new ScopeThresholds(single.getAsDouble(), Map.of());
        return Optional.of(
                scopes.isEmpty() ? alone : byScope(items, rate, scopes, alone).orElse(alone));
    }

    private static Optional<ScopeThresholds> byScope(
            List<LabelledScore> items, double rate, TunedScopes scopes, ScopeThresholds alone) {
        Map<Enum<?>, List<LabelledScore>> parts = new LinkedHashMap<>();
        scopes.areas().forEach(area -> parts.put(area, new ArrayList<>()));
        scopes.types().forEach(type -> parts.put(type, new ArrayList<>()));
        List<LabelledScore> rest = new ArrayList<>();
        for (LabelledScore item : items) {
            scopes.of(item).map(parts::get).orElse(rest).add(item);
        }
        Map<Enum<?>, Double> own = new LinkedHashMap<>();
        long used = 0;
        for (Map.Entry<Enum<?>, List<LabelledScore>> part : parts.entrySet()) {
            OptionalDouble threshold = ThresholdChooser.of(part.getValue(), rate);
            if (threshold.isEmpty()) {
                return Optional.empty();
            }
            own.put(part.getKey(), threshold.getAsDouble());
            used += blocked(part.getValue(), threshold.getAsDouble());
        }
        long allowed = ThresholdChooser.allowed(items, rate);
        OptionalDouble common = ThresholdChooser.of(rest, rate);
        if (!TunedScopes.isEnoughHarmless(rest, rate)) {
            // Too few to choose by: use the threshold of all responses, or a higher one where needed.
            common = ThresholdChooser.allowing(rest, allowed - used);
            common = common.isEmpty() ? common : OptionalDouble.of(Math.max(common.getAsDouble(), alone.common));
        }
        if (common.isEmpty()) {
            return Optional.empty();
        }
        ScopeThresholds all = new ScopeThresholds(common.getAsDouble(), Collections.unmodifiableMap(own));
        return all.isWithin(items, scopes, allowed) ? Optional.of(all) : Optional.empty();
    }

    private static long blocked(List<LabelledScore> items, double threshold) {
        return items.stream()
                .filter(item -> !item.harmful() && item.score() >= threshold)
                .count();
    }

    /**
     * Returns whether at most the allowed number of harmless responses is blocked. Where the harm type is unknown, the strictest
     * threshold applies.
     */
    private boolean isWithin(List<LabelledScore> items, TunedScopes scopes, long allowed) {
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
