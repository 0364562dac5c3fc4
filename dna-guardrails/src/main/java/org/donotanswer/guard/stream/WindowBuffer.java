package org.donotanswer.guard.stream;

import org.donotanswer.guard.Verdict.Window;
import org.jspecify.annotations.Nullable;

/**
 * Holds the text of an answer and cuts it into windows. Where they begin and end hangs on the text alone, never on how it was
 * cut into tokens, nor on time. Not thread-safe.
 *
 * <p>A window ends at the first sentence end after at least the minimum step of new chars, or else at the maximum step: there
 * between words, if it can. Neighbouring windows share the overlap, which is held back until the second has passed, too; so a
 * span of text that is no longer than the overlap lies in one window as a whole, and nothing of it is released before that
 * window has passed. Each window has at least the minimum step that none before it had, hence all of them together are no longer
 * than the text times a constant.
 *
 * <p>What a text says often hangs on how the answer began; so each window has a head, which may clear a small doubt of it.
 */
final class WindowBuffer {
    private final WindowSizes sizes;
    private final StringBuilder text = new StringBuilder();

    /** Where the next window begins: all before it has passed, and lies in no window to come. */
    private int windowStart;

    /** Where the last window ended. */
    private int stepStart;

    /** Up to where the end of the next window was looked for. */
    private int scanned;

    /** The last place between words in this step, or -1. */
    private int lastSpace = -1;

    /** The end of the window that is being judged. */
    private int windowEnd;

    /** Where the head ends; -1 as long as it is not known. */
    private int headEnd = -1;

    WindowBuffer(WindowSizes sizes) {
        this.sizes = sizes;
    }

    void append(CharSequence token) {
        text.append(token);
    }

    int length() {
        return text.length();
    }

    String text(int start, int end) {
        return text.substring(start, end);
    }

    /** Returns what stands before a window, or, where that is long, its beginning; with a line break if there is text between. */
    String head(Window window) {
        if (window.start() <= sizes.head()) {
            return text.substring(0, window.start());
        }
        if (headEnd < 0) {
            headEnd = headEnd();
        }
        return headEnd == 0 ? "" : text.substring(0, headEnd) + "\n";
    }

    /** Between words, so that its last and the window's first make no other word. */
    private int headEnd() {
        for (int i = sizes.head(); i > sizes.head() / 2; i--) {
            if (SentenceEnds.isSpace(text.charAt(i))) {
                return i;
            }
        }
        return notWithinPair(sizes.head());
    }

    /** Returns the number of chars of which all windows have passed. */
    int passed() {
        return windowStart;
    }

    /** Returns the next complete window; null if it takes more text. */
    @Nullable
    Window next() {
        int end = findEnd();
        return end < 0 ? null : window(end);
    }

    /** Returns the window of what is left at the answer's end; null if none of it is new, or it is all of the answer. */
    @Nullable
    Window rest() {
        return windowStart == 0 || stepStart == text.length() ? null : window(text.length());
    }

    private Window window(int end) {
        windowEnd = end;
        return new Window(windowStart, end);
    }

    /** Takes note that the last window passed. */
    void pass() {
        windowStart = Math.max(windowStart, overlapStart(windowEnd));
        hold();
    }

    /** Takes note that the last window is to be judged again, with more text. */
    void hold() {
        stepStart = windowEnd;
        scanned = windowEnd;
        lastSpace = -1;
    }

    /** Looks at each char once, but for those after an early cut, and not at those before the step is large enough. */
    private int findEnd() {
        // Long, as the sizes may be anything.
        long step = sizes.stepAt(stepStart);
        long least = stepStart + step;
        long most = stepStart + Math.min(2 * step, sizes.maximumStep());
        scanned = (int) Math.min(Integer.MAX_VALUE, Math.max(scanned, least - 1));
        while (scanned < text.length()) {
            int i = scanned++;
            char c = text.charAt(i);
            if (i >= least && SentenceEnds.isSpace(c)) {
                if (SentenceEnds.isBefore(text, i)) {
                    return i;
                }
                lastSpace = i;
            }
            if (SentenceEnds.isAfter(c)) {
                return i + 1;
            }
            if (i + 1 == most) {
                return lastSpace >= 0 ? lastSpace : notWithinPair(i + 1);
            }
        }
        return -1;
    }

    /** Where the window after one that ends at a place begins: at a sentence or word, if there is one near. */
    private int overlapStart(int end) {
        int latest = end - sizes.overlap();
        int earliest = Math.max(windowStart, latest - sizes.overlap());
        int betweenWords = -1;
        for (int i = latest; i > earliest; i--) {
            if (SentenceEnds.isAfter(text.charAt(i - 1))) {
                return i;
            }
            if (i < text.length() && SentenceEnds.isSpace(text.charAt(i))) {
                if (SentenceEnds.isBefore(text, i)) {
                    return i;
                }
                betweenWords = Math.max(betweenWords, i);
            }
        }
        return betweenWords >= 0 ? betweenWords : notWithinPair(Math.max(latest, 0));
    }

    /** Moves a cut back by one if the char before it may be the first half of a surrogate pair. */
    private int notWithinPair(int cut) {
        return cut > 0 && Character.isHighSurrogate(text.charAt(cut - 1)) ? cut - 1 : cut;
    }
}
