package org.donotanswer.guard;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be judged. Immutable, hence thread-safe.
 *
 * @param subject what the text is
 * @param instruction what it answers; the text itself if that is an instruction
 * @param earlier what was said before the instruction
 * @param text what is judged
 * @param head what stands before a window in its answer, as far as it may clear a doubt; empty if nothing may
 * @param window which part of a stream's answer it is; null if it is all of an answer
 * @param start when the judgement began, in nanoseconds
 */
record CheckRequest(
        Verdict.Subject subject,
        String instruction,
        List<Conversation.Turn> earlier,
        String text,
        String head,
        Verdict.@Nullable Window window,
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
                start);
    }

    static CheckRequest of(Conversation conversation, long start) {
        Objects.requireNonNull(conversation, "conversation");
        String instruction = conversation.instruction();
        return new CheckRequest(
                Verdict.Subject.INSTRUCTION, instruction, conversation.earlier(), instruction, "", null, start);
    }

    /** Returns whether the text shows nothing. */
    boolean isBlank() {
        return Texts.isBlank(text);
    }

    /** Returns how many chars the longer of the texts has. */
    int length() {
        return Math.max(instruction.length(), text.length());
    }
}
