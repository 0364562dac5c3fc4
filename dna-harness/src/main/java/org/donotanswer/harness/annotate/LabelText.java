package org.donotanswer.harness.annotate;

import java.util.Optional;
import org.donotanswer.harness.table.LabelValues;
import org.donotanswer.taxonomy.ResponseAction;

/** Parses labels written by people and tools. Messages show only short values, which cannot be misplaced text. */
final class LabelText {
    private static final int MAX_SHOWN_CHARACTERS = 24;

    private LabelText() {}

    /**
     * Parses yes or no; empty if blank.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    static Optional<Boolean> harmful(String text) {
        if (LabelValues.isMissing(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(LabelValues.flag("harmful", text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("harmful must be yes or no, but was " + shown(text), e);
        }
    }

    /**
     * Parses an action, given by its constant, label, short name, code or {@linkplain #choice choice}; empty if blank.
     *
     * @throws IllegalArgumentException if there is no such action
     */
    static Optional<ResponseAction> action(String text) {
        if (LabelValues.isMissing(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(LabelValues.action("action", text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "action must be the name of an action or its number, 0 to 5, but was " + shown(text), e);
        }
    }

    /** Returns an action as shown to annotators. */
    static String choice(ResponseAction action) {
        return action.code() + " " + action.label();
    }

    /** Returns a value for a message: the value if it is a word, otherwise its length, as misplaced text may be private. */
    static String shown(String text) {
        String stripped = text.strip();
        boolean word =
                stripped.length() <= MAX_SHOWN_CHARACTERS && stripped.chars().noneMatch(Character::isWhitespace);
        return word ? "'" + stripped + "'" : "a text of " + text.length() + " characters";
    }
}
