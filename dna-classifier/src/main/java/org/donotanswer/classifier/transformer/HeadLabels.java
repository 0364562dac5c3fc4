package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.classifier.transformer.EventHead.Role;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * Interprets the labels in a checkpoint's configuration; see {@link LabelMapping}. All methods throw
 * IllegalArgumentException with a message that names the source of the labels and says what to do.
 */
final class HeadLabels {
    /** The name that a caller gives to an output without meaning. */
    static final String UNUSED_LABEL = "unused";

    /**
     * What Transformers calls an output without a name, or the number of a class, which data sets often use as its
     * name.
     */
    private static final Pattern BARE = Pattern.compile("(?:label)?([0-9]{1,9})");

    /** What to do about labels that do not tell, in code and on the command line. */
    static final String HINT = "; say what they mean with labels(..) or --labels, for example ";

    private static final int MAX_LABEL_CHARS = 80;
    private static final int MAX_LABELS_SHOWN = 32;

    private HeadLabels() {}

    /** Returns what the labels of a configuration say the head predicts. */
    static HeadKind kind(List<String> labels, @Nullable HeadKind expected, String where) {
        if (isBare(labels)) {
            return kindOfBare(labels, expected, where);
        }
        if (labels.stream().anyMatch(label -> action(label) != null)) {
            return HeadKind.ACTION;
        }
        List<LabelMeaning> meanings = labels.stream().map(LabelMeaning::of).toList();
        return meanings.contains(LabelMeaning.REFUSAL) ? HeadKind.REFUSAL : HeadKind.HARMFUL;
    }

    /** Bare labels say nothing: unless the caller does, only two of them are read, as one class and its absence. */
    private static HeadKind kindOfBare(List<String> labels, @Nullable HeadKind expected, String where) {
        int outputs = labels.size();
        if (outputs == 2 || (outputs == 1 && (expected == HeadKind.HARMFUL || expected == HeadKind.INSTRUCTION_RISK))) {
            return HeadKind.HARMFUL;
        }
        boolean actions = outputs == ResponseAction.values().length || outputs == ResponseAction.values().length + 1;
        if (actions && expected == HeadKind.ACTION) {
            return HeadKind.ACTION;
        }
        throw new IllegalArgumentException("labels must tell what the head predicts, but were " + shown(labels) + " ("
                + where + ")" + HINT + example(outputs)
                + (actions ? "; if they are Do-Not-Answer's actions, use action(..) or --action-model" : ""));
    }

    /** Returns the head for harm or refusals that the labels of a configuration describe. */
    static EventHead event(List<String> labels, HeadKind kind, boolean independent, String where) {
        List<Role> roles = isBare(labels) ? bareRoles(labels, where) : null;
        boolean assumed = false;
        if (roles == null) {
            List<LabelMeaning> meanings = labels.stream().map(LabelMeaning::of).toList();
            roles = kind == HeadKind.REFUSAL ? refusalRoles(meanings) : rolesOf(labels, independent);
            assumed = meanings.stream().anyMatch(m -> m == LabelMeaning.UNKNOWN || m == LabelMeaning.MENTION);
        }
        if (!isComplete(roles, independent)) {
            boolean kindsOfHarm = !independent && isComplete(rolesOf(labels, true), true);
            throw new IllegalArgumentException("labels must tell harmful outputs from harmless ones, but were "
                    + shown(labels) + " (" + where + ")" + HINT + example(labels.size())
                    + (kindsOfHarm ? "; if each output has its own sigmoid, problem_type must say so" : ""));
        }
        return new EventHead(roles, labels.stream().map(HeadLabels::abbreviate).toList(), independent, assumed);
    }

    /** Two outputs are the absence of the class and the class, in the order of their numbers; one is the class. */
    private static List<Role> bareRoles(List<String> labels, String where) {
        List<Role> roles = new ArrayList<>();
        for (String label : labels) {
            int number = number(label);
            if (number >= labels.size()) {
                throw new IllegalArgumentException("numbers of labels must be less than " + labels.size()
                        + ", but were " + shown(labels) + " (" + where + ")");
            }
            roles.add(labels.size() == 1 || number == 1 ? Role.EVENT : Role.ABSENCE);
        }
        requireDistinct(labels, where);
        return roles;
    }

    private static List<Role> rolesOf(List<String> labels, boolean independent) {
        List<LabelMeaning> meanings = labels.stream().map(LabelMeaning::of).toList();
        long harmless = LabelMeaning.count(meanings, LabelMeaning.HARMLESS, LabelMeaning.NEUTRAL);
        long harmful = LabelMeaning.count(meanings, LabelMeaning.HARMFUL, LabelMeaning.INJECTION);
        // Beside the one harmless class, whatever else a harm classifier tells apart is harm; but "neutral" alone does
        // not show that it is one.
        boolean restIsHarm = harmless == 1 && (harmful > 0 || meanings.contains(LabelMeaning.HARMLESS));
        List<Role> roles = new ArrayList<>();
        for (LabelMeaning meaning : meanings) {
            if (meaning.isHarm()) {
                roles.add(Role.EVENT);
            } else if (meaning.isHarmless()) {
                roles.add(Role.ABSENCE);
            } else if (meaning == LabelMeaning.MENTION && independent && harmful > 0) {
                roles.add(Role.LEFT_OUT);
            } else if (restIsHarm && (meaning == LabelMeaning.UNKNOWN || meaning == LabelMeaning.MENTION)) {
                roles.add(Role.EVENT);
            } else {
                return List.of();
            }
        }
        boolean aloneAndVague = meanings.size() == 1 && meanings.contains(LabelMeaning.NEUTRAL);
        return aloneAndVague ? List.of() : roles;
    }

