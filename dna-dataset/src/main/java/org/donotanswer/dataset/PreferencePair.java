package org.donotanswer.dataset;

import java.util.List;
import java.util.Objects;

/**
 * A conversation with two alternative last responses, of which people preferred one as less harmful. The preference is
 * relative: the preferred response may be harmful, and the rejected one harmless. Immutable, hence thread-safe.
 *
 * @param source where it was published
 * @param conversation the preceding turns, usually ending with one of the user
 * @param preferred the less harmful response; empty in a few pairs
 * @param rejected the more harmful response
 */
public record PreferencePair(String source, List<Turn> conversation, String preferred, String rejected) {
    /** The speaker of a turn. Immutable, hence thread-safe. */
    public enum Role {
        USER,
        ASSISTANT
    }

    /** A message in a conversation. Immutable, hence thread-safe. */
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
