package org.donotanswer.classifier.embedded;

/**
 * The views of a response, each a bag of features of one kind. The features of a view are scaled to unit length together,
 * and then by the square root of the view's weight, so that the weight is the view's share in the linear kernel.
 */
enum ResponseView {
    /** Distinct words that are not function words. */
    WORDS(0.7),
    /** Distinct function words. */
    FUNCTION_WORDS(0.3),
    /** Pairs of neighbouring words. */
    WORD_PAIRS(0.5),
    /** Runs of three words. */
    WORD_TRIPLES(0.25),
    /** Pairs of neighbouring words or marks. */
    TOKEN_PAIRS(0.4),
    /** One to four characters of the first {@value ResponseFeatures#HEAD_CHARS}. */
    HEAD_CHARACTERS(1),
    /** One to three words or marks of the first {@value ResponseFeatures#HEAD_TOKENS}. */
    HEAD_TOKENS(1),
    /** Two to four words at the start of each sentence. */
    SENTENCE_STARTS(1),
    /** Two to five words at the start of each clause, with its beginning marked. */
    CLAUSE_STARTS(1),
    /** One to three characters of the last {@value ResponseFeatures#TAIL_CHARS}. */
    TAIL_CHARACTERS(0.4),
    /** Three to five characters within the distinct words. */
    WORD_CHARACTERS(2),
    /** Classes of cues. */
    CUES(1),
    /** One to four classes of cues in a row within a clause. */
    CUE_SEQUENCES(1),
    /** Classes of risky matters. */
    RISKS(0.5);

    static final int COUNT = values().length;

    final double weight;

    ResponseView(double weight) {
        this.weight = weight;
    }

    /** Returns its place in the order of the views, by which tables are laid out. */
    @SuppressWarnings("EnumOrdinal") // the order is part of the model's format
    int index() {
        return ordinal();
    }
}
