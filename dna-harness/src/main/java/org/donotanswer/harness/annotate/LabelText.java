package org.donotanswer.harness.annotate;

import java.util.Locale;
import java.util.Optional;
import org.donotanswer.taxonomy.ResponseAction;

/** Labels as people and tools write them. Messages show a value only if it is too short to be a text that slipped in. */
final class LabelText {
    private static final int SHOWN_CHARS = 24;

    private LabelText() {}

    /**
     * Returns the meaning of yes or no; empty if blank.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static Optional<Boolean> harmful(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "" -> Optional.empty();
            case "1", "true", "yes" -> Optional.of(true);
            case "0", "false", "no" -> Optional.of(false);
            default -> throw new IllegalArgumentException("harmful must be yes or no, but was " + shown(text));
        };
    }

    /**
     * Returns the action that is named by its constant, label, short name or code, or shown so in a choice; empty if blank.
     *
     * @throws IllegalArgumentException if there is no such action
     */
    static Optional<ResponseAction> action(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return Optional.empty();
        }
        for (ResponseAction action : ResponseAction.values()) {
            if (stripped.equals(String.valueOf(action.code())) || stripped.equals(choice(action))) {
                return Optional.of(action);
            }
        }
        try {
            return Optional.of(ResponseAction.fromLabel(stripped));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "action must be the name of an action or its number, 0 to 5, but was " + shown(text), e);
        }
    }

    /** Returns how an action is shown to an annotator. */
    static String choice(ResponseAction action) {
        return action.code() + " " + action.label();
    }

    /** Returns what a message may say of a cell: a word, but no more, as a text in the wrong column may be private. */
    static String shown(String text) {
        String stripped = text.strip();
        boolean word = stripped.length() <= SHOWN_CHARS && stripped.chars().noneMatch(Character::isWhitespace);
        return word ? "'" + stripped + "'" : "a text of " + text.length() + " characters";
    }
}
