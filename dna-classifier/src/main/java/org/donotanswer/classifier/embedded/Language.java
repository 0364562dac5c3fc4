package org.donotanswer.classifier.embedded;

/**
 * Tells responses that are clearly not in English, for which the models are of no use. In doubt, a text is English: short
 * texts, names, code, and English with some foreign words in it.
 */
final class Language {
    private static final int MIN_LETTERS = 4;
    private static final double FOREIGN_LETTERS = 0.5;

    private static final int MIN_WORDS = 6;
    private static final double MAX_ENGLISH = 0.15;
    private static final double MIN_OTHER = 0.3;

    private Language() {}

    /** Returns whether the last response that was read is clearly not in English. */
    static boolean isClearlyNotEnglish(TextFeatures features) {
        int foreign = features.foreignLetters();
        if (foreign >= MIN_LETTERS && foreign >= FOREIGN_LETTERS * features.normalizedLength()) {
            return true;
        }
        ResponseFeatures response = features.lastResponse();
        int words = response.wordCount();
        return words >= MIN_WORDS
                && response.englishWords() <= MAX_ENGLISH * words
                && response.otherLanguageWords() >= MIN_OTHER * words;
    }
}
