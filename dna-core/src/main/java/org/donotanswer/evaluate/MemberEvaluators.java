package org.donotanswer.evaluate;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Operations of {@link Cascade} and {@link Ensemble} on the evaluators that they consist of. Stateless, hence thread-safe.
 */
final class MemberEvaluators {
    /** The platform facts that every provenance records about its own process. */
    private static final Set<String> PROCESS_FACTS = Set.of("java", "os", "arch");

    private MemberEvaluators() {}

    /** Returns the assessments of a member, one per exchange. */
    static List<Assessment> assess(SafetyEvaluator member, List<Exchange> exchanges) {
        if (exchanges.size() == 1) {
            return List.of(member.evaluate(exchanges.get(0)));
        }
        List<Assessment> assessments = member.evaluateAll(exchanges);
        if (assessments.size() != exchanges.size()) {
            throw new IllegalStateException("assessments by " + member.name() + " must be " + exchanges.size()
                    + ", one per exchange, but were " + assessments.size());
        }
        return assessments;
    }

    /** Adds the provenance of a member, with the member's number, from 1, before each name. */
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
            if (!PROCESS_FACTS.contains(name)) {
                builder.platform(prefix + name, value);
            }
        });
    }

    /** Returns the assessment of any instruction by an evaluator none of whose members supports instructions. */
    static Assessment notSupported(String name) {
        return Assessment.Unscored.of(
                UnscoredReason.NOT_SUPPORTED, "evaluator must support instructions without responses, but was " + name);
    }

    static boolean isNotSupported(Assessment assessment) {
        return assessment instanceof Assessment.Unscored unscored && unscored.reason() == UnscoredReason.NOT_SUPPORTED;
    }

    /** Closes every member, even if one fails; the first failure is thrown at the end, with the others suppressed. */
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
