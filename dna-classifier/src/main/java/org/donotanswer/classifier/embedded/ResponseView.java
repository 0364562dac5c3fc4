package org.donotanswer.classifier.embedded;

/** The views of a response, each a bag of features of one kind, scaled to unit length together. */
public enum ResponseView {
    /** Distinct words that are not function words. */
    WORDS,
    /** Distinct function words. */
    FUNCTION_WORDS,
    /** Pairs of neighbouring words. */
    WORD_PAIRS,
    /** Runs of three words. */
    WORD_TRIPLES,
    /** Pairs of neighbouring words or marks. */
    TOKEN_PAIRS,
    /** One to four characters of the first {@value ResponseFeatures#HEAD_CHARS}. */
    HEAD_CHARACTERS,
    /** One to three words or marks of the first {@value ResponseFeatures#HEAD_TOKENS}. */
    HEAD_TOKENS,
    /** Two to four words at the start of each sentence. */
    SENTENCE_STARTS,
    /** Two to five words at the start of each clause, with its beginning marked. */
    CLAUSE_STARTS,
    /** One to three characters of the last {@value ResponseFeatures#TAIL_CHARS}. */
    TAIL_CHARACTERS,
    /** Three to five characters within the distinct words. */
    WORD_CHARACTERS,
    /** Classes of cues. */
    CUES,
    /** One to four classes of cues in a row within a clause. */
    CUE_SEQUENCES,
    /** Classes of risky matters. */
    RISKS;

    /** The number of views. */
    public static final int COUNT = values().length;

    /** Returns its place in the order of the views, by which tables are laid out. */
    @SuppressWarnings("EnumOrdinal") // the order is part of the model's format
    public int index() {
        return ordinal();
    }
}
