package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.classifier.transformer.EventHead.Role;
import org.jspecify.annotations.Nullable;

/** The labels that a caller gives to the outputs of a checkpoint. Stateless, hence thread-safe. */
final class GivenLabels {
    static final String WHERE = "option labels";

    private static final String EXAMPLE = "; for example 0=harmless,1=harmful";

    private GivenLabels() {}

    /**
     * Returns the labels by output.
     *
     * @param byKey the labels by the number of the output, or by its name in the configuration
     * @throws IllegalArgumentException if a key is not an output, or two are the same
     */
    static SortedMap<Integer, String> byOutput(Map<String, String> byKey, Map<Integer, String> id2label) {
        SortedMap<Integer, String> labels = new TreeMap<>();
        Map<Integer, String> keys = new LinkedHashMap<>();
        byKey.forEach((key, label) -> {
            int output = output(key, id2label);
            String other = keys.putIfAbsent(output, key);
            if (other != null) {
                throw new IllegalArgumentException("labels must name each output once, but were '" + other + "' and '"
                        + key + "' for output " + output + " (" + WHERE + ")");
            }
            labels.put(output, label);
        });
        return Collections.unmodifiableSortedMap(labels);
    }

    private static int output(String key, Map<Integer, String> id2label) {
        List<Integer> named = id2label.entrySet().stream()
                .filter(label ->
                        !key.isBlank() && LabelMeaning.key(label.getValue()).equals(LabelMeaning.key(key)))
                .map(Map.Entry::getKey)
                .toList();
        @Nullable Integer number = key.matches("[0-9]{1,6}") ? Integer.valueOf(key) : null;
        boolean isOutput = number != null && number < id2label.size();
        if (named.size() == 1 && (!isOutput || named.get(0).equals(number))) {
            return named.get(0);
        }
        if (named.isEmpty() && isOutput && number != null) {
            return number;
        }
        List<String> labels = HeadLabels.shown(new ArrayList<>(new TreeMap<>(id2label).values()));
        if (named.isEmpty()) {
            throw new IllegalArgumentException("labels must be for outputs 0.." + (id2label.size() - 1) + " or "
                    + labels + ", but were for '" + HeadLabels.abbreviate(key) + "' (" + WHERE + ")");
        }
        throw new IllegalArgumentException("labels must be for one output each, but '" + HeadLabels.abbreviate(key)
                + "' was both a number and a name, or the name of several, among " + labels + " (" + WHERE + ")");
    }

    /** Returns what the given labels say the head predicts. */
    static HeadKind kind(Map<Integer, String> labels) {
        if (labels.values().stream().anyMatch(label -> HeadLabels.action(label) != null)) {
            return HeadKind.ACTION;
        }
        boolean refusal = labels.values().stream()
                .map(LabelMeaning::of)
                .anyMatch(meaning -> meaning == LabelMeaning.REFUSAL || meaning == LabelMeaning.COMPLIANCE);
        return refusal ? HeadKind.REFUSAL : HeadKind.HARMFUL;
    }

    /**
     * Returns the head for harm or refusals with the given labels. Outputs without one take the other side, if only one
     * side is named.
     */
    static EventHead event(Map<Integer, String> labels, HeadKind kind, List<String> names, boolean independent) {
        List<@Nullable Role> roles = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String label = labels.get(i);
            roles.add(label == null ? null : role(i, label, kind));
        }
        boolean event = roles.contains(Role.EVENT);
        boolean absence = roles.contains(Role.ABSENCE);
        if (roles.contains(null) && event == absence) {
            List<Integer> missing = new ArrayList<>();
            for (int i = 0; i < roles.size(); i++) {
                if (roles.get(i) == null) {
                    missing.add(i);
                }
            }
            throw new IllegalArgumentException("labels must be for all outputs "
                    + "unless only the harmful or only the harmless ones are named, but were without "
                    + missing.stream()
                            .map(names::get)
                            .map(HeadLabels::abbreviate)
                            .toList() + " (" + WHERE + ")");
        }
        List<Role> complete = new ArrayList<>();
        for (Role role : roles) {
            complete.add(role != null ? role : event ? Role.ABSENCE : Role.EVENT);
        }
        if (!HeadLabels.isComplete(complete, independent)) {
            throw new IllegalArgumentException("labels must name "
                    + (complete.contains(Role.EVENT) ? "a harmless output" : "a harmful output")
                    + ", but were " + new TreeMap<>(labels) + " (" + WHERE + EXAMPLE + ")");
        }
        return new EventHead(
                complete, names.stream().map(HeadLabels::abbreviate).toList(), independent, false);
    }

    private static Role role(int output, String label, HeadKind kind) {
        if (LabelMeaning.key(label).equals(HeadLabels.UNUSED_LABEL)) {
            return Role.LEFT_OUT;
        }
        LabelMeaning meaning = LabelMeaning.of(label);
        if (kind == HeadKind.REFUSAL) {
            if (meaning == LabelMeaning.REFUSAL) {
                return Role.EVENT;
            }
            if (meaning == LabelMeaning.COMPLIANCE || meaning == LabelMeaning.NEUTRAL) {
                return Role.ABSENCE;
            }
            throw new IllegalArgumentException("label of output " + output + " must be refusal, compliance or unused, "
                    + "but was '" + HeadLabels.abbreviate(label) + "' (" + WHERE + ")");
        }
        if (meaning.isHarm()) {
            return Role.EVENT;
        }
        if (meaning.isHarmless()) {
            return Role.ABSENCE;
        }
        throw new IllegalArgumentException("label of output " + output
                + " must be harmful, harmless, injection, refusal, compliance, unused or an action, but was '"
                + HeadLabels.abbreviate(label) + "' (" + WHERE + EXAMPLE + ")");
    }
}
