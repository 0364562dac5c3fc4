package org.donotanswer.guard;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A text to check. Immutable, hence thread-safe.
 *
 * @param subject what the text is
 * @param instruction the instruction that the text responds to; the text itself if that is an instruction
 * @param earlier the turns before the instruction
 * @param text the text to check
 * @param head the text before a window that may clear a doubt about it; may be empty
 * @param window the window of a streamed response that the text is; null if it is a whole text
 * @param interim whether the text is no response yet, but what an LLM says beside its calls of tools
 * @param start when the check began, in nanoseconds
 */
record CheckRequest(
        Verdict.Subject subject,
        String instruction,
        List<Conversation.Turn> earlier,
        String text,
        String head,
        Verdict.@Nullable Window window,
        boolean interim,
        long start) {
    static CheckRequest of(Conversation conversation, String response, Verdict.@Nullable Window window, long start) {
        return of(conversation, response, "", window, start);
    }

    static CheckRequest of(
            Conversation conversation, String response, String head, Verdict.@Nullable Window window, long start) {
        Objects.requireNonNull(conversation, "conversation");
        Objects.requireNonNull(response, "response");
        return new CheckRequest(
                Verdict.Subject.RESPONSE,
                conversation.instruction(),
                conversation.earlier(),
                response,
                head,
                window,
                false,
                start);
    }

    static CheckRequest of(Conversation conversation, long start) {
        Objects.requireNonNull(conversation, "conversation");
        String instruction = conversation.instruction();
        return new CheckRequest(
                Verdict.Subject.INSTRUCTION, instruction, conversation.earlier(), instruction, "", null, false, start);
    }

    /** Returns the request to check what an LLM says beside its calls of tools. */
    static CheckRequest ofInterim(Conversation conversation, String text, long start) {
        return of(conversation, text, null, start).withInterim(true);
    }

    /** Returns the request to check the same text as a response, or not. */
    CheckRequest withInterim(boolean value) {
        return new CheckRequest(subject, instruction, earlier, text, head, window, value, start);
    }

    /** Returns whether the text shows nothing. */
    boolean isBlank() {
        return Texts.isBlank(text);
    }

    /** Returns the length of the longer text, in chars. */
    int length() {
        return Math.max(instruction.length(), text.length());
    }
}
