package org.donotanswer.harness.analysis;

import org.donotanswer.metrics.McNemar;

/** Counts the responses that two evaluators both labelled, and those on which only one of them is right. Not thread-safe. */
final class DiscordantPairs {
    private final long[] action = new long[2];
    private final long[] harmful = new long[2];
    private long bothAction;
    private long bothHarmful;

    void add(LabelCodes reference, LabelCodes first, LabelCodes second) {
        if (reference.hasAction() && first.hasAction() && second.hasAction()) {
            bothAction++;
            add(action, first.action() == reference.action(), second.action() == reference.action());
        }
        if (reference.hasHarm() && first.hasHarm() && second.hasHarm()) {
            bothHarmful++;
            add(harmful, first.harmful() == reference.harmful(), second.harmful() == reference.harmful());
        }
    }

    private static void add(long[] onlyOneRight, boolean firstRight, boolean secondRight) {
        if (firstRight != secondRight) {
            onlyOneRight[firstRight ? 0 : 1]++;
        }
    }

    long bothAction() {
        return bothAction;
    }

    long bothHarmful() {
        return bothHarmful;
    }

    McNemar action() {
        return McNemar.of(action[0], action[1]);
    }

    McNemar harmful() {
        return McNemar.of(harmful[0], harmful[1]);
    }
}
