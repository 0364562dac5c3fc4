package org.donotanswer.evaluate;

import java.util.Arrays;

/**
 * Where a text has Markdown code: each position is looked up, as hostile texts have more tags and backticks than there is time to
 * scan from each. Immutable, hence thread-safe.
 */
final class CodeSpans {
    private static final int FENCE_LENGTH = 3;

    private final int[] newLines;
    private final int[] returns;
    private final int[] ticks;

    /** For each backtick, the index of the first one after it that does not follow directly. */
    private final int[] runEnds;

    /** For each number of backticks, how many fences begin in so many; a fence is three of a run, without overlap. */
    private final int[] fences;

    private final int lastFence;

    CodeSpans(String text) {
        newLines = positions(text, '\n');
        returns = positions(text, '\r');
        ticks = positions(text, '`');
        runEnds = new int[ticks.length];
        fences = new int[ticks.length + 1];
        int last = -1;
        for (int from = 0; from < ticks.length; from = runEnds[from]) {
            int to = from + 1;
            while (to < ticks.length && ticks[to] == ticks[to - 1] + 1) {
                to++;
            }
            Arrays.fill(runEnds, from, to, to);
            for (int i = from; i < to; i++) {
                fences[i + 1] = fences[from] + fencesOfRun(from, to, i + 1);
            }
            last = to - from >= FENCE_LENGTH ? ticks[to - FENCE_LENGTH] : last;
        }
        lastFence = last;
    }

    private static int[] positions(String text, char c) {
        int[] positions = new int[16];
        int count = 0;
        for (int i = text.indexOf(c); i >= 0; i = text.indexOf(c, i + 1)) {
            if (count == positions.length) {
                positions = Arrays.copyOf(positions, 2 * count);
            }
            positions[count++] = i;
        }
        return Arrays.copyOf(positions, count);
    }

    /** Returns how many fences of a run of backticks begin before one, or the end of the run. */
    private static int fencesOfRun(int from, int to, int before) {
        return Math.min((before - from + FENCE_LENGTH - 1) / FENCE_LENGTH, (to - from) / FENCE_LENGTH);
    }

    /** Returns whether a position is within a block or a span of code that begins at or after another. */
    boolean contain(int from, int position) {
        int tick = countBefore(ticks, position);
        if (fencesBetween(countBefore(ticks, from), tick) % 2 == 1) {
            return lastFence >= position;
        }
        int lineStart = Math.max(from, Math.max(lastBefore(newLines, position), lastBefore(returns, position)) + 1);
        boolean open = (tick - countBefore(ticks, lineStart)) % 2 == 1;
        if (!open || tick == ticks.length) {
            return false;
        }
        int line = countBefore(newLines, position);
        return line == newLines.length || ticks[tick] < newLines[line];
    }

    private int fencesBetween(int from, int to) {
        if (from >= to) {
            return 0;
        }
        int runEnd = runEnds[from];
        int first = fencesOfRun(from, runEnd, Math.min(to, runEnd));
        return to > runEnd ? first + fences[to] - fences[runEnd] : first;
    }

    private static int lastBefore(int[] sorted, int position) {
        int count = countBefore(sorted, position);
        return count == 0 ? -1 : sorted[count - 1];
    }

    private static int countBefore(int[] sorted, int position) {
        int found = Arrays.binarySearch(sorted, position);
        return found < 0 ? -found - 1 : found;
    }
}
