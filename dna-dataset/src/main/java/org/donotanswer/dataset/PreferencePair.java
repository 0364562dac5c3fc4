package org.donotanswer.dataset;

import java.util.List;
import java.util.Objects;

/**
 * A conversation with two alternative last responses, of which people preferred one as less harmful. The preference is
 * relative: the preferred response may be harmful, and the rejected one harmless. Immutable, hence thread-safe.
 *
 * @param source where it was published
 * @param conversation the preceding messages; the last is usually the user's
 * @param preferred the less harmful response; empty in a few pairs
 * @param rejected the more harmful response
 */
public record PreferencePair(String source, List<Message> conversation, String preferred, String rejected) {
    /** Who wrote a message. Immutable, hence thread-safe. */
    public enum Speaker {
        USER,
        ASSISTANT
    }

    /** A message in a conversation. Immutable, hence thread-safe. */
    public record Message(Speaker speaker, String text) {
        /** Checks that nothing is null. */
        public Message {
            Objects.requireNonNull(speaker, "speaker");
            Objects.requireNonNull(text, "text");
        }

        /** Returns the message without its text. */
        @Override
        public String toString() {
            return "Message[speaker=" + speaker + "]";
        }
    }

    /**
     * Copies the conversation.
     *
     * @throws IllegalArgumentException if the conversation is empty
     */
    public PreferencePair {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(preferred, "preferred");
        Objects.requireNonNull(rejected, "rejected");
        conversation = List.copyOf(conversation);
        if (conversation.isEmpty()) {
            throw new IllegalArgumentException("conversation must have at least one message, but had none");
        }
    }

    /** Returns the pair without its texts. */
    @Override
    public String toString() {
        return "PreferencePair[source=" + source + ", messages=" + conversation.size() + "]";
    }
}
