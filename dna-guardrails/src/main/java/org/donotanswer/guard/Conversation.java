package org.donotanswer.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A conversation, oldest turn first, up to and including the last message of the user, whose response a guard checks.
 * Immutable, hence thread-safe.
 *
 * @param turns the turns; may be empty if only the response is known
 */
public record Conversation(List<Turn> turns) {
    private static final Conversation UNKNOWN = new Conversation(List.of());

    /** The speaker of a turn. */
    public enum Role {
        /** The user. */
        USER,
        /** The chatbot. */
        ASSISTANT
    }

    /**
     * A message of one speaker.
     *
     * @param role the speaker
     * @param text the message; may be blank
     */
    public record Turn(Role role, String text) {
        /** Checks that nothing is null. */
        public Turn {
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(text, "text");
        }

        /** Returns the role and the length of the text, never the text, which may be private. */
        @Override
        public String toString() {
            return "Turn[role=" + role + ", text=" + text.length() + " chars]";
        }
    }

    /** Copies the turns. */
    public Conversation {
        turns = List.copyOf(turns);
    }

    /** Returns a conversation of which only the response is known. */
    public static Conversation unknown() {
        return UNKNOWN;
    }

    /** Returns a conversation that begins with an instruction. */
    public static Conversation of(String instruction) {
        return new Conversation(List.of(new Turn(Role.USER, instruction)));
    }

    /** Returns this conversation with a further message of the user. */
    public Conversation user(String text) {
        return and(Role.USER, text);
    }

    /** Returns this conversation with a further message of the chatbot. */
    public Conversation assistant(String text) {
        return and(Role.ASSISTANT, text);
    }

    private Conversation and(Role role, String text) {
        List<Turn> longer = new ArrayList<>(turns);
        longer.add(new Turn(role, text));
        return new Conversation(longer);
    }

    /**
     * Returns the last message of the user, if the last turn is the user's; otherwise an empty text. Messages just
     * before it that have no response are not part of it: the response to them may have been blocked. A guard reads
     * them with the last message if that, or the response, takes them up.
     */
    public String instruction() {
        int last = instructionStart();
        return last == turns.size() ? "" : turns.get(last).text();
    }

    /** Returns the turns before the {@link #instruction()}; immutable. */
    public List<Turn> earlier() {
        return turns.subList(0, instructionStart());
    }

    private int instructionStart() {
        int last = turns.size() - 1;
        return last >= 0 && turns.get(last).role() == Role.USER ? last : turns.size();
    }
}
