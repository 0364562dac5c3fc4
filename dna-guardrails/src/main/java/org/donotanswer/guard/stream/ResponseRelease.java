package org.donotanswer.guard.stream;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.Verdict.Window;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of a streamed response to check next and what may be released. Every form of streaming is driven by it,
 * one step at a time. Not thread-safe.
 */
final class ResponseRelease {
    /** How often a window that cannot be scored is checked again with more text, before its decision stands. */
    static final int MAX_HELD_STEPS = 3;

    /**
     * How often a window that may be harmful is checked again with more text. The beginning of a response may sound like
     * compliance that turns out to be advice.
     */
    static final int MAX_DOUBTFUL_STEPS = 2;

    /** The probability of harm from which a window is blocked at once. */
    static final double MAX_HELD_PROBABILITY = 0.7;

    /**
     * A text to check next.
     *
     * @param text the text
     * @param head the text that precedes it
     * @param window where it lies in the response; empty if it is all of the response so far
     * @param interim whether it is to be checked as what an LLM says before it calls tools
     */
    record Passage(String text, String head, Optional<Window> window, boolean interim) {}

    private final SafetyGuard guard;
    private final StreamGuard settings;
    private final boolean shadow;
    private final @Nullable BooleanSupplier interim;
    private @Nullable Conversation conversation;
    private @Nullable WindowBuffer buffer;
    private int heldSteps;
    private int doubtfulSteps;
    private boolean tooLong;
    private boolean complete;
    private boolean restChecked;
    private int releasable;
    private int released;
    /**
     * The most severe verdict on a window that was released because of review, shadow mode or a guard that fails open.
     */
    private @Nullable Verdict worst;

    /** Text beyond the maximum length that was not kept, in shadow mode, which shows everything. */
    private final StringBuilder beyond = new StringBuilder();

    private @Nullable Verdict verdict;
    private boolean finished;

    /** The verdict on a window that is blocked unless the response turns out to be said before calls of tools. */
    private @Nullable Verdict doubted;

    /** Whether what was said so far has passed as such. */
    private boolean doubtAllowed;

    /**
     * Creates the release of a response.
     *
     * @param interim tells, once the response is complete, whether it is what an LLM says before it calls tools; null if it
     *     never is
     */
    ResponseRelease(StreamGuard settings, Conversation conversation, @Nullable BooleanSupplier interim) {
        this.settings = settings;
        this.interim = interim;
        this.conversation = conversation;
        guard = settings.guard();
        shadow = guard.policy().shadow();
        buffer = new WindowBuffer(settings.sizes());
    }

    /** Adds a token. Text beyond the maximum length is not kept, and shown in shadow mode only. */
    void append(String token) {
        int room = settings.maxCharacters() - buffer().length();
        tooLong |= token.length() > room;
        buffer().append(token.length() > room ? token.substring(0, room) : token);
        if (shadow) {
            releasable = buffer().length();
            beyond.append(token, Math.min(token.length(), room), token.length());
        }
    }

    /** Records that there are no more tokens. */
    void complete() {
        complete = true;
    }

    /** Returns the text to check next; null if more text is needed, or the stream has ended. */
    @Nullable
    Passage next() {
        if (verdict != null) {
            return null;
        }
        if (doubted != null) {
            return nextInDoubt(doubted);
        }
        Window window = settings.holdsWholeResponse() ? null : buffer().next();
        if (window == null && tooLong && (complete || !shadow)) {
            end(Reason.TOO_LONG);
            finished = shadow;
            return null;
        }
        if (window == null && !complete) {
            return null;
        }
        if (window == null && !restChecked) {
            restChecked = true;
            window = settings.holdsWholeResponse() ? null : buffer().rest();
        }
        return window == null
                ? whole(isInterim())
                : new Passage(
                        buffer().text(window.start(), window.end()), buffer().head(window), Optional.of(window), false);
    }

    private Passage whole(boolean asInterim) {
        return new Passage(buffer().text(0, buffer().length()), "", Optional.empty(), asInterim);
    }

    private boolean isInterim() {
        return interim != null && interim.getAsBoolean();
    }

    /** Decides whether the response is blocked that a window was, or may still turn out to be said before calls of tools. */
    private @Nullable Passage nextInDoubt(Verdict blocked) {
        if (complete ? isInterim() : !doubtAllowed) {
            return whole(true);
        }
        if (complete || buffer().length() > SafetyGuard.MAX_INTERIM) {
            verdict = blocked;
        }
        return null;
    }

    /** Checks a text on this thread. */
    void check(Passage passage) {
        Optional<Window> window = passage.window();
        if (window.isPresent()) {
            accept(passage, guard.checkWindow(conversation(), passage.text(), passage.head(), window.get()));
        } else if (passage.interim()) {
            accept(passage, guard.checkInterim(conversation(), passage.text()));
        } else {
            accept(passage, guard.check(conversation(), passage.text()));
        }
    }

