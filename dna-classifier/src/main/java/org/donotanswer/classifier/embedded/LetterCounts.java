package org.donotanswer.classifier.embedded;

import java.util.Set;

/**
 * How many letters of the words of a text are Latin, and how many are not. Numbers, the variables of a formula, hashes and
 * single letters are no words. Immutable, hence thread-safe.
 *
 * @param hasWords whether there is a word
 * @param latin the letters of words in Latin script; a word of Latin letters and Greek or Cyrillic ones that look like them
 *     counts as Latin
 * @param foreign the letters of words in other scripts
 */
record LetterCounts(boolean hasWords, int latin, int foreign) {
    /** Letters in a row, each alone, that spell a word rather than name variables: "h e l l o y o u". */
    private static final int MIN_SPELLED_LETTERS = 6;

    /** A token with digits is a word from this many letters on, unless all of them are hexadecimal digits. */
    private static final int MIN_LETTERS_WITH_DIGITS = 3;

    /** In a formula, a product of up to this many variables is no word. */
    private static final int MAX_PRODUCT = 2;

    private static final int MAX_PRODUCT_OF_CONSONANTS = 4;

    /** One pair of variables may look like a function word, as in "v = at". */
    private static final int MAX_ENGLISH_IN_FORMULA = 1;

    /** The distance of the full-width forms of ASCII characters from these. */
    private static final int FULL_WIDTH = 0xFEE0;

    private static final int FIRST_ARROW = 0x2190;
    private static final int LAST_ARROW = 0x21FF;

    /** Names in formulas, as in TeX and in most calculators. */
    private static final Set<String> FORMULA_NAMES = Set.of(
            ("sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log exp lim max min inf sup det mod gcd lcm deg dim"
                            + " sqrt frac dfrac sum prod int cdot times div left right begin end text alpha beta gamma delta"
                            + " epsilon theta lambda mu nu pi rho sigma tau phi chi psi omega eta zeta kappa infty partial"
                            + " nabla leq geq neq approx equiv")
                    .split(" "));

    /**
     * Counts the letters of a text.
     *
     * @param features the features of the text
     */
    static LetterCounts of(String text, TextFeatures features) {
        Tokens tokens = features.tokens();
        boolean onlyLatin = features.foreignLetters() == 0;
        int latin = 0;
        int foreign = 0;
        boolean words = false;
        boolean spelling = false;
        int spelled = 0;
        Word word = new Word();
        // Most texts are in Latin script alone and begin with a word, which is all that there is to know.
        for (int i = 0; i < tokens.count && !(onlyLatin && words); i++) {
            if (!tokens.isWord[i]) {
                spelled = 0;
                continue;
            }
            word.read(tokens.text[i], tokens.start[i], tokens.end[i]);
            spelled = word.isSingleLatinLetter() ? spelled + 1 : 0;
            spelling |= spelled >= MIN_SPELLED_LETTERS;
            words |= spelling || word.isForeign() || word.isLatin();
            latin += word.isForeign() ? word.latin : word.letters();
            foreign += word.isForeign() ? word.letters() - word.latin : 0;
        }
        if (words && foreign == 0 && !spelling && isFormula(text, tokens, word)) {
            words = false;
        }
        return new LetterCounts(words, latin, foreign);
    }

    /** Returns whether a text in Latin script has an operator, and apart from that only what formulas consist of. */
    private static boolean isFormula(String text, Tokens tokens, Word word) {
        Lexicon lexicon = Lexicon.get();
        int english = 0;
        for (int i = 0; i < tokens.count; i++) {
            if (tokens.isWord[i]) {
                word.read(tokens.text[i], tokens.start[i], tokens.end[i]);
                if (word.isLatin()) {
                    english += (lexicon.of(tokens.hash[i]) & Lexicon.ENGLISH) == 0 ? 0 : 1;
                    if (english > MAX_ENGLISH_IN_FORMULA || !word.isInFormula(tokens, i)) {
                        return false;
                    }
                }
            }
        }
        return text.codePoints().anyMatch(LetterCounts::isOperator);
    }

    /** Arrows are none: they often stand before a word, as bullets. */
    private static boolean isOperator(int c) {
        int narrow = narrow(c);
        return narrow < 128
                ? narrow == '=' || narrow == '^'
                : Character.getType(narrow) == Character.MATH_SYMBOL && (narrow < FIRST_ARROW || narrow > LAST_ARROW);
    }

    /** Returns the ASCII character that a full-width one is a form of; others as they are. */
    static int narrow(int c) {
        return c >= FULL_WIDTH && c <= FULL_WIDTH + '~' ? c - FULL_WIDTH : c;
    }

    /** The letters of one word. Not thread-safe; reusable. */
    private static final class Word {
        int latin;
        int digits;
        private int lookalikes;
        private int greek;
        private int han;
        private int other;
        private boolean distinct;
        private boolean hexadecimal;
        private boolean vowel;

        void read(char[] chars, int start, int end) {
            latin = 0;
            digits = 0;
            lookalikes = 0;
            greek = 0;
            han = 0;
            other = 0;
            distinct = false;
            hexadecimal = true;
            vowel = false;
            boolean prefixed = end > start + 2 && chars[start] == '0' && chars[start + 1] == 'x';
            for (int i = prefixed ? start + 2 : start; i < end; i++) {
                add(chars[i]);
                distinct |= chars[i] != chars[start];
            }
        }

        private void add(char c) {
            if (c < 128 ? c >= '0' && c <= '9' : Character.isDigit(c)) {
                digits++;
            } else if (c < 0x370) {
                latin++;
                hexadecimal &= c <= 'f';
                vowel |= "aeiouy".indexOf(c) >= 0;
            } else if (c < 0x530) {
                lookalikes++;
                greek += c < 0x400 ? 1 : 0;
            } else if ((c >= 0x3400 && c < 0xa000) || (c >= 0xf900 && c < 0xfb00)) {
                han++;
            } else {
                other++;
            }
        }

        boolean isSingleLatinLetter() {
            return latin == 1 && letters() == 1 && digits == 0;
        }

        int letters() {
            return latin + lookalikes + han + other;
        }

        /** Returns whether this is a word in another script. Some characters alone are parts of faces, as in Japanese ones. */
        boolean isForeign() {
            if (latin > 0 && han + other == 0) {
                return false;
            }
            int least = greek > 0 && greek == letters() ? 3 : 2;
            return han > 0 || (letters() >= least && distinct);
        }

        boolean isLatin() {
            if (latin == 0) {
                return false;
            }
            if (digits > 0 || lookalikes > 0) {
                return letters() >= MIN_LETTERS_WITH_DIGITS && !(hexadecimal && lookalikes == 0);
            }
            return latin > 1;
        }

        /** Returns whether this word may stand for variables or, with an index or without, an operation. */
        boolean isInFormula(Tokens tokens, int token) {
            int end = tokens.end[token];
            while (end > tokens.start[token] && Character.isDigit(tokens.text[token][end - 1])) {
                end--;
            }
            return letters() <= MAX_PRODUCT
                    || (letters() <= MAX_PRODUCT_OF_CONSONANTS && !vowel)
                    || FORMULA_NAMES.contains(
                            new String(tokens.text[token], tokens.start[token], end - tokens.start[token]));
        }
    }
}
