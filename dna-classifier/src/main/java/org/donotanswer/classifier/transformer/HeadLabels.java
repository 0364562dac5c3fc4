package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * Interprets the labels of a checkpoint; case, white space, underscores and hyphens are ignored. See
 * {@link LabelMapping}. All methods throw IllegalArgumentException with a message that ends with the source of the
 * labels.
 */
final class HeadLabels {
    /** The name that a caller gives to an output without meaning. */
    private static final String UNUSED_LABEL = "unused";

    private static final List<String> HARMFUL = List.of("harmful", "unsafe");
    private static final List<String> HARMLESS =
            List.of("harmless", "safe", "not harmful", "non-harmful", "unharmful", "benign");
    private static final Pattern SEPARATORS = Pattern.compile("[\\s\\p{Z}_-]+");
    /**
     * What Transformers calls an output without a name, or the number of a class, which data sets often use as its
     * name.
     */
    private static final Pattern BARE = Pattern.compile("(?:label)?([0-9]{1,9})");

    private static final int MAX_LABEL_CHARS = 80;

    private HeadLabels() {}

    /** Returns for each output whether it is the harmful one. */
    static List<Boolean> harmful(Map<Integer, String> labels, int outputs, String where) {
        Map<String, Boolean> known = new HashMap<>();
        HARMFUL.forEach(name -> known.put(key(name), true));
        HARMLESS.forEach(name -> known.put(key(name), false));
        // A single output is the probability of the class that it is named after.
        List<Boolean> bare = outputs == 1 ? List.of(true) : List.of(false, true);
        List<String> names = new ArrayList<>(HARMFUL);
        names.addAll(HARMLESS);
        List<Boolean> meanings = parse(inOrder(labels, outputs, where), known, bare, names, where);
        requireOnce(meanings, meaning -> meaning ? "harmful" : "harmless", Set.of(), where);
        return meanings;
    }

    /** Returns the action of each output; {@link Output#UNUSED} if it has no meaning. */
    static List<Output> actions(Map<Integer, String> labels, int outputs, String where) {
        Map<String, Output> known = new HashMap<>();
        List<String> names = new ArrayList<>();
        List<Output> bare = new ArrayList<>();
        for (ResponseAction action : ResponseAction.values()) {
            Output output = new Output(action);
            for (String name : List.of(action.name(), action.shortName(), action.label())) {
                known.put(key(name), output);
            }
            names.add(action.shortName());
            bare.add(output);
        }
        if (outputs > bare.size()) {
            known.put(key(UNUSED_LABEL), Output.UNUSED);
            names.add(UNUSED_LABEL);
            bare.add(Output.UNUSED);
        }
        List<Output> meanings = parse(inOrder(labels, outputs, where), known, bare, names, where);
        requireOnce(meanings, Output::name, Set.of(new Output(ResponseAction.UNABLE_OR_UNCERTAIN)), where);
        for (Output output : bare.subList(0, ResponseAction.values().length)) {
            if (!meanings.contains(output)) {
                throw new IllegalArgumentException(
                        "labels must include every action, but were without '" + output.name() + "' (" + where + ")");
            }
        }
        return meanings;
    }

    /** Returns the labels in the order of the outputs; those that Transformers assigns if there are none. */
    private static List<String> inOrder(Map<Integer, String> labels, int outputs, String where) {
        List<String> ordered = new ArrayList<>();
        for (int i = 0; i < outputs; i++) {
            String label = labels.isEmpty() ? "LABEL_" + i : labels.get(i);
            if (label != null) {
                ordered.add(label);
            }
        }
        if (ordered.size() != outputs || labels.size() > outputs) {
            throw new IllegalArgumentException("labels must be for outputs 0.." + (outputs - 1) + ", but were for "
                    + new TreeSet<>(labels.keySet()) + " (" + where + ")");
        }
        return ordered;
    }

    private static <T> List<T> parse(
            List<String> labels, Map<String, T> known, List<T> bare, List<String> names, String where) {
        List<T> meanings = new ArrayList<>();
        Set<Boolean> kinds = new LinkedHashSet<>();
        for (int i = 0; i < labels.size(); i++) {
            String key = key(labels.get(i));
            Matcher number = BARE.matcher(key);
            boolean isBare = number.matches();
            T meaning = isBare ? at(bare, Integer.parseInt(number.group(1))) : known.get(key);
            if (meaning == null) {
                throw new IllegalArgumentException(
                        "label of output " + i + " must be one of " + names + " or LABEL_0..LABEL_" + (bare.size() - 1)
                                + ", but was '" + abbreviate(labels.get(i)) + "' (" + where + ")");
            }
            meanings.add(meaning);
            kinds.add(isBare);
        }
        if (kinds.size() > 1) {
            throw new IllegalArgumentException("labels must be all names or all numbers, but were "
                    + labels.stream().map(HeadLabels::abbreviate).toList() + " (" + where + ")");
        }
        return meanings;
    }

    private static <T> @Nullable T at(List<T> values, int index) {
        return index < values.size() ? values.get(index) : null;
    }

    private static <T> void requireOnce(List<T> meanings, Function<T, String> name, Set<T> repeatable, String where) {
        Map<String, Integer> outputs = new TreeMap<>();
        for (int i = 0; i < meanings.size(); i++) {
            T meaning = meanings.get(i);
            Integer other = outputs.putIfAbsent(name.apply(meaning), i);
            if (other != null && !repeatable.contains(meaning)) {
                throw new IllegalArgumentException("labels must be distinct, but were '" + name.apply(meaning)
                        + "' for outputs " + other + " and " + i + " (" + where + ")");
            }
        }
    }

    private static String key(String label) {
        return SEPARATORS.matcher(label).replaceAll("").toLowerCase(Locale.ROOT);
    }

    private static String abbreviate(String label) {
        return label.length() <= MAX_LABEL_CHARS ? label : label.substring(0, MAX_LABEL_CHARS) + "...";
    }

    /** The meaning of an output of an action head: an action, or none. */
    record Output(@Nullable ResponseAction action) {
        static final Output UNUSED = new Output(null);

        String name() {
            return action == null ? UNUSED_LABEL : action.shortName();
        }
    }
}
