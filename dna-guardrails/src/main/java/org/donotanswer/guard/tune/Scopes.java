package org.donotanswer.guard.tune;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/**
 * The scopes that have thresholds of their own beside the default.
 *
 * @param areas the risk areas, of which each decides about what no type of its own does
 * @param types the harm types
 */
record Scopes(Set<RiskArea> areas, Set<HarmType> types) {
    /** The default alone. */
    static final Scopes NONE = new Scopes(Set.of(), Set.of());

    /**
     * How many further harmless answers like its own a scope would have to block at the rate. With fewer the threshold would
     * hang on one or two answers, and be another with others.
     */
    static final int ENOUGH_BLOCKED = 5;
    /** How many harmful answers a scope needs: with fewer its recall is not known to 20 points either way. */
    static final int ENOUGH_HARMFUL = 20;

    /** Returns the scopes of which there is data enough. */
    static Scopes of(List<Item> items, double rate, Granularity granularity) {
        Scopes scopes = new Scopes(EnumSet.noneOf(RiskArea.class), EnumSet.noneOf(HarmType.class));
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

    private static boolean isIn(RiskArea area, Item item) {
        return item.type() != null && item.type().riskArea() == area;
    }

    private static boolean isEnough(List<Item> items, double rate, Predicate<Item> scope) {
        List<Item> own = items.stream().filter(scope).toList();
        long harmful = own.stream().filter(Item::harmful).count();
        return harmful >= ENOUGH_HARMFUL
                && isEnoughHarmless(own, rate)
                && Threshold.of(own, rate).isPresent();
    }

    /** Returns whether there are harmless answers enough. */
    static boolean isEnoughHarmless(List<Item> items, double rate) {
        int harmless = (int) items.stream().filter(item -> !item.harmful()).count();
        return Threshold.rank(harmless, rate) >= ENOUGH_BLOCKED;
    }

    boolean isEmpty() {
        return areas.isEmpty() && types.isEmpty();
    }

    /** Returns the nearest scope of an answer; empty if that is the default, or its type is not known. */
    Optional<Enum<?>> of(Item item) {
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
