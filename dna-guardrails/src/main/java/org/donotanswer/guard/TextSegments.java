package org.donotanswer.guard;

/**
 * The parts of a text, or of its instruction, that is too long to be read at once, each beside an abridged form of the other. Not
 * thread-safe.
 */
final class TextSegments {
    /** The longest part that is read at once, below what the embedded model reads. */
    static final int LONGEST = 8_000;
    /** The length down to which both are cut alike. */
    static final int SHORT = 500;
    /** The shortest, for evaluators that read little, of scripts of which each character is several of their tokens. */
    static final int SHORTEST = 125;
    /** What is left of the other beside a short part, before it is left out. */
    static final int LEAST_BESIDE = 100;
    /** How much two neighbouring parts share, as a share of their length: what is cut in one is whole in the other. */
    private static final int OVERLAP_SHARE = 8;

    private final String read;
    private final String other;
    private final boolean ofText;
    private int size;
    private int beside;
    private int start;
    private int end;

    private TextSegments(String read, String other, boolean ofText, int size) {
        this.read = read;
        this.other = other;
        this.ofText = ofText;
        this.size = size;
        beside = size;
        // That they are too long together is known.
        while (this.size > SHORT && Math.max(read.length(), other.length()) <= this.size) {
            cut(this.size / 2);
        }
        end = end();
    }

    /** Returns the parts of a text. */
    static TextSegments ofText(String text, String instruction) {
        return new TextSegments(text, instruction, true, LONGEST);
    }

    /** Returns the parts, of that size at most, of a text's instruction. */
    static TextSegments ofInstruction(String instruction, String text, int size) {
        return new TextSegments(instruction, text, false, size);
    }

    /** Returns whether there is a part to read. */
    boolean hasNext() {
        return start < read.length();
    }

    /** Goes on to the next part. */
    void next() {
        start = end == read.length() ? end : charBoundary(end - size / OVERLAP_SHARE);
        end = end();
    }

    /**
     * Has this part and those to come be shorter, together with what is beside them; the latter at the expense of the former once
     * both are short. Returns false if they are as short as they get.
     */
    boolean shrink() {
        if (size > SHORT) {
            cut(size / 2);
        } else if (beside > LEAST_BESIDE && !other.isEmpty()) {
            beside = LEAST_BESIDE;
        } else if (beside > 0 && ofText && !other.isEmpty()) {
            beside = 0;
        } else if (size > SHORTEST) {
            size = Math.max(SHORTEST, size / 2);
        } else {
            return false;
        }
        end = end();
        return true;
    }

    private void cut(int chars) {
        size = chars;
        beside = chars;
    }

    /** Returns the instruction to read, or the part of it. */
    String instruction() {
        return ofText ? Texts.abridged(other, beside) : part();
    }

    /** Returns the text to read, or the part of it. */
    String text() {
        return ofText ? part() : shown();
    }

    /** Returns how many chars a part has at most. */
    int size() {
        return size;
    }

    /** Returns how many chars of the other are beside it at most. */
    int beside() {
        return beside;
    }

    private String part() {
        return read.substring(start, end);
    }

    /** Beside an instruction there is something of the text that can be seen: nothing is no answer, and would pass as such. */
    private String shown() {
        String shown = Texts.abridged(other, beside);
        for (int i = 0; i < other.length() && Texts.isBlank(shown); i += beside) {
            shown = other.substring(i, Math.min(other.length(), i + beside));
        }
        return shown;
    }

    private int end() {
        return charBoundary(Math.min(read.length(), start + size));
    }

    /** Returns the index, or the one after it if a surrogate pair would be cut. */
    private int charBoundary(int index) {
        return index > 0
                        && index < read.length()
                        && Character.isLowSurrogate(read.charAt(index))
                        && Character.isHighSurrogate(read.charAt(index - 1))
                ? index + 1
                : index;
    }
}
