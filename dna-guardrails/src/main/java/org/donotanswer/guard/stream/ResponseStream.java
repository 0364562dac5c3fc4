package org.donotanswer.guard.stream;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.Verdict.Window;
import org.donotanswer.guard.policy.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One answer on its way: says what is to be judged next, and what may be released after it was. Every form of streaming does
 * what this says, one step at a time. Not thread-safe.
 */
final class ResponseStream {
    /** How often a window that cannot be scored is read again with more text, before the fail mode decides. */
    static final int HELD_STEPS = 3;

    /**
     * What is to be judged next.
     *
     * @param text what to judge
     * @param head what stands before it
     * @param window where it lies in the answer; empty if it is all of the answer, which is complete
     */
    record Passage(String text, String head, Optional<Window> window) {}

    private final SafetyGuard guard;
    private final StreamGuard settings;
    private final boolean shadow;
    private @Nullable Conversation conversation;
    private @Nullable WindowBuffer buffer;
    private int heldSteps;
    private boolean tooLong;
    private boolean complete;
    private boolean restJudged;
    private int releasable;
    private int released;
    /** The most severe verdict on a window that was released, by review, shadow mode or a guard that fails open. */
    private @Nullable Verdict worst;

    /** What came beyond the cap in shadow mode, which shows everything, and was not taken. */
    private final StringBuilder beyond = new StringBuilder();

    private @Nullable Verdict verdict;
    private boolean finished;

    ResponseStream(StreamGuard settings, Conversation conversation) {
        this.settings = settings;
        this.conversation = conversation;
        guard = settings.guard();
        shadow = guard.policy().shadow();
        buffer = new WindowBuffer(settings.sizes());
    }

    /** Adds a token; what is beyond the cap is not kept, and not shown but in shadow mode. */
    void append(String token) {
        int room = settings.maxCharacters() - buffer().length();
        tooLong |= token.length() > room;
        buffer().append(token.length() > room ? token.substring(0, room) : token);
        if (shadow) {
            releasable = buffer().length();
            beyond.append(token, Math.min(token.length(), room), token.length());
        }
    }

    /** Takes note that there are no more tokens. */
    void complete() {
        complete = true;
    }

    /** Returns what is to be judged next; null if it takes more text, or the stream has ended. */
    @Nullable
    Passage next() {
        if (verdict != null) {
            return null;
        }
        Window window = settings.holdsWholeAnswer() ? null : buffer().next();
        if (window == null && tooLong && (complete || !shadow)) {
            end(Reason.TOO_LONG);
            finished = shadow;
            return null;
        }
        if (window == null && !complete) {
            return null;
        }
        if (window == null && !restJudged) {
            restJudged = true;
            window = settings.holdsWholeAnswer() ? null : buffer().rest();
        }
        return window == null
                ? new Passage(buffer().text(0, buffer().length()), "", Optional.empty())
                : new Passage(buffer().text(window.start(), window.end()), buffer().head(window), Optional.of(window));
    }

    /** Has the guard judge what was to be judged, on this thread. */
    void check(Passage passage) {
        Optional<Window> window = passage.window();
        answer(
                passage,
                window.isPresent()
                        ? guard.checkWindow(conversation(), passage.text(), passage.head(), window.get())
                        : guard.check(conversation(), passage.text()));
    }

    /** Has the guard judge it where that does not keep this thread waiting; {@link #answer} is still to be called. */
    CompletableFuture<Verdict> checkAsync(Passage passage) {
        Optional<Window> window = passage.window();
        return window.isPresent()
                ? guard.checkWindowAsync(conversation(), passage.text(), passage.head(), window.get())
                : guard.checkAsync(conversation(), passage.text());
    }

    /** Takes note of the verdict on what was to be judged. */
    void answer(Passage passage, Verdict answer) {
        if (passage.window().isEmpty()) {
            finished = answer.released();
            verdict = finished ? worse(answer, worst) : answer;
            releasable = finished ? buffer().length() : releasable;
        } else if (!shadow && waitsForMore(answer)) {
            buffer().hold();
        } else if (answer.released()) {
            heldSteps = 0;
            worst = worst == null ? answer : worse(worst, answer);
            buffer().pass();
            releasable = Math.max(releasable, buffer().passed());
        } else {
            verdict = answer;
        }
    }

    /** Returns the more severe of two verdicts, or the one that was not judged; the first, if they are alike. */
    private static Verdict worse(Verdict first, @Nullable Verdict second) {
        if (second == null) {
            return first;
        }
        int severity = second.outcome().compareTo(first.outcome());
        return severity > 0 || (severity == 0 && first.isChecked() && !second.isChecked()) ? second : first;
    }

    /** Returns whether to read a window again with more text: it has no words, or seems foreign, which more text may change. */
    private boolean waitsForMore(Verdict answer) {
        if (answer.reason() != Reason.NOT_JUDGED
                || !(answer.assessment().orElse(null) instanceof Unscored unscored)
                || (unscored.reason() != UnscoredReason.EMPTY_RESPONSE
                        && unscored.reason() != UnscoredReason.UNSUPPORTED_LANGUAGE)) {
            return false;
        }
        heldSteps++;
        // Of what is left at the end there is no more text, and the final check decides.
        return restJudged || heldSteps <= HELD_STEPS;
    }

    /** Ends the stream for another reason than its text. */
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

    /** Returns the verdict that ended the stream; null as long as it has not. */
    @Nullable
    Verdict verdict() {
        return verdict;
    }

    /** Returns whether it ended with all of the answer released. */
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

    /** Forgets the texts. */
    void forget() {
        buffer = null;
        conversation = null;
    }
}
