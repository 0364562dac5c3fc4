package org.donotanswer.classifier.finetune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.classifier.embedded.training.SoftLabels;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.Exchange;

/**
 * An exchange, or an instruction alone, with what each head should say about it. Immutable, hence thread-safe.
 *
 * @param instruction the user's text; empty if only the response is known
 * @param response the LLM's text; empty if only the instruction is known
 * @param targets by head, the probability of each of its {@linkplain HeadKind#labels labels}, in their order, which sum to
 *     1: a label by a person is a 1 among zeros, and soft labels are what another evaluator says. Heads that are absent are
 *     not trained on this example.
 * @param source the data set that the labels come from; empty if unknown
 * @param weight the weight of the example relative to others, above 0
 */
public record FineTuningExample(
        String instruction,
        Optional<String> response,
        Map<HeadKind, List<Double>> targets,
        String source,
        double weight) {
    private static final double TOLERANCE = 1e-6;
    private static final double MAX_WEIGHT = 1_000;

    /**
     * Checks the targets and the weight.
     *
     * @throws IllegalArgumentException if a target has another number of labels than its head, is not a distribution, or the
     *     weight is out of range
     */
    public FineTuningExample {
        Objects.requireNonNull(instruction, "instruction");
        Objects.requireNonNull(response, "response");
        Objects.requireNonNull(source, "source");
        Map<HeadKind, List<Double>> copy = new EnumMap<>(HeadKind.class);
        targets.forEach((head, target) -> copy.put(head, checked(head, target)));
        targets = Collections.unmodifiableMap(copy);
        if (!(weight > 0 && weight <= MAX_WEIGHT)) {
            throw new IllegalArgumentException(
                    "weight must be above 0 and at most " + MAX_WEIGHT + ", but was " + weight);
        }
    }

    private static List<Double> checked(HeadKind head, List<Double> target) {
        if (target.size() != head.labels().size()) {
            throw new IllegalArgumentException("number of labels of the head " + head + " must be "
                    + head.labels().size() + ", but was " + target.size());
        }
        double sum = 0;
        for (double probability : target) {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException(
                        "target of the head " + head + " must be in [0, 1], but was " + probability);
            }
            sum += probability;
        }
        if (Math.abs(sum - 1) > TOLERANCE) {
            throw new IllegalArgumentException("targets of the head " + head + " must sum to 1, but did to " + sum);
        }
        return List.copyOf(target);
    }

    /** Returns an example with the labels of another, soft ones where it has them. Those that it lacks have no targets. */
    public static FineTuningExample of(TrainingExample example) {
        SoftLabels soft = example.softLabels();
        Map<HeadKind, List<Double>> targets = new EnumMap<>(HeadKind.class);
        putEvent(targets, HeadKind.HARMFUL, example.harmful(), soft.harmful());
        putEvent(targets, HeadKind.REFUSAL, example.refusal(), soft.refusal());
        putEvent(targets, HeadKind.INSTRUCTION_RISK, example.riskyInstruction(), soft.instructionRisk());
        soft.actions()
                .or(() -> example.action().map(Distribution::certain))
                .ifPresent(distribution -> targets.put(HeadKind.ACTION, target(distribution)));
        soft.harmTypes()
                .or(() -> example.harmType().map(Distribution::certain))
                .ifPresent(distribution -> targets.put(HeadKind.HARM_TYPE, target(distribution)));
        return new FineTuningExample(
                example.instruction(), example.response(), targets, example.source(), example.weight());
    }

    /**
     * Returns an example whose targets are what an evaluator said of an exchange: Hinton, Vinyals, Dean, "Distilling the
     * Knowledge in a Neural Network", arXiv 1503.02531, section 2. Heads that the assessment lacks have no targets; the type
     * of harm has none unless the assessment {@linkplain Assessment.Scored#isAboutHarm() is about harm}.
     *
     * @param source the data set that the exchange comes from; empty if unknown
     */
    public static FineTuningExample of(Exchange exchange, Assessment.Scored assessment, String source) {
        TrainingExample.Builder example =
                TrainingExample.builder(exchange.instruction()).source(source);
        if (!exchange.hasBlankResponse()) {
            example.response(exchange.response());
        }
        return of(SoftLabels.of(assessment).applyTo(example.build(), 1));
    }

    /**
     * Returns an example whose targets are mixed from those of two examples of the same exchange. A target that only one of
     * them has stays as it is. Source and weight are those of the first.
     *
     * @param hard the example with labels
     * @param soft the example with the targets of a teacher
     * @param share the share of the teacher where both have a target, in [0, 1]
     * @throws IllegalArgumentException if the share is out of range, or the examples are of different exchanges
     */
    public static FineTuningExample mixed(FineTuningExample hard, FineTuningExample soft, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be in [0, 1], but was " + share);
        }
        if (!hard.instruction.equals(soft.instruction) || !hard.response.equals(soft.response)) {
            throw new IllegalArgumentException(
                    "examples must be of the same exchange, but were " + hard + " and " + soft);
        }
        Map<HeadKind, List<Double>> targets = new EnumMap<>(HeadKind.class);
        targets.putAll(hard.targets);
        soft.targets.forEach((head, target) -> targets.merge(head, target, (ofHard, ofSoft) -> {
            List<Double> mixed = new ArrayList<>();
            for (int label = 0; label < ofHard.size(); label++) {
                mixed.add((1 - share) * ofHard.get(label) + share * ofSoft.get(label));
            }
            return mixed;
        }));
        return new FineTuningExample(hard.instruction, hard.response, targets, hard.source, hard.weight);
    }

    private static void putEvent(
            Map<HeadKind, List<Double>> targets, HeadKind head, Optional<Boolean> label, OptionalDouble soft) {
        if (label.isPresent()) {
            double probability = soft.orElse(label.get() ? 1 : 0);
            targets.put(head, List.of(1 - probability, probability));
        }
    }

    /** Returns the probabilities in the order of the constants, which is that of the head's labels. */
    private static List<Double> target(Distribution<?> distribution) {
        return List.copyOf(distribution.probabilities().values());
    }

    /** Returns whether the example has a target for a head. */
    boolean has(HeadKind head) {
        return targets.containsKey(head);
    }

    /** Returns an example without the targets of some heads. */
    FineTuningExample without(HeadKind... heads) {
        Map<HeadKind, List<Double>> left = new EnumMap<>(HeadKind.class);
        left.putAll(targets);
        left.keySet().removeAll(List.of(heads));
        return new FineTuningExample(instruction, response, left, source, weight);
    }

    /** Returns the lengths of the texts in chars and the heads, but not the texts, which may be private. */
    @Override
    public String toString() {
        return "FineTuningExample[instruction=" + instruction.length() + " chars, response="
                + response.map(text -> text.length() + " chars").orElse("none") + ", heads=" + targets.keySet()
                + ", source=" + source + ", weight=" + weight + "]";
    }
}
