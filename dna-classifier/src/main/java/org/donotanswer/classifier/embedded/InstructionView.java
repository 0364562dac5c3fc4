package org.donotanswer.classifier.embedded;

/** The views of an instruction. A view is a bag of features of one kind, scaled to unit length. */
public enum InstructionView {
    /** Distinct words that are not function words. */
    WORDS,
    /** Distinct function words, which show what is asked for rather than about what. */
    FUNCTION_WORDS,
    /** Pairs of neighbouring words. */
    WORD_PAIRS,
    /** Pairs of content words with only function words between them. */
    CONTENT_PAIRS,
    /** Three to five characters within the distinct words that are not function words. */
    WORD_CHARACTERS,
    /** Two to four words at the start. */
    START,
    /** Whether the instruction is a question, and the magnitude of its length. */
    SHAPE,
    /** Classes of risky topics, and pairs of them. */
    RISKS;

    /** The number of views. */
    public static final int COUNT = values().length;

    /** Returns the position of the view in the tables of a model. */
    @SuppressWarnings("EnumOrdinal") // the order is part of the model's format
    public int index() {
        return ordinal();
    }
}