    /** Checks a text without blocking this thread; {@link #accept} must be called with the verdict. */
    CompletableFuture<Verdict> checkAsync(Passage passage) {
        Optional<Window> window = passage.window();
        if (passage.interim()) {
            return guard.checkInterimAsync(conversation(), passage.text());
        }
        return window.isPresent()
                ? guard.checkWindowAsync(conversation(), passage.text(), passage.head(), window.get())
                : guard.checkAsync(conversation(), passage.text());
    }

    /** Records the verdict on a text that was to be checked. */
    void accept(Passage passage, Verdict result) {
        if (doubted != null && !complete) {
            doubtAllowed = result.released();
            verdict = doubtAllowed ? null : doubted;
        } else if (passage.window().isEmpty()) {
            finished = result.released();
            verdict = finished ? moreSevere(result, worst) : result;
            releasable = finished ? buffer().length() : releasable;
        } else if (!shadow && waitsForMore(result)) {
            buffer().hold();
        } else if (result.released()) {
            // Once a stream turned out to be in another language, its windows need not wait for more text each time.
            heldSteps = mayBecomeReadable(result) ? heldSteps : 0;
            doubtfulSteps = 0;
            worst = worst == null ? result : moreSevere(worst, result);
            buffer().pass();
            releasable = Math.max(releasable, buffer().passed());
        } else if (mayBeInterim(passage, result)) {
            doubted = result;
        } else {
            verdict = result;
        }
    }

    /** Returns whether a window that is blocked as part of a response may be said before calls of tools instead. */
    private boolean mayBeInterim(Passage passage, Verdict result) {
        return interim != null
                && result.isChecked()
                && passage.window().orElseThrow().end() <= SafetyGuard.MAX_INTERIM;
    }

    /**
     * Returns the more severe of two verdicts, or the one that could not be checked; the first if they are equally
     * severe.
     */
    private static Verdict moreSevere(Verdict first, @Nullable Verdict second) {
        if (second == null) {
            return first;
        }
        int severity = second.outcome().compareTo(first.outcome());
        return severity > 0 || (severity == 0 && first.isChecked() && !second.isChecked()) ? second : first;
    }

    /** Returns whether to check a window again with more text. */
    private boolean waitsForMore(Verdict result) {
        if (mayTurnOutHarmless(result)) {
            doubtfulSteps++;
            return restChecked || doubtfulSteps <= MAX_DOUBTFUL_STEPS;
        }
        if (!mayBecomeReadable(result)) {
            return false;
        }
        heldSteps++;
        // At the end there is no more text, and the final check decides.
        return restChecked || heldSteps <= MAX_HELD_STEPS;
    }

    /** Returns whether a text is blocked as harmful by so little that more text may show it as harmless. */
    private static boolean mayTurnOutHarmless(Verdict result) {
        return result.outcome() == Outcome.BLOCK
                && result.reason() == Reason.HARMFUL
                && result.probability().orElse(1) < MAX_HELD_PROBABILITY;
    }

    /** Returns whether a text has no words, or seems foreign, which more text may change. */
    private static boolean mayBecomeReadable(Verdict result) {
        return result.assessment().orElse(null) instanceof Unscored unscored
                && switch (unscored.reason()) {
                    case EMPTY_RESPONSE, UNSUPPORTED_LANGUAGE, NO_WORDS -> true;
                    default -> false;
                };
    }

    /** Ends the stream for a reason other than its text. */
    void end(Reason reason) {
        verdict = guard.block(conversation(), reason, new Window(0, buffer().length()));
    }

    /** Returns whether there is text that may be shown and was not taken. */
    boolean hasReleased() {
        return released < releasable || !beyond.isEmpty();
    }

    /** Takes the text that may be shown. */
    String takeReleased() {
        String text = buffer().text(released, releasable) + beyond;
        released = releasable;
        beyond.setLength(0);
        return text;
    }

    /** Returns the verdict that ended the stream; null until it has ended. */
    @Nullable
    Verdict verdict() {
        return verdict;
    }

    /** Returns whether the stream ended with the whole response released. */
    boolean isFinished() {
        return finished;
    }

    private Conversation conversation() {
        if (conversation == null) {
            throw new IllegalStateException("stream must be open, but was not");
        }
        return conversation;
    }

    private WindowBuffer buffer() {
        if (buffer == null) {
            throw new IllegalStateException("stream must be open, but was not");
        }
        return buffer;
    }

    /** Returns whether a token has nothing to show, so that a source that sends only such ones sends no text. */
    static boolean isBlank(String token) {
        return Exchange.responseOnly(token).hasBlankResponse();
    }

    /** Forgets the texts. */
    void forget() {
        buffer = null;
        conversation = null;
    }
}
