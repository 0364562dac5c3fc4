package org.donotanswer.guard;

/**
 * Iterates over the segments of a text, or of its instruction, that is too long to be read at once, each beside an
 * abridged form of the other. Not thread-safe.
 */
final class TextSegments {
    /** Maximum length of a segment, below what the embedded model reads. */
    static final int MAX_SIZE = 8_000;
    /** The length down to which a segment and the text beside it are shortened alike. */
    static final int SHORT_SIZE = 500;
    /**
     * Minimum length of a segment: for evaluators that read little, in scripts where a character is several of their
     * tokens.
     */
    static final int MIN_SIZE = 125;
    /** Length of the text beside a short segment, before it is dropped. */
    static final int MIN_BESIDE = 100;
    /**
     * Neighbouring segments overlap by this fraction of their length, so that what is cut in one is whole in the
     * other.
     */
    private static final int OVERLAP_DIVISOR = 8;

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
        // Both together are known to be too long.
        while (this.size > SHORT_SIZE && Math.max(read.length(), other.length()) <= this.size) {
            cut(this.size / 2);
        }
        end = end();
    }

    /** Returns the segments of a text. */
    static TextSegments ofText(String text, String instruction) {
        return new TextSegments(text, instruction, true, MAX_SIZE);
    }

    /** Returns the segments of a text's instruction, with a maximum size. */
    static TextSegments ofInstruction(String instruction, String text, int size) {
        return new TextSegments(instruction, text, false, size);
    }

    /** Returns whether there is a segment left. */
    boolean hasNext() {
        return start < read.length();
    }

    /** Moves on to the next segment. */
    void next() {
        start = end == read.length() ? end : charBoundary(end - size / OVERLAP_DIVISOR);
        end = end();
    }

    /**
     * Makes this segment and the following ones shorter, together with the text beside them; once both are short, the
     * text beside them first. Returns false if they are as short as possible.
     */
    boolean shrink() {
        if (size > SHORT_SIZE) {
            cut(size / 2);
        } else if (beside > MIN_BESIDE && !other.isEmpty()) {
            beside = MIN_BESIDE;
        } else if (beside > 0 && ofText && !other.isEmpty()) {
            beside = 0;
        } else if (size > MIN_SIZE) {
            size = Math.max(MIN_SIZE, size / 2);
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

    /** Returns the instruction to evaluate, or the segment of it. */
    String instruction() {
        return ofText ? Texts.abridged(other, beside) : segment();
    }

    /** Returns the text to evaluate, or the segment of it. */
    String text() {
        return ofText ? segment() : besideInstruction();
    }

    /** Returns the maximum length of a segment, in chars. */
    int size() {
        return size;
    }

    /** Returns the maximum length of the text beside a segment, in chars. */
    int beside() {
        return beside;
    }

    private String segment() {
        return read.substring(start, end);
    }

    /** Returns the text to put beside an instruction. It is not blank: a blank text would pass as no response. */
    private String besideInstruction() {
        String shown = Texts.abridged(other, beside);
        for (int i = 0; i < other.length() && Texts.isBlank(shown); i += beside) {
            shown = other.substring(i, Math.min(other.length(), i + beside));
        }
        return shown;
    }

    private int end() {
        return charBoundary(Math.min(read.length(), start + size));
    }

    /** Returns the index, or the next one if it would split a surrogate pair. */
    private int charBoundary(int index) {
        return index < read.length()
                        && Character.isLowSurrogate(read.charAt(index))
                        && Character.isHighSurrogate(read.charAt(index - 1))
                ? index + 1
                : index;
    }
}