    private static List<Role> refusalRoles(List<LabelMeaning> meanings) {
        List<Role> roles = new ArrayList<>();
        for (LabelMeaning meaning : meanings) {
            switch (meaning) {
                case REFUSAL -> roles.add(Role.EVENT);
                case COMPLIANCE, NEUTRAL -> roles.add(Role.ABSENCE);
                default -> {
                    return List.of();
                }
            }
        }
        return roles;
    }

    /** Returns whether the roles determine a probability. */
    static boolean isComplete(List<Role> roles, boolean independent) {
        if (roles.size() == 1) {
            return roles.get(0) != Role.LEFT_OUT;
        }
        return roles.contains(Role.EVENT) && (independent || roles.contains(Role.ABSENCE));
    }

    /** Returns the action of each output; {@link Output#UNUSED} if it has no meaning. */
    static List<Output> actions(List<String> labels, String where) {
        boolean bare = isBare(labels);
        List<Output> outputs = new ArrayList<>();
        boolean spare = labels.size() > ResponseAction.values().length;
        for (int i = 0; i < labels.size(); i++) {
            Output output = bare ? actionOfNumber(number(labels.get(i)), spare) : action(labels.get(i));
            if (output == null && spare && LabelMeaning.key(labels.get(i)).equals(UNUSED_LABEL)) {
                output = Output.UNUSED;
            }
            if (output == null) {
                throw new IllegalArgumentException("label of output " + i + " must be one of " + actionNames(spare)
                        + ", but was '" + abbreviate(labels.get(i)) + "' (" + where + ")");
            }
            outputs.add(output);
        }
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            Output output = outputs.get(i);
            Integer other = first.putIfAbsent(output.name(), i);
            if (other != null && output.action() != ResponseAction.UNABLE_OR_UNCERTAIN) {
                throw new IllegalArgumentException("labels must be distinct, but were '" + output.name()
                        + "' for outputs " + other + " and " + i + " (" + where + ")");
            }
        }
        for (ResponseAction action : ResponseAction.values()) {
            if (!outputs.contains(new Output(action))) {
                throw new IllegalArgumentException("labels must include every action, but were without '"
                        + action.shortName() + "' (" + where + ")");
            }
        }
        return outputs;
    }

    private static @Nullable Output actionOfNumber(int number, boolean spare) {
        ResponseAction[] actions = ResponseAction.values();
        if (number < actions.length) {
            return new Output(actions[number]);
        }
        return spare && number == actions.length ? Output.UNUSED : null;
    }

    /** Returns the action with a name, or null. */
    static @Nullable Output action(String label) {
        String key = LabelMeaning.key(label);
        for (ResponseAction action : ResponseAction.values()) {
            for (String name : List.of(action.name(), action.shortName(), action.label())) {
                if (LabelMeaning.key(name).equals(key)) {
                    return new Output(action);
                }
            }
        }
        return null;
    }

    static List<String> actionNames(boolean withUnused) {
        List<String> names = new ArrayList<>();
        for (ResponseAction action : ResponseAction.values()) {
            names.add(action.shortName());
        }
        if (withUnused) {
            names.add(UNUSED_LABEL);
        }
        return names;
    }

    /** Returns the labels in the order of the outputs; those that Transformers assigns if there are none. */
    static List<String> inOrder(Map<Integer, String> labels, int outputs, String where) {
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

    private static boolean isBare(List<String> labels) {
        return labels.stream()
                .allMatch(label -> BARE.matcher(LabelMeaning.key(label)).matches());
    }

    /** Returns the number in a bare label. */
    private static int number(String label) {
        Matcher matcher = BARE.matcher(LabelMeaning.key(label));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("label must be bare, but was '" + abbreviate(label) + "'");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static void requireDistinct(List<String> labels, String where) {
        Set<Integer> numbers = new LinkedHashSet<>();
        labels.forEach(label -> numbers.add(number(label)));
        if (numbers.size() < labels.size()) {
            throw new IllegalArgumentException(
                    "labels must be distinct, but were " + shown(labels) + " (" + where + ")");
        }
    }

    private static String example(int outputs) {
        return outputs == 1 ? "0=harmful" : "0=harmless,1=harmful";
    }

    static List<String> shown(List<String> labels) {
        List<String> shown = new ArrayList<>(labels.stream()
                .limit(MAX_LABELS_SHOWN)
                .map(HeadLabels::abbreviate)
                .toList());
        if (labels.size() > MAX_LABELS_SHOWN) {
            shown.add(labels.size() - MAX_LABELS_SHOWN + " more");
        }
        return shown;
    }

    static String abbreviate(String label) {
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
