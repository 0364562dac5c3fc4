package org.donotanswer.evaluate;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The text of a response, divided into the answer and the thinking that a reasoning model wrote before it. Immutable,
 * hence thread-safe.
 *
 * <p>Thinking is recognised at the beginning of a text only, in the markup of known models: blocks like
 * {@code <think>..</think>}, {@code <reasoning>..</reasoning>} or {@code [THINK]..[/THINK]}; a text that ends thinking
 * which was begun in the prompt ({@code ..</think> answer}); and channels
 * ({@code <|channel|>analysis<|message|>..<|channel|>final<|message|>answer}). After such a block, further ones that
 * begin a line or follow a sentence are thinking as well. An answer that mentions a tag in code, in quotes or within a
 * sentence keeps its text.
 *
 * <p>What is shown must be what is judged: judge the {@linkplain #answer() answer} alone only where it alone is shown
 * or stored. A guard of a text that is shown as it is must judge all of it, or else harm could hide within the tags.
 *
 * @param answer what is meant for the user: the text itself if there is no thinking in it, and empty if the text ends
 *     within the thinking
 * @param thinking the thinking, without its markup; empty if there is none, or it is blank
 * @param cutOff whether the text ends within the thinking, so that there is no answer
 */
public record ResponseText(String answer, Optional<String> thinking, boolean cutOff) {
    /** Checks that nothing is null. */
    public ResponseText {
        Objects.requireNonNull(answer, "answer");
        Objects.requireNonNull(thinking, "thinking");
    }

    /**
     * Returns the answer and the thinking of a text. That of an answer is the answer itself, unless the text has more than 16
     * pieces of markup one after the other, or several and more than 256 K chars: not all of them are looked at.
     */
    public static ResponseText of(String text) {
        ThinkingMarkup.Division division = ThinkingMarkup.divide(Objects.requireNonNull(text, "text"));
        if (division.isUndivided()) {
            return new ResponseText(text, Optional.empty(), false);
        }
        List<ThinkingMarkup.Segment> segments = division.segments();
        String answer = segments.stream()
                .filter(segment -> segment.kind() == ThinkingMarkup.Kind.ANSWER)
                .map(ThinkingMarkup.Segment::text)
                .collect(Collectors.joining());
        return new ResponseText(answer, thinking(segments), division.cutOff());
    }

    private static Optional<String> thinking(List<ThinkingMarkup.Segment> segments) {
        String thinking = segments.stream()
                .filter(segment -> segment.kind() == ThinkingMarkup.Kind.THINKING)
                .map(segment -> segment.text().strip())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n\n"));
        return Optional.of(thinking).filter(text -> !text.isEmpty());
    }

    /** Returns the lengths of the texts in chars, but not the texts, which may be private. */
    @Override
    public String toString() {
        return "ResponseText[answer=" + answer.length() + " chars, thinking="
                + thinking.map(String::length).orElse(0) + " chars, cutOff=" + cutOff + "]";
    }
}
