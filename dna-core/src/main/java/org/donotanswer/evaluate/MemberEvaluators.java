package org.donotanswer.evaluate;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What evaluators that are made of others do with these. */
final class MemberEvaluators {
    /** The facts that every provenance has of its own process. */
    private static final Set<String> HERE = Set.of("java", "os", "arch");

    private MemberEvaluators() {}

    /** Returns the assessments of a member, one per exchange. */
    static List<Assessment> assess(SafetyEvaluator member, List<Exchange> exchanges) {
        if (exchanges.size() == 1) {
            return List.of(member.evaluate(exchanges.get(0)));
        }
        List<Assessment> assessments = member.evaluateAll(exchanges);
        if (assessments.size() != exchanges.size()) {
            throw new IllegalStateException("assessments by " + member.name() + " must be " + exchanges.size()
                    + ", one per exchange, but was " + assessments.size());
        }
        return assessments;
    }

    /** Adds what a member is made of, each name after the member's number, from 1. */
    static void addTo(ProvenanceBuilder builder, int number, SafetyEvaluator member) {
        String prefix = number + ".";
        Provenance provenance = member.provenance();
        builder.parameter(prefix + "evaluator", member.name())
                .parameter(prefix + "name", provenance.name())
                .parameter(prefix + "version", provenance.version());
        provenance.seed().ifPresent(seed -> builder.parameter(prefix + "seed", Long.toString(seed)));
        provenance.data().forEach((name, checksum) -> builder.data(prefix + name, checksum));
        provenance.parameters().forEach((name, value) -> builder.parameter(prefix + "parameters." + name, value));
        provenance.platform().forEach((name, value) -> {
            if (!HERE.contains(name)) {
                builder.platform(prefix + name, value);
            }
        });
    }

    /** Returns what the evaluator of the name says of an instruction alone, if none of its members judges any. */
    static Assessment notSupported(String name) {
        return Assessment.Unscored.of(
                UnscoredReason.NOT_SUPPORTED, "evaluator must judge instructions alone, but was " + name);
    }

    static boolean isNotSupported(Assessment assessment) {
        return assessment instanceof Assessment.Unscored unscored && unscored.reason() == UnscoredReason.NOT_SUPPORTED;
    }

    /** Closes every member, even if one fails; the first failure is thrown at the end, the others suppressed in it. */
    static void close(List<SafetyEvaluator> members) {
        @Nullable RuntimeException failure = null;
        for (SafetyEvaluator member : members) {
            try {
                member.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else if (failure != e) {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
