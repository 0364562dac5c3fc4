package org.donotanswer.classifier.embedded;

/**
 * Undoes disguises that people read past and word features do not: letters of other alphabets that look like Latin ones,
 * digits for letters, and spaces between letters. A text without them is left alone.
 */
final class Disguises {
    /** The letters of other alphabets, in lower case, and the Latin letters that they look like. */
    private static final String LOOK_ALIKES =
            "\u0430a\u0435e\u043Eo\u0440p\u0441c\u0443y\u0445x\u0456i\u0455s\u0458j\u04BBh\u0501d"
                    + "\u051Bq\u051Dw\u043Ak\u043Cm\u0442t\u0432b\u043Dh\u03B1a\u03BFo\u03C1p\u03BDv\u03C4t\u03BAk\u03B9i\u03C5u\u03B5e"
                    + "\u03B7n\u0251a\u0261g\u0131i\u0262g\u1D00a\u1D07e\u1D0Fo\u029Fl\u0280r";

    private static final int FIRST_LOOK_ALIKE = 0x0131;

    private static final char[] LATIN = new char[0x1D10 - FIRST_LOOK_ALIKE];

    /** The letter that each digit or sign stands for; 0 for none. */
    private static final char[] LEET = new char[128];

    /** The minimum number and proportion of words with a digit between letters in a text that uses digits for letters. */
    private static final int MIN_LEET_WORDS = 3;

    private static final double MIN_LEET_PROPORTION = 0.12;

    /** The minimum number and proportion of single letters between spaces in a text with spaces between letters. */
    private static final int MIN_SINGLES = 10;

    private static final double MIN_SINGLES_PROPORTION = 0.7;

    static {
        for (int i = 0; i < LOOK_ALIKES.length(); i += 2) {
            LATIN[LOOK_ALIKES.charAt(i) - FIRST_LOOK_ALIKE] = LOOK_ALIKES.charAt(i + 1);
        }
        String leet = "0o1i3e4a5s7t8b9g@a$s";
        for (int i = 0; i < leet.length(); i += 2) {
            LEET[leet.charAt(i)] = leet.charAt(i + 1);
        }
    }

    private Disguises() {}

    /**
     * Returns a text with the spaces between letters taken out and those between words kept, if nearly all of it is single
     * letters and words are apart by more than one space. Single signs do not count: they are mostly bullets.
     */
    static String joinSpacedLetters(String text) {
        int singles = 0;
        int longer = 0;
        int wideGaps = 0;
        int run = 0;
        int gap = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) <= ' ') {
                if (run == 1) {
                    singles += isLetter(text.charAt(i - 1)) ? 1 : 0;
                } else if (run > 1) {
                    longer++;
                    if (longer > 8 && longer > singles) {
                        return text;
                    }
                }
                run = 0;
                gap++;
            } else {
                wideGaps += run == 0 && gap > 1 ? 1 : 0;
                gap = 0;
                run++;
            }
        }
        if (singles < MIN_SINGLES || wideGaps == 0 || singles < MIN_SINGLES_PROPORTION * (singles + longer)) {
            return text;
        }
        StringBuilder joined = new StringBuilder(text.length() / 2);
        gap = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ') {
                gap++;
            } else {
                if (gap > 1) {
                    joined.append(' ');
                }
                joined.append(c);
                gap = 0;
            }
        }
        return joined.toString();
    }

    /** Returns whether a character is a letter, or a digit or sign that can stand for one. */
    private static boolean isLetter(char c) {
        return Character.isLetterOrDigit(c) || (c < LEET.length && LEET[c] != 0);
    }

    /** Replaces look-alikes and digits for letters in a normalized text, in place. */
    static void undo(char[] chars, int length) {
        int words = 0;
        int leetWords = 0;
        int start = 0;
        for (int i = 0; i <= length; i++) {
            if (i == length || chars[i] == ' ') {
                if (i > start) {
                    words++;
                    leetWords += readWord(chars, start, i) ? 1 : 0;
                }
                start = i + 1;
            }
        }
        if (leetWords >= MIN_LEET_WORDS && leetWords >= MIN_LEET_PROPORTION * words) {
            undoLeet(chars, length);
        }
    }

    /** Replaces the look-alikes of a word with some Latin letters, and returns whether a digit is between letters. */
    private static boolean readWord(char[] chars, int from, int to) {
        boolean leet = false;
        boolean other = false;
        boolean latin = false;
        for (int i = from; i < to; i++) {
            char c = chars[i];
            if (c >= 128) {
                other = true;
            } else if (isLatin(c)) {
                latin = true;
            } else if (i > from && i < to - 1 && LEET[c] != 0) {
                leet |= isLatin(chars[i - 1]) && isLatin(chars[i + 1]);
            }
        }
        if (other && latin) {
            undoLookAlikes(chars, from, to);
        }
        return leet;
    }

    private static boolean isLatin(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static char latin(char c) {
        int index = c - FIRST_LOOK_ALIKE;
        return index >= 0 && index < LATIN.length ? LATIN[index] : 0;
    }

    private static void undoLookAlikes(char[] chars, int from, int to) {
        for (int i = from; i < to; i++) {
            if (chars[i] >= 128 && latin(chars[i]) == 0) {
                return;
            }
        }
        for (int i = from; i < to; i++) {
            if (chars[i] >= 128) {
                chars[i] = latin(chars[i]);
            }
        }
    }

    /** Replaces digits and signs in words that have a letter, and alone where they stand for a word. */
    private static void undoLeet(char[] chars, int length) {
        int start = 0;
        for (int i = 0; i <= length; i++) {
            if (i == length || chars[i] == ' ') {
                boolean letters = i - start == 1 && (chars[start] == '1' || chars[start] == '4');
                for (int j = start; j < i; j++) {
                    letters |= isLatin(chars[j]);
                }
                if (letters) {
                    replaceLeet(chars, start, i);
                }
                start = i + 1;
            }
        }
    }

    private static void replaceLeet(char[] chars, int from, int to) {
        for (int i = from; i < to; i++) {
            if (chars[i] < 128 && LEET[chars[i]] != 0) {
                chars[i] = LEET[chars[i]];
            }
        }
    }
}
