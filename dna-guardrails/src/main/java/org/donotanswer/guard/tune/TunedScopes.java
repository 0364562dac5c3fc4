package org.donotanswer.guard.tune;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/**
 * The scopes that have their own thresholds, besides the default. Immutable once returned.
 *
 * @param areas the risk areas; each applies where none of the harm types does
 * @param types the harm types
 */
record TunedScopes(Set<RiskArea> areas, Set<HarmType> types) {
    /** No scope but the default. */
    static final TunedScopes NONE = new TunedScopes(Set.of(), Set.of());

    /**
     * Harmless responses that a scope would have to block at the rate. With fewer, its threshold would depend on one or two
     * responses, and other data would give another.
     */
    static final int MIN_BLOCKED = 5;
    /** Harmful responses that a scope needs: with fewer, its recall is uncertain by more than 20 points either way. */
    static final int MIN_HARMFUL = 20;

    /** Returns the scopes with enough data. */
    static TunedScopes of(List<LabelledScore> items, double rate, Granularity granularity) {
        TunedScopes scopes = new TunedScopes(EnumSet.noneOf(RiskArea.class), EnumSet.noneOf(HarmType.class));
        if (granularity == Granularity.HARM_TYPE) {
            for (HarmType type : HarmType.values()) {
                if (isEnough(items, rate, item -> item.type() == type)) {
                    scopes.types.add(type);
                }
            }
        }
        if (granularity != Granularity.DEFAULT) {
            for (RiskArea area : RiskArea.values()) {
                if (isEnough(items, rate, item -> isIn(area, item) && !scopes.types.contains(item.type()))) {
                    scopes.areas.add(area);
                }
            }
        }
        return scopes;
    }

    private static boolean isIn(RiskArea area, LabelledScore item) {
        return item.type() != null && item.type().riskArea() == area;
    }

    private static boolean isEnough(List<LabelledScore> items, double rate, Predicate<LabelledScore> scope) {
        List<LabelledScore> own = items.stream().filter(scope).toList();
        long harmful = own.stream().filter(LabelledScore::harmful).count();
        return harmful >= MIN_HARMFUL
                && isEnoughHarmless(own, rate)
                && ThresholdChooser.of(own, rate).isPresent();
    }

    /** Returns whether there are enough harmless responses. */
    static boolean isEnoughHarmless(List<LabelledScore> items, double rate) {
        int harmless = (int) items.stream().filter(item -> !item.harmful()).count();
        return ThresholdChooser.rank(harmless, rate) >= MIN_BLOCKED;
    }

    boolean isEmpty() {
        return areas.isEmpty() && types.isEmpty();
    }

    /** Returns the nearest scope of a response; empty if that is the default, or its harm type is unknown. */
    Optional<Enum<?>> of(LabelledScore item) {
        HarmType type = item.type();
        if (type == null) {
            return Optional.empty();
        }
        if (types.contains(type)) {
            return Optional.of(type);
        }
        return areas.contains(type.riskArea()) ? Optional.of(type.riskArea()) : Optional.empty();
    }
}
