package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.donotanswer.evaluate.ScoredBuilder;

/**
 * A head that says how probable one event is: harm, a risky instruction, or a refusal. Immutable, hence thread-safe.
 *
 * <p>With a sigmoid for each output, the probability is the greatest of the outputs that stand for the event; those
 * that stand for its absence are not counted. With a softmax, it is the sum of the outputs that stand for the event, out
 * of those that stand for it or for its absence; where no output is left out, that is one minus the sum of the others. A
 * single output is a sigmoid; if it stands for the absence, the probability is one minus that.
 *
 * @param roles what each output stands for; at least one for the event, and with a softmax at least one for its absence
 * @param names the names of the outputs, for descriptions
 * @param independent whether each output has its own sigmoid
 * @param assumed whether some of the roles follow from the names of other outputs only
 */
record EventHead(List<Role> roles, List<String> names, boolean independent, boolean assumed) implements HeadRule {
    /** What an output stands for. */
    enum Role {
        EVENT,
        ABSENCE,
        LEFT_OUT
    }

    /** The number of names that a description lists. */
    private static final int MAX_NAMES = 32;

    EventHead {
        roles = List.copyOf(roles);
        names = List.copyOf(names);
    }

    @Override
    public void score(HeadKind kind, ScoredBuilder assessment, List<WindowLogits> windows) {
        switch (kind) {
            case HARMFUL -> assessment.harmful(worst(windows));
            case INSTRUCTION_RISK -> assessment.instructionRisk(worst(windows));
            case REFUSAL -> assessment.refusal(mean(windows));
            default -> throw new IllegalStateException("kind of the head must be an event, but was " + kind);
        }
    }

    /** Returns the greatest probability of the windows. */
    double worst(List<WindowLogits> windows) {
        double worst = 0;
        for (WindowLogits window : windows) {
            worst = Math.max(worst, probability(window.logits()));
        }
        return worst;
    }

    /** Returns the mean of the windows' probabilities, weighted by their tokens. */
    private double mean(List<WindowLogits> windows) {
        double sum = 0;
        long tokens = 0;
        for (WindowLogits window : windows) {
            sum += window.tokens() * probability(window.logits());
            tokens += window.tokens();
        }
        return Math.min(1, sum / tokens);
    }

    /** Returns the probability of the event. */
    double probability(float[] logits) {
        if (logits.length == 1) {
            return Sigmoids.sigmoid(roles.get(0) == Role.EVENT ? logits[0] : -(double) logits[0]);
        }
        if (independent) {
            double greatest = 0;
            for (int i = 0; i < logits.length; i++) {
                if (roles.get(i) == Role.EVENT) {
                    greatest = Math.max(greatest, Sigmoids.sigmoid(logits[i]));
                }
            }
            return greatest;
        }
        return Sigmoids.sigmoid(logSumOfExponentials(logits, Role.EVENT) - logSumOfExponentials(logits, Role.ABSENCE));
    }

    /** Returns the logarithm of the sum of the exponentials of the logits with a role, without overflow. */
    private double logSumOfExponentials(float[] logits, Role role) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.length; i++) {
            if (roles.get(i) == role) {
                greatest = Math.max(greatest, logits[i]);
            }
        }
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            if (roles.get(i) == role) {
                sum += Math.exp(logits[i] - greatest);
            }
        }
        return greatest + Math.log(sum);
    }

    @Override
    public String describe() {
        String event = named(role -> role == Role.EVENT, independent ? ", " : " + ");
        if (roles.size() == 1) {
            return roles.get(0) == Role.EVENT ? "sigmoid of " + event : "1 - sigmoid of " + names.get(0);
        }
        if (independent) {
            String rest = named(role -> role != Role.EVENT, ", ");
            return (event.contains(", ") ? "greatest sigmoid of " : "sigmoid of ")
                    + event
                    + (rest.isEmpty() ? "" : "; not counted: " + rest);
        }
        String leftOut = named(role -> role == Role.LEFT_OUT, ", ");
        return "softmax of " + event + " against " + named(role -> role == Role.ABSENCE, " + ")
                + (leftOut.isEmpty() ? "" : "; left out: " + leftOut);
    }

    private String named(Predicate<Role> wanted, String separator) {
        List<String> found = new ArrayList<>(IntStream.range(0, roles.size())
                .filter(i -> wanted.test(roles.get(i)))
                .mapToObj(names::get)
                .toList());
        int more = found.size() - MAX_NAMES;
        if (more > 0) {
            found.subList(MAX_NAMES, found.size()).clear();
            found.add(more + " more");
        }
        return String.join(separator, found);
    }
}
