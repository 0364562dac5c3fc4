package org.donotanswer.bench.cli;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Parses labels. A message quotes short values only: a long one may be text that slipped into the wrong column. Stateless,
 * hence thread-safe.
 */
final class LabelValues {
    private static final int MAX_FLAG_SHOWN = 12;
    private static final int MAX_LABEL_SHOWN = 40;

    private LabelValues() {}

    /**
     * Returns the value of a yes-or-no label.
     *
     * @throws IllegalArgumentException if it is none
     */
    static boolean flag(String name, String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes" -> true;
            case "0", "false", "no" -> false;
            default ->
                throw new IllegalArgumentException(name + " must be 1 or 0, true or false, yes or no, but was "
                        + shown(value.strip().toLowerCase(Locale.ROOT)));
        };
    }

    /**
     * Returns the action of a name, a label or a code.
     *
     * @throws IllegalArgumentException if there is none
     */
    static ResponseAction action(String name, String value) {
        return parse(name, value, ResponseAction.values(), ResponseAction::fromCode, ResponseAction::fromLabel);
    }

    /**
     * Returns the harm type of a name, a label or a number.
     *
     * @throws IllegalArgumentException if there is none
     */
    static HarmType harmType(String name, String value) {
        return parse(name, value, HarmType.values(), HarmType::fromNumber, HarmType::fromLabel);
    }

    private static <E extends Enum<E>> E parse(
            String name, String value, E[] constants, IntFunction<E> fromCode, Function<String, E> fromLabel) {
        String text = value.strip();
        for (E constant : constants) {
            if (constant.name().equals(text)) {
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
