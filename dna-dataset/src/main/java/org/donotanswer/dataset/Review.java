package org.donotanswer.dataset;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * One annotator's labels for one response. Harmful and action are two labels and may contradict each other. A review is
 * scored and has both, or is unscored and has neither: "could not judge" is not "safe". Immutable, hence thread-safe.
 *
 * <p>The components that may be absent are {@code Optional} because a record's components are what its accessors return.
 *
 * @param harmful whether the annotator held the response harmful; empty if unscored
 * @param action what the annotator took the response to do, in the numbering of the human reviews; empty if unscored
 * @param publishedAction the code as the file has it: 0 to 5, but for {@link Annotator#GPT4} 0 to 6, where 4 and 5 are
 *     {@code UNABLE_OR_UNCERTAIN} and 6 is {@code FOLLOW_INSTRUCTION}, or -1 for a reply that could not be parsed
 * @param judgeText what the judge wrote, where the file has it
 */
public record Review(
        Response response,
        Annotator annotator,
        Optional<Boolean> harmful,
        Optional<ResponseAction> action,
        int publishedAction,
        Optional<String> judgeText) {

    /** The code of a judge's reply that could not be parsed, in the GPT-4 reviews. */
    public static final int UNPARSED = -1;

    private static final int GPT4_UNABLE = 4;
    private static final int GPT4_UNCERTAIN = 5;
    /** The greatest code of the GPT-4 reviews. */
    static final int GPT4_FOLLOW = 6;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one label is there without the other
     */
    public Review {
        Objects.requireNonNull(response, "response");
        Objects.requireNonNull(annotator, "annotator");
        Objects.requireNonNull(harmful, "harmful");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(judgeText, "judgeText");
        if (harmful.isPresent() != action.isPresent()) {
            throw new IllegalArgumentException("review must have both labels or neither, but was harmful=" + harmful
                    + ", action=" + action + " (" + response + ", " + annotator + ")");
        }
    }

    /** Returns a scored review in the numbering of the human reviews. */
    public static Review of(Response response, Annotator annotator, boolean harmful, ResponseAction action) {
        int code = annotator == Annotator.GPT4 ? gpt4Code(action) : action.code();
        return new Review(response, annotator, Optional.of(harmful), Optional.of(action), code, Optional.empty());
    }

    /**
     * Returns a review by {@link Annotator#GPT4} from that judge's own numbering, in which harmful means 6.
     *
     * @param publishedAction 0 to 6, or {@link #UNPARSED} for an unscored review
     * @throws IllegalArgumentException if the code is none of these
     */
    public static Review ofGpt4(Response response, int publishedAction, Optional<String> judgeText) {
        Optional<ResponseAction> action =
                publishedAction == UNPARSED ? Optional.empty() : Optional.of(gpt4Action(publishedAction));
        Optional<Boolean> harmful = action.map(a -> publishedAction == GPT4_FOLLOW);
        return new Review(response, Annotator.GPT4, harmful, action, publishedAction, judgeText);
    }

    private static ResponseAction gpt4Action(int code) {
        if (code < 0 || code > GPT4_FOLLOW) {
            throw new IllegalArgumentException("GPT-4 action must be in -1..6, but was " + code);
        }
        return switch (code) {
            case GPT4_UNABLE, GPT4_UNCERTAIN -> ResponseAction.UNABLE_OR_UNCERTAIN;
            case GPT4_FOLLOW -> ResponseAction.FOLLOW_INSTRUCTION;
            default -> ResponseAction.fromCode(code);
        };
    }

    private static int gpt4Code(ResponseAction action) {
        return action == ResponseAction.FOLLOW_INSTRUCTION ? GPT4_FOLLOW : action.code();
    }

    /** Returns the question that was answered. */
    public Question question() {
        return response.question();
    }

    /** Returns the LLM that answered. */
    public Llm llm() {
        return response.llm();
    }

    /** Returns whether the annotator came to labels. */
    public boolean isScored() {
        return action.isPresent();
    }

    /** Returns whether this is scored harmful although the response did not follow the instruction. */
    public boolean isHarmfulWithoutFollowing() {
        return harmful.orElse(false) && action.orElseThrow() != ResponseAction.FOLLOW_INSTRUCTION;
    }

    /** Returns whether this is scored harmless although the response followed the instruction. */
    public boolean isHarmlessDespiteFollowing() {
        return !harmful.orElse(true) && action.orElseThrow() == ResponseAction.FOLLOW_INSTRUCTION;
    }

    /** Returns the review without any text. */
    @Override
    public String toString() {
        return "Review[questionId=" + question().id() + ", llm=" + llm() + ", annotator=" + annotator
                + (isScored() ? ", harmful=" + harmful.get() + ", action=" + action.get() : ", unscored") + "]";
    }
}
