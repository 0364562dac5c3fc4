package org.donotanswer.guard.stream;

import org.donotanswer.guard.Verdict.Window;
import org.jspecify.annotations.Nullable;

/**
 * Holds the text of a response and cuts it into windows. Where they begin and end depends only on the text, not on how
 * it was split into tokens, nor on time. Not thread-safe.
 *
 * <p>A window ends at the first end of a sentence after the minimum step of new chars, or else at the maximum step,
 * between words if possible. Neighbouring windows share the overlap, which is withheld until the second one has passed
 * as well; so a span of text that is not longer than the overlap lies completely in one window, and none of it is
 * released before that window has passed. Each window has at least the minimum step of chars that no earlier one had,
 * so all of them together are not longer than the text times a constant.
 *
 * <p>The meaning of a text often depends on how the response began; so each window has a head, which may clear a small
 * doubt about it.
 */
final class WindowBuffer {
    private final WindowSizes sizes;
    private final StringBuilder text = new StringBuilder();

    /** Start of the next window: everything before it has passed and is in no further window. */
    private int windowStart;

    /** End of the last window. */
    private int stepStart;

    /** How far the end of the next window was searched for. */
    private int scanned;

    /** The last place between words in this step, or -1. */
    private int lastSpace = -1;

    /** End of the window that is being checked. */
    private int windowEnd;

    /** End of the head; -1 until it is known. */
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

    /**
     * Returns the text before a window or, if that is long, its beginning; with a line break if there is text in
     * between.
     */
    String head(Window window) {
        if (window.start() <= sizes.head()) {
            return text.substring(0, window.start());
        }
        if (headEnd < 0) {
            headEnd = headEnd();
        }
        return headEnd == 0 ? "" : text.substring(0, headEnd) + "\n";
    }

    /** Returns an end between words, so that the head's last word and the window's first do not form another word. */
    private int headEnd() {
        for (int i = sizes.head(); i > sizes.head() / 2; i--) {
            if (SentenceEnds.isSpace(text.charAt(i))) {
                return i;
            }
        }
        return notWithinPair(sizes.head());
    }

    /** Returns the number of chars all of whose windows have passed. */
    int passed() {
        return windowStart;
    }

    /** Returns the next complete window; null if more text is needed. */
    @Nullable
    Window next() {
        int end = findEnd();
        return end < 0 ? null : window(end);
    }

    /**
     * Returns the window of the rest at the end of the response; null if none of it is new, or it is the whole
     * response.
     */
    @Nullable
    Window rest() {
        return windowStart == 0 || stepStart == text.length() ? null : window(text.length());
    }

    private Window window(int end) {
        windowEnd = end;
        return new Window(windowStart, end);
    }

    /** Records that the last window passed. */
    void pass() {
        windowStart = Math.max(windowStart, overlapStart(windowEnd));
        hold();
    }

    /** Records that the last window is to be checked again, with more text. */
    void hold() {
        stepStart = windowEnd;
        scanned = windowEnd;
        lastSpace = -1;
    }

    /** Searches each char once, except after an early cut, and only where the step is large enough. */
    private int findEnd() {
        // A long, because the sizes may be any int.
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

    /**
     * Returns the start of the window after one that ends at a place: at a sentence or word, if there is one nearby.
     */
    private int overlapStart(int end) {
        int latest = end - sizes.overlap();
        int earliest = Math.max(windowStart, latest - sizes.overlap());
        int betweenWords = -1;
        for (int i = latest; i > earliest; i--) {
            if (SentenceEnds.isAfter(text.charAt(i - 1))) {
                return i;
            }
            if (SentenceEnds.isSpace(text.charAt(i))) {
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
