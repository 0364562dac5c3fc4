package org.donotanswer.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What user and chatbot said so far, oldest first, up to and with the user's last words; the answer to these is what a guard
 * judges. Immutable, hence thread-safe.
 *
 * @param turns what was said; may be empty, if only the answer is known
 */
public record Conversation(List<Turn> turns) {
    private static final Conversation UNKNOWN = new Conversation(List.of());

    /** Who speaks. */
    public enum Role {
        /** The person. */
        USER,
        /** The chatbot. */
        ASSISTANT
    }

    /**
     * What one of them said at a time.
     *
     * @param role who
     * @param text what; may be blank
     */
    public record Turn(Role role, String text) {
        /** Checks that neither is null. */
        public Turn {
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(text, "text");
        }

        /** Returns the role and the length of the text, in chars, never the text: it may be private. */
        @Override
        public String toString() {
            return "Turn[role=" + role + ", text=" + text.length() + " chars]";
        }
    }

    /** Copies the turns. */
    public Conversation {
        turns = List.copyOf(turns);
    }

    /** Returns a conversation of which nothing is known but the answer. */
    public static Conversation unknown() {
        return UNKNOWN;
    }

    /** Returns a conversation that the user has just begun. */
    public static Conversation of(String instruction) {
        return new Conversation(List.of(new Turn(Role.USER, instruction)));
    }

    /** Returns this conversation and what the user said next. */
    public Conversation user(String text) {
        return and(Role.USER, text);
    }

    /** Returns this conversation and what the chatbot said next. */
    public Conversation assistant(String text) {
        return and(Role.ASSISTANT, text);
    }

    private Conversation and(Role role, String text) {
        List<Turn> longer = new ArrayList<>(turns);
        longer.add(new Turn(role, text));
        return new Conversation(longer);
    }

    /**
     * Returns the user's last words: the last turn, if that is the user's; empty if not. What the user said just before, and got no
     * answer to, is not part of it: it may be a question of which the answer was blocked. A guard reads it with the last words
     * where these, or the answer, take it up.
     */
    public String instruction() {
        int last = instructionStart();
        return last == turns.size() ? "" : turns.get(last).text();
    }

    /** Returns what was said before the {@link #instruction()}; immutable. */
    public List<Turn> earlier() {
        return turns.subList(0, instructionStart());
    }

    private int instructionStart() {
        int last = turns.size() - 1;
        return last >= 0 && turns.get(last).role() == Role.USER ? last : turns.size();
    }
}
