package org.donotanswer.classifier.embedded;

/** The views of an instruction, each a bag of features of one kind, scaled to unit length together. */
public enum InstructionView {
    /** Distinct words that are not function words. */
    WORDS,
    /** Distinct function words: what is asked for, rather than of what. */
    FUNCTION_WORDS,
    /** Pairs of neighbouring words. */
    WORD_PAIRS,
    /** Pairs of words with nothing but function words between. */
    CONTENT_PAIRS,
    /** Three to five characters within the distinct words that are not function words. */
    WORD_CHARACTERS,
    /** Two to four words at the start. */
    START,
    /** Whether it is a question, and how long it is. */
    SHAPE,
    /** Classes of risky matters, and pairs of them. */
    RISKS;

    /** The number of views. */
    public static final int COUNT = values().length;

    /** Returns its place in the order of the views, by which tables are laid out. */
    @SuppressWarnings("EnumOrdinal") // the order is part of the model's format
    public int index() {
        return ordinal();
    }
}
