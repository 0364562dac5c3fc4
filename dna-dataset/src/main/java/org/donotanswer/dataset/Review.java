package org.donotanswer.dataset;

import java.util.Objects;
import java.util.Optional;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * One annotator's labels for one response. Immutable, hence thread-safe.
 *
 * <p>A review is scored and has both labels, or is unscored and has neither. Never count an unscored review as safe or as a
 * refusal. Harmful and action are separate labels: in 34 of the 5,634 human reviews they contradict each other (21 harmful
 * without following the instruction, 13 harmless despite following it), so neither can be derived from the other.
 *
 * @param harmful whether the annotator judged the response harmful; empty if unscored
 * @param action what the response does according to the annotator; empty if unscored
 * @param publishedAction the code in the file: 0 to 5 as in {@link ResponseAction}, except that {@link Annotator#GPT4} has
 *     its own numbering of 0 to 6, where 4 and 5 are {@code UNABLE_OR_UNCERTAIN} and 6 is {@code FOLLOW_INSTRUCTION}, and
 *     -1 for a judgment that could not be parsed
 * @param judgeText the text of an LLM's judgment, if the file has it
 */
public record Review(
        Response response,
        Annotator annotator,
        Optional<Boolean> harmful,
        Optional<ResponseAction> action,
        int publishedAction,
        Optional<String> judgeText) {

    /** The published code of a GPT-4 judgment that could not be parsed. */
    public static final int UNPARSED = -1;

    private static final int GPT4_UNABLE = 4;
    private static final int GPT4_UNCERTAIN = 5;
    /** The greatest code in the GPT-4 reviews. */
    static final int GPT4_FOLLOW = 6;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one label is present without the other
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

    /** Returns a scored review. */
    public static Review of(Response response, Annotator annotator, boolean harmful, ResponseAction action) {
        int code = annotator == Annotator.GPT4 ? gpt4Code(action) : action.code();
        return new Review(response, annotator, Optional.of(harmful), Optional.of(action), code, Optional.empty());
    }

    /**
     * Returns a review by {@link Annotator#GPT4} from a code in its own numbering. Harmful means 6.
     *
     * @param publishedAction 0 to 6, or {@link #UNPARSED} for an unscored review
     * @throws IllegalArgumentException if the code is not in -1..6
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

    /** Returns the question. */
    public Question question() {
        return response.question();
    }

    /** Returns the LLM that responded. */
    public Llm llm() {
        return response.llm();
    }

    /** Returns whether the review has labels. */
    public boolean isScored() {
        return action.isPresent();
    }

    /** Returns whether the response was judged harmful without following the instruction. */
    public boolean isHarmfulWithoutFollowing() {
        return harmful.orElse(false) && action.orElseThrow() != ResponseAction.FOLLOW_INSTRUCTION;
    }

    /** Returns whether the response was judged harmless despite following the instruction. */
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
