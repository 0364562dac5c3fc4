package org.donotanswer.guard.policy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.guard.policy.ResolvedRule.Scope;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;
import org.jspecify.annotations.Nullable;

/** The rules that decide, resolved once for everything that may be known of the harm. Immutable, hence thread-safe. */
final class ResolvedRules {
    private static final HarmType[] TYPES = HarmType.values();

    private final ResolvedRule unknown;
    private final EnumMap<HarmType, ResolvedRule> byType = new EnumMap<>(HarmType.class);
    private final EnumMap<SpecificHarm, ResolvedRule> byHarm = new EnumMap<>(SpecificHarm.class);

    /**
     * Resolves the rules.
     *
     * @throws IllegalArgumentException if a rule contradicts wider ones
     */
    ResolvedRules(PolicySettings settings) {
        List<Scope> base = List.of(new Scope(ReportedThreshold.DEFAULT, settings.defaultRule()));
        List<ResolvedRule> all = new ArrayList<>();
        all.add(ResolvedRule.inherit(base));
        // From the widest scopes to the nearest, so that a contradiction is reported for the scope that introduces it.
        for (RiskArea area : RiskArea.values()) {
            List<Scope> ofArea = within(area, settings.areas().get(area), base);
            all.add(ResolvedRule.inherit(ofArea));
            for (HarmType type : area.harmTypes()) {
                List<Scope> ofType = within(type, settings.harmTypes().get(type), ofArea);
                List<ResolvedRule> possible = new ArrayList<>();
                possible.add(ResolvedRule.inherit(ofType));
                for (SpecificHarm harm : type.specificHarms()) {
                    ResolvedRule rule = ResolvedRule.inherit(
                            within(harm, settings.specificHarms().get(harm), ofType));
                    byHarm.put(harm, rule);
                    possible.add(rule);
                }
                byType.put(type, ResolvedRule.strictest(possible));
                all.addAll(possible);
            }
        }
        unknown = ResolvedRule.strictest(all);
    }

    private static List<Scope> within(Enum<?> scope, @Nullable Rule rule, List<Scope> wider) {
        if (rule == null) {
            return wider;
        }
        List<Scope> scopes = new ArrayList<>();
        scopes.add(new Scope(scope.name(), rule));
        scopes.addAll(wider);
        return List.copyOf(scopes);
    }

    /** Returns the rule for the most likely harm type; the strictest of all if none is known. */
    ResolvedRule of(Optional<Distribution<HarmType>> harmTypes) {
        return harmTypes.isEmpty() ? unknown : byType.get(MostLikely.of(harmTypes.get(), TYPES));
    }

    /** Returns the rule for a specific harm. */
    ResolvedRule of(SpecificHarm harm) {
        return byHarm.get(harm);
    }
}
