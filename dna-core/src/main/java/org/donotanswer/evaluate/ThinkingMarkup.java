package org.donotanswer.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Divides a text into answer, thinking and the markup between them. Every character of the text is in exactly one
 * segment. Stateless, hence thread-safe.
 */
final class ThinkingMarkup {
    /** Bounds the time for texts that consist of tags; no model writes so many layers. */
    private static final int MAX_PASSES = 16;

    /** Bounds the time for huge texts: those of more than 256 K characters get fewer passes, but at least two. */
    private static final int MAX_CHARS = 1 << 22;

    /** What every kind of markup has at least one of, so that other texts are left alone at once. */
    private static final Pattern SIGN = Pattern.compile(
            "<\\s?/?\\s?(?:think|thought|reasoning|scratchpad|antthinking|seed:think|mm:think|internal_reasoning|details\\s)"
                    + "|<\\|/?(?:channel|start|end|begin_of_thought|think|thought|reasoning)|\\[/?think\\]|◁/?think▷|<unused94>"
                    + "|my thought process:|my reasoning steps:|assistantfinal|```(?:think|thought|reasoning)",
            Pattern.CASE_INSENSITIVE);

    private ThinkingMarkup() {}

    /** What a part of a text is. */
    enum Kind {
        /** For the user. */
        ANSWER,
        /** Not for the user. */
        THINKING,
        /** Tags, and white space beside them. */
        MARKUP
    }

    /** A part of a text. */
    record Segment(Kind kind, String text) {}

    /** A text as segments; together they are the text. */
    record Division(List<Segment> segments, boolean cutOff) {
        boolean isUndivided() {
            return segments.size() <= 1 && segments.stream().allMatch(segment -> segment.kind() == Kind.ANSWER);
        }
    }

    /** Returns the segments of a text. */
    static Division divide(String text) {
        if (!SIGN.matcher(text).find()) {
            return new Division(text.isEmpty() ? List.of() : List.of(new Segment(Kind.ANSWER, text)), false);
        }
        Kind[] kinds = new Kind[text.length()];
        Arrays.fill(kinds, Kind.ANSWER);
        boolean cutOff = false;
        String answer = text;
        int[] positions = null;
        // What follows one kind of markup may be in another; the answer is a text that no pass divides further.
        int passes = Math.max(2, Math.min(MAX_PASSES, MAX_CHARS / text.length()));
        for (int pass = 0; pass < passes; pass++) {
            Marks marks = marks(answer);
            if (marks.isEmpty()) {
                break;
            }
            cutOff |= marks.cutOff();
            for (Marks.Range range : marks.ranges()) {
                for (int i = range.from(); i < range.to(); i++) {
                    kinds[positions == null ? i : positions[i]] = range.kind();
                }
            }
            positions = answerPositions(kinds);
            answer = textAt(text, positions);
        }
        return new Division(segments(text, kinds), cutOff);
    }

    private static Marks marks(String text) {
        Marks marks = Channels.find(text);
        if (marks.isEmpty()) {
            marks = new ThinkingBlocks(text).find();
        }
        return marks;
    }

    private static int[] answerPositions(Kind[] kinds) {
        int[] positions = new int[kinds.length];
        int count = 0;
        for (int i = 0; i < kinds.length; i++) {
            if (kinds[i] == Kind.ANSWER) {
                positions[count++] = i;
            }
        }
        return Arrays.copyOf(positions, count);
    }

    private static String textAt(String text, int[] positions) {
        StringBuilder part = new StringBuilder(positions.length);
        for (int position : positions) {
            part.append(text.charAt(position));
        }
        return part.toString();
    }

    private static List<Segment> segments(String text, Kind[] kinds) {
        List<Segment> segments = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= kinds.length; i++) {
            if (i == kinds.length || kinds[i] != kinds[from]) {
                segments.add(new Segment(kinds[from], text.substring(from, i)));
                from = i;
            }
        }
        return segments;
    }

    /** Returns the first position from the given one that is not white space or a byte order mark. */
    static int skipSpace(String text, int from) {
        int i = from;
        while (i < text.length() && (Character.isWhitespace(text.charAt(i)) || text.charAt(i) == '\uFEFF')) {
            i++;
        }
        return i;
    }

    /** The ranges of a text that are not its answer. Not thread-safe. */
    static final class Marks {
        private final List<Range> ranges = new ArrayList<>();
        private boolean cutOff;

        /** A range of a text. */
        record Range(Kind kind, int from, int to) {}

        void mark(Kind kind, int from, int to) {
            if (from < to) {
                ranges.add(new Range(kind, from, to));
            }
        }

        void markCutOff() {
            cutOff = true;
        }

        List<Range> ranges() {
            return ranges;
        }

        boolean cutOff() {
            return cutOff;
        }

        boolean isEmpty() {
            return ranges.isEmpty();
        }
    }

    /**
     * The channels of OpenAI's open models: messages like {@code <|channel|>analysis<|message|>..<|end|>}. Those on the
     * final channel, and comments that are not addressed to a tool, are for the user.
     */
    private static final class Channels {
        private static final Pattern HEADER = Pattern.compile(
                "(?:<\\|start\\|>[^<]{0,200})?<\\|channel\\|>\\s*+([a-z_]++)([^<]{0,200}(?:<\\|constrain\\|>[^<]{0,50})?)<\\|message\\|>",
                Pattern.CASE_INSENSITIVE);
        private static final Pattern END = Pattern.compile("<\\|(?:end|return|call)\\|>");
        private static final String END_OF_MESSAGE = "<|end|>";

        private Channels() {}

        static Marks find(String text) {
            Marks marks = new Marks();
            Matcher header = HEADER.matcher(text);
            int start = ThinkingMarkup.skipSpace(text, 0);
            if (header.region(start, text.length()).lookingAt()) {
                marks.mark(Kind.MARKUP, 0, start);
            } else if (header.region(start, text.length()).find() && endsMessage(text, header)) {
                // The prompt of the model ended with the header of its first message, which is thinking.
                int end = text.lastIndexOf(END_OF_MESSAGE, header.start());
                marks.mark(Kind.THINKING, 0, end);
                marks.mark(Kind.MARKUP, end, header.start());
            } else {
                return marks;
            }
            messages(text, header, marks);
            return marks;
        }

        private static boolean endsMessage(String text, Matcher header) {
            return text.substring(0, header.start()).stripTrailing().endsWith(END_OF_MESSAGE)
                    && !new CodeSpans(text).contain(0, header.start());
        }

        /** Marks the messages from the header that was found. */
        private static void messages(String text, Matcher header, Marks marks) {
            boolean answered = false;
            boolean found = true;
            while (found) {
                boolean shown = isShown(header.group(1), header.group(2));
                answered |= shown;
                marks.mark(Kind.MARKUP, header.start(), header.end());
                int body = header.end();
                found = header.region(body, text.length()).find();
                int next = found ? header.start() : text.length();
                Matcher end = END.matcher(text).region(body, next);
                boolean ended = end.find();
                if (!shown) {
                    marks.mark(Kind.THINKING, body, ended ? end.start() : next);
                }
                if (ended) {
                    marks.mark(Kind.MARKUP, end.start(), ThinkingMarkup.skipSpace(text, end.end()));
                }
            }
            if (!answered) {
                marks.markCutOff();
            }
        }

        private static boolean isShown(String channel, String rest) {
            return channel.equalsIgnoreCase("final")
                    || (channel.equalsIgnoreCase("commentary") && !rest.contains("to="));
        }
    }
}
