package org.donotanswer.classifier.embedded;

/** The views of a response. A view is a bag of features of one kind, scaled to unit length. */
public enum ResponseView {
    /** Distinct words that are not function words. */
    WORDS,
    /** Distinct function words. */
    FUNCTION_WORDS,
    /** Pairs of neighbouring words. */
    WORD_PAIRS,
    /** Runs of three words. */
    WORD_TRIPLES,
    /** Pairs of neighbouring words or punctuation marks. */
    TOKEN_PAIRS,
    /** One to four characters within the first 120. */
    HEAD_CHARACTERS,
    /** One to three words or punctuation marks within the first 24. */
    HEAD_TOKENS,
    /** Two to four words at the start of each sentence. */
    SENTENCE_STARTS,
    /** The start marker and up to four words at the start of each clause. */
    CLAUSE_STARTS,
    /** One to three characters within the last 200. */
    TAIL_CHARACTERS,
    /** Three to five characters within the distinct words. */
    WORD_CHARACTERS,
    /** Cue classes. */
    CUES,
    /** One to four consecutive cue classes within a clause. */
    CUE_SEQUENCES,
    /** Classes of risky topics. */
    RISKS;

    /** The number of views. */
    public static final int COUNT = values().length;

    /** Returns the position of the view in the tables of a model. */
    @SuppressWarnings("EnumOrdinal") // the order is part of the model's format
    public int index() {
        return ordinal();
    }
}
