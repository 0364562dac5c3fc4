package org.donotanswer.bench.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.donotanswer.bench.crossvalidation.Holdout;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.classifier.transformer.HeadKind;

/**
 * A division of examples into those that are trained on and those held out, with all examples of an instruction on the same
 * side. Sources and combinations of labels have about the same share on both. No label of which there is an example loses its
 * last one for training. Immutable, hence thread-safe.
 *
 * @param training in the order of the examples
 * @param heldOut in the order of the examples
 */
record ValidationSplit(List<FineTuningExample> training, List<FineTuningExample> heldOut) {
    ValidationSplit {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }

    /**
     * Returns the division.
     *
     * @param share of the examples held out, from 0 to .5
     */
    static ValidationSplit of(List<FineTuningExample> examples, double share, long seed) {
        if (share == 0) {
            return new ValidationSplit(examples, List.of());
        }
        boolean[] isHeldOut = new boolean[examples.size()];
        Map<HeadKind, long[]> left = new EnumMap<>(HeadKind.class);
        for (HeadKind head : HeadKind.values()) {
            left.put(head, HeadSelection.counts(head, examples));
        }
        double due = 0;
        for (List<Integer> group : groups(examples, new Random(seed))) {
            due += share * group.size();
            // Half of a group on either side of what is due is as near as groups allow.
            if (due >= group.size() / 2.0 && isSpared(group, examples, left)) {
                due -= group.size();
                group.forEach(index -> isHeldOut[index] = true);
                count(group, examples, left, -1);
            }
        }
        List<FineTuningExample> training = new ArrayList<>();
        List<FineTuningExample> heldOut = new ArrayList<>();
        for (int i = 0; i < isHeldOut.length; i++) {
            (isHeldOut[i] ? heldOut : training).add(examples.get(i));
        }
        return new ValidationSplit(training, heldOut);
    }

    /** Returns the indexes of the examples of each instruction: alike ones one after the other, at random among themselves. */
    private static List<List<Integer>> groups(List<FineTuningExample> examples, Random random) {
        Map<String, List<Integer>> byText = new LinkedHashMap<>();
        for (int i = 0; i < examples.size(); i++) {
            byText.computeIfAbsent(
                            key(examples.get(i).instruction(), examples.get(i).response()), key -> new ArrayList<>())
                    .add(i);
        }
        Map<String, List<List<Integer>>> byKind = new TreeMap<>();
        byText.values()
                .forEach(group -> byKind.computeIfAbsent(kind(examples.get(group.get(0))), kind -> new ArrayList<>())
                        .add(group));
        List<List<Integer>> groups = new ArrayList<>();
        for (List<List<Integer>> alike : byKind.values()) {
            Collections.shuffle(alike, random);
            // Large groups first, so that the small ones even out what they leave.
            alike.sort(Comparator.comparingInt((Collection<Integer> group) -> group.size())
                    .reversed());
            groups.addAll(alike);
        }
        return groups;
    }

    /** Returns what is equal for exchanges that belong together; a response without an instruction, for the same response. */
    static String key(String instruction, Optional<String> response) {
        return instruction.isBlank()
                ? "response " + Holdout.key(response.orElse(""))
                : "instruction " + Holdout.key(instruction);
    }

    private static String kind(FineTuningExample example) {
        StringBuilder kind = new StringBuilder(example.source());
        example.targets()
                .keySet()
                .forEach(head -> kind.append(' ').append(head).append(HeadSelection.label(example, head)));
        return kind.toString();
    }

    private static boolean isSpared(List<Integer> group, List<FineTuningExample> examples, Map<HeadKind, long[]> left) {
        count(group, examples, left, -1);
        boolean spared = group.stream().map(examples::get).allMatch(example -> example.targets().keySet().stream()
                .allMatch(head -> left.get(head)[HeadSelection.label(example, head)] > 0));
        count(group, examples, left, 1);
        return spared;
    }

    private static void count(
            List<Integer> group, List<FineTuningExample> examples, Map<HeadKind, long[]> left, int change) {
        for (int index : group) {
            FineTuningExample example = examples.get(index);
            example.targets().keySet().forEach(head -> left.get(head)[HeadSelection.label(example, head)] += change);
        }
    }
}
