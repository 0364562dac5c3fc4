package org.donotanswer.bench.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Exchange;

/**
 * The exchanges of a distillation: those that are trained on, and those held out to compare student and teacher. All exchanges
 * with the same instruction are on the same side, and labelled and unlabelled ones have about the same share on both.
 * Immutable, hence thread-safe.
 */
record DistilData(List<TrainingExample> training, List<TrainingExample> heldOut) {
    DistilData {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }

    /**
     * Divides exchanges.
     *
     * @param unlabelled further ones; those that are labelled or occur before are left out
     * @param share the share held out, in [0, 1)
     */
    static DistilData of(List<TrainingExample> labelled, List<TrainingExample> unlabelled, double share, long seed) {
        Set<Exchange> known = new LinkedHashSet<>();
        labelled.forEach(example -> known.add(TeacherLabels.exchange(example)));
        List<TrainingExample> all = Stream.concat(
                        labelled.stream(),
                        unlabelled.stream().filter(example -> known.add(TeacherLabels.exchange(example))))
                .toList();
        Map<String, List<Integer>> byText = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            byText.computeIfAbsent(key(all.get(i)), key -> new ArrayList<>()).add(i);
        }
        Map<Boolean, List<List<Integer>>> byKind = byText.values().stream()
                .collect(Collectors.partitioningBy(
                        group -> group.stream().map(all::get).anyMatch(DistilData::isLabelled)));
        Random random = new Random(seed);
        Set<Integer> chosen = new HashSet<>(chosen(byKind.getOrDefault(true, List.of()), share, random));
        chosen.addAll(chosen(byKind.getOrDefault(false, List.of()), share, random));
        return new DistilData(examples(all, chosen, false), examples(all, chosen, true));
    }

    /** Returns the numbers of about a share of the exchanges, in whole groups. */
    private static List<Integer> chosen(List<List<Integer>> groups, double share, Random random) {
        List<List<Integer>> shuffled = new ArrayList<>(groups);
        Collections.shuffle(shuffled, random);
        long wanted = Math.round(share * groups.stream().mapToInt(List::size).sum());
        List<Integer> chosen = new ArrayList<>();
        for (List<Integer> group : shuffled) {
            if (chosen.size() + group.size() <= wanted) {
                chosen.addAll(group);
            }
        }
        return chosen;
    }

    private static String key(TrainingExample example) {
        return ValidationSplit.key(example.instruction(), example.response());
    }

    private static List<TrainingExample> examples(List<TrainingExample> all, Set<Integer> chosen, boolean areChosen) {
        List<TrainingExample> examples = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (chosen.contains(i) == areChosen) {
                examples.add(all.get(i));
            }
        }
        return examples;
    }

    /** Returns whether an example has any label. */
    static boolean isLabelled(TrainingExample example) {
        return Stream.of(
                        example.action(),
                        example.harmful(),
                        example.riskyInstruction(),
                        example.harmType(),
                        example.refusal())
                .anyMatch(Optional::isPresent);
    }

    /** Returns all exchanges. */
    List<TrainingExample> all() {
        return Stream.concat(training.stream(), heldOut.stream()).toList();
    }
}
