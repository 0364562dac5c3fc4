package org.donotanswer.classifier.embedded.training;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Labels that are probabilities, such as those by which another evaluator, the teacher, is distilled: Hinton, Vinyals, Dean,
 * "Distilling the Knowledge in a Neural Network", arXiv 1503.02531, section 2. A teacher's probabilities are taken as they
 * are, at a temperature of 1, as an evaluator need not have logits. Immutable, hence thread-safe.
 *
 * <p>The training of a linear model weighs an example for and against each output, which is the same as two examples with
 * the same text, opposite labels, and the weights p and 1 - p. But it stays one example for everything that counts examples
 * or texts: folds, the caps of sources, the balance of labels and rare features. There, the label without probability counts.
 *
 * @param harmful the probability that the response is harmful, in [0, 1]; empty if unknown
 * @param refusal the probability that the response is a refusal, in [0, 1]; empty if unknown
 * @param instructionRisk the probability that the instruction is risky, in [0, 1]; empty if unknown
 * @param actions the probability of each action; empty if unknown
 * @param harmTypes the probability of each type of harm; empty if unknown
 */
public record SoftLabels(
        OptionalDouble harmful,
        OptionalDouble refusal,
        OptionalDouble instructionRisk,
        Optional<Distribution<ResponseAction>> actions,
        Optional<Distribution<HarmType>> harmTypes) {
    /** No labels. */
    public static final SoftLabels NONE = new SoftLabels(
            OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty(), Optional.empty());

    /** The probability from which an event is the label of what has no other. */
    private static final double HALF = 0.5;

    /**
     * Checks the probabilities.
     *
     * @throws IllegalArgumentException if one is not in [0, 1]
     */
    public SoftLabels {
        check("harmful", harmful);
        check("refusal", refusal);
        check("instructionRisk", instructionRisk);
        Objects.requireNonNull(actions, "actions");
        Objects.requireNonNull(harmTypes, "harmTypes");
    }

    private static void check(String name, OptionalDouble probability) {
        Objects.requireNonNull(probability, name).ifPresent(p -> {
            if (!(p >= 0 && p <= 1)) {
                throw new IllegalArgumentException(name + " must be in [0, 1], but was " + p);
            }
        });
    }

    /**
     * Returns what an evaluator said. The type of harm is left out unless the assessment {@linkplain
     * Assessment.Scored#isAboutHarm() is about harm}, as it is the type <em>if</em> the instruction is risky.
     */
    public static SoftLabels of(Assessment.Scored assessment) {
        return new SoftLabels(
                assessment.harmful(),
                assessment.refusal(),
                assessment.instructionRisk(),
                assessment.actions(),
                assessment.isAboutHarm() ? assessment.harmTypes() : Optional.empty());
    }

    /**
     * Returns an example that learns from these labels: a label that it has is mixed with them, and one that it lacks is
     * theirs alone. A label that only the example has stays as it is. Labels of the response have no effect on an example
     * without one, nor a type of harm on an instruction that is labelled as harmless.
     *
     * @param share the share of these labels where the example has its own, in [0, 1]
     * @throws IllegalArgumentException if the share is out of range
     * @throws IllegalStateException if the example has soft labels
     */
    public TrainingExample applyTo(TrainingExample example, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be in [0, 1], but was " + share);
        }
        if (!example.softLabels().equals(NONE)) {
            throw new IllegalStateException("soft labels must be applied once, but were twice");
        }
        boolean hasResponse = example.response().isPresent();
        OptionalDouble ofHarm = hasResponse ? harmful : OptionalDouble.empty();
        OptionalDouble ofRefusal = hasResponse ? refusal : OptionalDouble.empty();
        Optional<Distribution<ResponseAction>> ofActions = hasResponse ? actions : Optional.empty();
        Optional<Distribution<HarmType>> ofTypes =
                example.riskyInstruction().orElse(true) ? harmTypes : Optional.empty();
        return new TrainingExample(
                example.instruction(),
                example.response(),
                example.action().or(() -> ofActions.map(Distribution::mostLikely)),
                example.harmful().or(() -> label(ofHarm)),
                example.riskyInstruction().or(() -> label(instructionRisk)),
                example.harmType().or(() -> ofTypes.map(Distribution::mostLikely)),
                example.secondOpinion(),
                example.refusal().or(() -> label(ofRefusal)),
                example.group(),
                example.source(),
                example.weight(),
                new SoftLabels(
                        mixed(example.harmful(), ofHarm, share),
                        mixed(example.refusal(), ofRefusal, share),
                        mixed(example.riskyInstruction(), instructionRisk, share),
                        ofActions.map(soft -> mixedActions(example, soft, share)),
                        ofTypes.map(soft -> mixed(example.harmType().map(Distribution::certain), soft, share))));
    }

    private static Optional<Boolean> label(OptionalDouble probability) {
        return probability.isPresent() ? Optional.of(probability.getAsDouble() >= HALF) : Optional.empty();
    }

    private static OptionalDouble mixed(Optional<Boolean> label, OptionalDouble soft, double share) {
        return label.isPresent() && soft.isPresent()
                ? OptionalDouble.of((1 - share) * (label.get() ? 1 : 0) + share * soft.getAsDouble())
                : soft;
    }

    private static Distribution<ResponseAction> mixedActions(
            TrainingExample example, Distribution<ResponseAction> soft, double share) {
        return mixed(example.action().map(action -> softened(action, example.secondOpinion())), soft, share);
    }

    /** Returns the distribution of an action that a second reviewer may have seen differently. */
    static Distribution<ResponseAction> softened(ResponseAction action, Optional<ResponseAction> secondOpinion) {
        return secondOpinion
                .map(other -> mixed(
                        Optional.of(Distribution.certain(action)),
                        Distribution.certain(other),
                        Hyperparameters.SECOND_OPINION_WEIGHT))
                .orElseGet(() -> Distribution.certain(action));
    }

    private static <E extends Enum<E>> Distribution<E> mixed(
            Optional<Distribution<E>> label, Distribution<E> soft, double share) {
        if (label.isEmpty()) {
            return soft;
        }
        Map<E, Double> mixed = new EnumMap<>(soft.probabilities());
        mixed.replaceAll((each, probability) -> (1 - share) * label.get().probability(each) + share * probability);
        return Distribution.normalized(mixed);
    }
}
