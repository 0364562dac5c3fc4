package org.donotanswer.harness.table;

import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Parses labels. A message quotes short values only: a long one may be text that slipped into the wrong column. Stateless,
 * hence thread-safe.
 */
public final class LabelValues {
    private static final int MAX_FLAG_SHOWN = 12;
    private static final int MAX_LABEL_SHOWN = 40;
    /** What pandas, R, Python and spreadsheets write for a missing value; in lower case. */
    private static final Set<String> MISSING =
            Set.of("nan", "none", "null", "na", "n/a", "<na>", "nat", "#n/a", "#na", "-nan");

    private LabelValues() {}

    /** Returns whether a label is missing: blank, or what a program writes for nothing. */
    public static boolean isMissing(String value) {
        String stripped = value.strip();
        return stripped.isEmpty() || MISSING.contains(stripped.toLowerCase(Locale.ROOT));
    }

    /** Returns a label without outer spaces, and without the decimals that a program gave to a whole number. */
    public static String plain(String value) {
        String stripped = value.strip();
        return stripped.matches("-?[0-9]{1,18}[.,]0{1,18}") ? stripped.replaceAll("[.,]0+$", "") : stripped;
    }

    /**
     * Returns the value of a yes-or-no label.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static boolean flag(String name, String value) {
        return switch (plain(value).toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes", "y", "t" -> true;
            case "0", "false", "no", "n", "f" -> false;
            default ->
                throw new IllegalArgumentException(name + " must be 1 or 0, true or false, yes or no, but was "
                        + shown(value.strip().toLowerCase(Locale.ROOT)));
        };
    }

    /**
     * Returns the action of a name, a label or a code, or of a code with its label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ResponseAction action(String name, String value) {
        for (ResponseAction action : ResponseAction.values()) {
            if (value.strip().equals(action.code() + " " + action.label())) {
                return action;
            }
        }
        return parse(name, value, ResponseAction.values(), ResponseAction::fromCode, ResponseAction::fromLabel);
    }

    /**
     * Returns the harm type of a name, a label or a number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static HarmType harmType(String name, String value) {
        return parse(name, value, HarmType.values(), HarmType::fromNumber, HarmType::fromLabel);
    }

    private static <E extends Enum<E>> E parse(
            String name, String value, E[] constants, IntFunction<E> fromCode, Function<String, E> fromLabel) {
        String text = plain(value);
        for (E constant : constants) {
            if (constant.name().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        try {
            return text.matches("-?[0-9]{1,6}") ? fromCode.apply(Integer.parseInt(text)) : fromLabel.apply(text);
        } catch (IllegalArgumentException e) {
            if (text.length() <= MAX_LABEL_SHOWN) {
                throw e;
            }
            throw new IllegalArgumentException(name + " must be a label, but was " + shown(text));
        }
    }

    private static String shown(String value) {
        return value.length() <= MAX_FLAG_SHOWN ? "'" + value + "'" : "a text of " + value.length() + " characters";
    }
}
