package org.donotanswer.dataset;

import java.util.List;
import java.util.Objects;

/**
 * A conversation with two last answers, of which people held the preferred one for the less harmful. Neither is harmless
 * or harmful as such. Immutable, hence thread-safe.
 *
 * @param source where it was published
 * @param conversation what went before, as a rule up to a turn of the user
 * @param preferred the less harmful answer; empty in a few
 * @param rejected the more harmful answer
 */
public record PreferencePair(String source, List<Turn> conversation, String preferred, String rejected) {
    /** Who speaks. */
    public enum Role {
        USER,
        ASSISTANT
    }

    /** What one side says at a time. */
    public record Turn(Role role, String text) {
        /** Checks that nothing is null. */
        public Turn {
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(text, "text");
        }

        /** Returns the turn without its text. */
        @Override
        public String toString() {
            return "Turn[role=" + role + "]";
        }
    }

    /**
     * Copies the conversation.
     *
     * @throws IllegalArgumentException if the conversation has no turn
     */
    public PreferencePair {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(preferred, "preferred");
        Objects.requireNonNull(rejected, "rejected");
        conversation = List.copyOf(conversation);
        if (conversation.isEmpty()) {
            throw new IllegalArgumentException("conversation must have at least one turn, but was []");
        }
    }

    /** Returns the pair without its texts. */
    @Override
    public String toString() {
        return "PreferencePair[source=" + source + ", turns=" + conversation.size() + "]";
    }
}
