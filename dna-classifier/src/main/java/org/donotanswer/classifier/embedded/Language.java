package org.donotanswer.classifier.embedded;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The language of a text, as far as the model, which reads English, needs to know it. A doubtful text counts as English:
 * a short one, names, code, and English with some foreign words. Immutable, hence thread-safe.
 */
enum Language {
    /** English, or not clearly another language. */
    ENGLISH,
    /** Clearly another language. */
    OTHER,
    /** No words at all: numbers, a formula, emoji, punctuation. */
    NONE;

    private static final int MIN_WORDS = 6;
    private static final double MAX_ENGLISH_PROPORTION = 0.15;
    private static final double MIN_OTHER_LANGUAGE_PROPORTION = 0.3;

    /** How many different words must not be English ones as well: "Die! Die!" is no German. */
    private static final int MIN_DISTINCT_WORDS = 2;

    /**
     * An English passage of this many function words, and this part of the letters, is read even if there is more text in
     * another script: what it says must not pass unread.
     */
    private static final int PASSAGE_FUNCTION_WORDS = 8;

    private static final double PASSAGE_PROPORTION = 0.2;

    /** Code has so many brackets, operators and semicolons in all, and for each word. */
    private static final int MIN_CODE_MARKS = 4;

    private static final double MIN_CODE_MARKS_PER_WORD = 1 / 3.0;
    private static final String CODE_MARKS = ";{}()[]=<>/&+$@^%|";

    /** Function words of other languages that are English words, too. */
    private static final Set<Long> ALSO_ENGLISH =
            hashes("die den war hat also am im um per con sin plus pour par sans son"
                    + " tout sent ate come due men door hem met dan tot ale till her van ha ma pa la var so do me on no"
                    + " over man min com ham til fur hay non c e o w x y z");

    private static Set<Long> hashes(String words) {
        return Stream.of(words.split(" ")).map(Hashing::of).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the language of a text.
     *
     * @param features the features of the text, read as a response
     */
    static Language of(String text, TextFeatures features) {
        LetterCounts letters = LetterCounts.of(text, features);
        if (!letters.hasWords()) {
            return NONE;
        }
        return isOtherScript(text, letters, features) || isOtherInLatin(text, features) ? OTHER : ENGLISH;
    }

    private static boolean isOtherScript(String text, LetterCounts letters, TextFeatures features) {
        if (letters.foreign() == 0 || letters.foreign() < letters.latin()) {
            return false;
        }
        boolean readable = letters.latin() >= PASSAGE_PROPORTION * (letters.latin() + letters.foreign());
        return !readable
                || (features.lastResponse().englishWords() < PASSAGE_FUNCTION_WORDS && !isCode(text, features));
    }

    /** Returns whether a text in Latin script has many function words of another language and few of English. */
    private static boolean isOtherInLatin(String text, TextFeatures features) {
        ResponseFeatures response = features.lastResponse();
        int words = response.wordCount();
        return words >= MIN_WORDS
                && response.englishWords() <= MAX_ENGLISH_PROPORTION * words
                && response.otherLanguageWords() >= MIN_OTHER_LANGUAGE_PROPORTION * words
                && hasWordsOfNoEnglish(features.tokens())
                && !isCode(text, features);
    }

    private static boolean hasWordsOfNoEnglish(Tokens tokens) {
        Lexicon lexicon = Lexicon.get();
        Set<Long> found = new HashSet<>();
        for (int i = 0; i < tokens.count && found.size() < MIN_DISTINCT_WORDS; i++) {
            long hash = tokens.hash[i];
            if (tokens.isWord[i] && (lexicon.of(hash) & Lexicon.OTHER_LANGUAGE) != 0 && !ALSO_ENGLISH.contains(hash)) {
                found.add(hash);
            }
        }
        return found.size() >= MIN_DISTINCT_WORDS;
    }

    /** Counts in the text itself, because normalization drops marks that stand alone. */
    private static boolean isCode(String text, TextFeatures features) {
        int length = Math.min(text.length(), TextNormalizer.MAX_CHARS);
        int marks = 0;
        for (int i = 0; i < length; i++) {
            marks += CODE_MARKS.indexOf(LetterCounts.narrow(text.charAt(i))) >= 0 ? 1 : 0;
        }
        return marks >= MIN_CODE_MARKS
                && marks >= MIN_CODE_MARKS_PER_WORD * features.lastResponse().wordCount();
    }
}
