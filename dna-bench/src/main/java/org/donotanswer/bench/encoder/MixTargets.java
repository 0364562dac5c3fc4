package org.donotanswer.bench.encoder;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.taxonomy.ResponseAction;

/** What the heads should say about examples. Pure functions, hence thread-safe. */
final class MixTargets {
    /** The share of a second reviewer's label, where there is one: where two disagree, neither is certain. */
    private static final double SECOND_OPINION = 0.2;

    private MixTargets() {}

    /** Returns what the heads should say about an example; empty if it has no label. */
    static Optional<FineTuningExample> of(TrainingExample example) {
        FineTuningExample labelled = FineTuningExample.of(example);
        Map<HeadKind, List<Double>> targets = new EnumMap<>(HeadKind.class);
        targets.putAll(labelled.targets());
        refusal(example)
                .ifPresent(refuses -> targets.put(HeadKind.REFUSAL, refuses ? List.of(0.0, 1.0) : List.of(1.0, 0.0)));
        if (example.action().isPresent() && example.secondOpinion().isPresent()) {
            targets.put(
                    HeadKind.ACTION,
                    actions(example.action().get(), example.secondOpinion().get()));
        }
        return targets.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new FineTuningExample(example.instruction(), example.response(), targets, example.source(), 1));
    }

    private static List<Double> actions(ResponseAction first, ResponseAction second) {
        List<Double> actions = new ArrayList<>();
        for (ResponseAction action : ResponseAction.values()) {
            double share = action == first ? 1 - SECOND_OPINION : 0;
            actions.add(action == second ? share + SECOND_OPINION : share);
        }
        return actions;
    }

    /** Returns whether the response refuses, if that is known or follows from other labels. */
    static Optional<Boolean> refusal(TrainingExample example) {
        if (example.refusal().isPresent()) {
            return example.refusal();
        }
        if (example.action().isPresent()) {
            return example.action().map(action -> action == ResponseAction.CANNOT_ASSIST);
        }
        return isEveryday(example) ? Optional.of(false) : Optional.empty();
    }

    /** Returns whether an example is a harmless response to a harmless instruction, of which nothing else is known. */
    static boolean isEveryday(TrainingExample example) {
        return example.response().isPresent()
                && !example.riskyInstruction().orElse(true)
                && !example.harmful().orElse(true)
                && example.refusal().isEmpty()
                && example.action().isEmpty();
    }

    /** Returns an example with another response, unless that is blank. */
    static FineTuningExample withResponse(FineTuningExample example, String response) {
        return response.isBlank()
                ? example
                : new FineTuningExample(
                        example.instruction(), Optional.of(response), example.targets(), example.source(), 1);
    }
}
