package org.donotanswer.classifier.embedded;

/** The views of a passage of a response for the harm head. A view is a bag of features of one kind, scaled to unit length. */
public enum HarmView {
    /** Distinct words that are not function words. */
    WORDS,
    /** Distinct function words. */
    FUNCTION_WORDS,
    /** Distinct pairs of neighbouring words. */
    WORD_PAIRS,
    /** One to three words or punctuation marks within the first 28. */
    OPENING,
    /** Two to four words at the start of each sentence. */
    SENTENCE_STARTS,
    /** Cue classes, and pairs of consecutive cue classes. */
    CUES,
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
