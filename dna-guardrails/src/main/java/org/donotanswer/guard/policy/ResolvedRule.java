package org.donotanswer.guard.policy;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rule of one scope including what it inherits; its {@link ThresholdBand} applies the thresholds. Immutable, hence
 * thread-safe.
 *
 * @param band the thresholds of the probability of harm
 * @param actions the rules on actions
 */
record ResolvedRule(ThresholdBand band, ActionRules actions) {
    /** A rule and the name of the scope that it was set for. */
    record Scope(String name, Rule rule) {}

    /**
     * Returns the combination of the rules of a scope and of the wider ones around it.
     *
     * @param scopes from the nearest to the widest, which has a block threshold
     * @throws IllegalArgumentException if a rule contradicts wider ones
     */
    static ResolvedRule inherit(List<Scope> scopes) {
        ReportedThreshold block = nearest(scopes, Rule::block);
        ReportedThreshold review = nearest(scopes, Rule::review);
        String name = scopes.get(0).name();
        if (review != null && review.scope().equals(name) && review.value() > block.value()) {
            throw new IllegalArgumentException("review of " + name + " must be at most block, but was " + review.value()
                    + " and " + block.value() + " (block of " + block.scope() + ")");
        }
        ActionRules actions =
                ActionRules.inherit(scopes.stream().map(Scope::rule).toList());
        if (actions.isContradictory()) {
            throw new IllegalArgumentException("rules of " + name
                    + " must allow a required action, but forbid all of them (with the rules inherited from "
                    + String.join(", ", scopes.stream().skip(1).map(Scope::name).toList()) + ")");
        }
        return new ResolvedRule(new ThresholdBand(block, review), actions);
    }

    /**
     * Returns a rule that decides like the most severe of the given rules; of equal thresholds, those of the first are
     * reported.
     */
    static ResolvedRule strictest(List<ResolvedRule> rules) {
        return new ResolvedRule(
                ThresholdBand.strictest(rules.stream().map(ResolvedRule::band).toList()),
                ActionRules.strictest(rules.stream().map(ResolvedRule::actions).toList()));
    }

    private static @Nullable ReportedThreshold nearest(List<Scope> scopes, Function<Rule, OptionalDouble> threshold) {
        for (Scope scope : scopes) {
            OptionalDouble value = threshold.apply(scope.rule());
            if (value.isPresent()) {
                return new ReportedThreshold(value.getAsDouble(), scope.name());
            }
        }
        return null;
    }
}
