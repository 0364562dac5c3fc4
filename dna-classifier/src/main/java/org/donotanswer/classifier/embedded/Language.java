package org.donotanswer.classifier.embedded;

/**
 * Detects texts that are clearly not in English, which the model cannot evaluate. A doubtful text counts as English: a
 * short one, names, code, and English with some foreign words.
 */
final class Language {
    private static final int MIN_LETTERS = 4;
    private static final double MIN_FOREIGN_PROPORTION = 0.5;

    private static final int MIN_WORDS = 6;
    private static final double MAX_ENGLISH_PROPORTION = 0.15;
    private static final double MIN_OTHER_LANGUAGE_PROPORTION = 0.3;

    private Language() {}

    /** Returns whether the last response is clearly not in English. */
    static boolean isClearlyNotEnglish(TextFeatures features) {
        int foreign = features.foreignLetters();
        if (foreign >= MIN_LETTERS && foreign >= MIN_FOREIGN_PROPORTION * features.normalizedLength()) {
            return true;
        }
        ResponseFeatures response = features.lastResponse();
        int words = response.wordCount();
        return words >= MIN_WORDS
                && response.englishWords() <= MAX_ENGLISH_PROPORTION * words
                && response.otherLanguageWords() >= MIN_OTHER_LANGUAGE_PROPORTION * words;
    }
}
