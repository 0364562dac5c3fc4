package org.donotanswer.guard.policy;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Rules on actions, as sets of bits, one per action by its code, so that a decision compares numbers. Immutable.
 *
 * @param accepted the actions of which the response must take one; all if none is required
 * @param forbidden the actions that the response must not take
 * @param passing the actions that pass whatever the probability of harm; none of them is forbidden
 */
record ActionRules(int accepted, int forbidden, int passing) {
    private static final int ALL = (1 << ResponseAction.values().length) - 1;

    /**
     * Returns the combination of the rules of a scope and of the wider ones around it. Whether an action is forbidden
     * or passes is up to the nearest rule that names it; requiring it counts as naming it not forbidden. The required
     * actions are those of the nearest rule that requires any.
     *
     * @param rules from the nearest to the widest
     */
    static ActionRules inherit(List<Rule> rules) {
        int accepted = 0;
        int forbidden = 0;
        int passing = 0;
        int mayBeForbidden = ALL;
        int mayPass = ALL;
        for (Rule rule : rules) {
            int requires = bits(rule.required());
            int forbids = bits(rule.forbidden());
            int passes = bits(rule.passing());
            accepted = accepted == 0 ? requires : accepted;
            forbidden |= forbids & mayBeForbidden;
            passing |= passes & mayPass;
            mayBeForbidden &= ~(requires | forbids | passes);
            mayPass &= ~(forbids | passes);
        }
        return new ActionRules(accepted == 0 ? ALL : accepted, forbidden, passing);
    }

    /** Returns rules that decide like the most severe of the given rules: an action passes if all of them pass it. */
    static ActionRules strictest(Collection<ActionRules> rules) {
        int accepted = ALL;
        int forbidden = 0;
        int passing = ALL;
        for (ActionRules each : rules) {
            accepted &= each.accepted;
            forbidden |= each.forbidden;
            passing &= each.passing;
        }
        return new ActionRules(accepted, forbidden, passing);
    }

    /** Returns whether every required action is forbidden. */
    boolean isContradictory() {
        return (accepted & ~forbidden) == 0;
    }

    /** Returns whether any action may be blocked. */
    boolean canBlock() {
        return accepted != ALL || forbidden != 0;
    }

    boolean accepts(ResponseAction action) {
        return (accepted & bit(action)) != 0;
    }

    boolean forbids(ResponseAction action) {
        return (forbidden & bit(action)) != 0;
    }

    boolean passes(ResponseAction action) {
        return (passing & bit(action)) != 0;
    }

    private static int bits(Set<ResponseAction> actions) {
        int bits = 0;
        for (ResponseAction action : actions) {
            bits |= bit(action);
        }
        return bits;
    }

    private static int bit(ResponseAction action) {
        return 1 << action.code();
    }
}
