package org.donotanswer.classifier.embedded;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/**
 * Reads symbols that show a letter, and that no Unicode normal form turns into one, as that letter: white letters on black
 * squares and discs, letters in parentheses, regional indicators and tags. A flag is not read: it is a pair of regional
 * indicators that is a country's code, or a few tags after a black flag. Emoji that show a whole word are not, either.
 */
final class SymbolLetters {
    private static final int PARENTHESIZED = 0x249C;
    private static final int NEGATIVE_CIRCLED = 0x1F150;
    private static final int NEGATIVE_SQUARED = 0x1F170;
    private static final int REGIONAL = 0x1F1E6;
    private static final int TAGS = 0xE0000;
    private static final int LAST_TAG = 0xE007F;
    private static final int BLACK_FLAG = 0x1F3F4;
    /** The length of the longest code after a black flag, such as that of Scotland. */
    private static final int MAX_FLAG_TAGS = 6;

    private static final int LETTERS = 26;
    private static final Set<String> COUNTRIES = countries();

    private SymbolLetters() {}

    private static Set<String> countries() {
        Set<String> codes = Arrays.stream(Locale.getISOCountries()).collect(Collectors.toSet());
        // Flags of what is no country by ISO 3166-1, but has an emoji.
        codes.addAll(Set.of("EU", "UN", "XK", "AC", "CP", "DG", "EA", "IC", "TA"));
        return Set.copyOf(codes);
    }

    /** Returns the text with letters for such symbols; the same text if there are none. */
    static String read(String text) {
        int first = 0;
        while (first < text.length() && !mayShowLetter(text.charAt(first))) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder read = new StringBuilder(text.length()).append(text, 0, first);
        int next;
        for (int i = first; i < text.length(); i = next) {
            int c = text.codePointAt(i);
            next = i + Character.charCount(c);
            if (isRegional(c)) {
                next = endOf(text, i, SymbolLetters::isRegional);
                readRegional(text, i, next, read);
            } else if (isTag(c)) {
                next = endOf(text, i, SymbolLetters::isTag);
                readTags(text, i, next, read);
            } else {
                int letter = letter(c);
                read.appendCodePoint(letter < 0 ? c : 'a' + letter);
            }
        }
        return read.toString();
    }

    /** Returns whether a char is one of the symbols, or the first half of one. */
    private static boolean mayShowLetter(char c) {
        return c == '\uD83C' || c == '\uDB40' || (c >= PARENTHESIZED && c < PARENTHESIZED + LETTERS);
    }

    private static int endOf(String text, int start, IntPredicate isPart) {
        int end = start;
        while (end < text.length() && isPart.test(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    private static boolean isRegional(int c) {
        return c >= REGIONAL && c < REGIONAL + LETTERS;
    }

    private static boolean isTag(int c) {
        return c > TAGS && c <= LAST_TAG;
    }

    /** Returns the number of the letter in the alphabet; -1 if the symbol shows none. */
    private static int letter(int c) {
        for (int start : new int[] {PARENTHESIZED, NEGATIVE_CIRCLED, NEGATIVE_SQUARED}) {
            if (c >= start && c < start + LETTERS) {
                return c - start;
            }
        }
        return -1;
    }

    private static void readRegional(String text, int start, int end, StringBuilder read) {
        StringBuilder letters = new StringBuilder();
        for (int i = start; i < end; i += 2) {
            letters.append((char) ('A' + text.codePointAt(i) - REGIONAL));
        }
        if (isFlags(letters)) {
            read.append(text, start, end);
        } else {
            read.append(letters);
        }
    }

    private static boolean isFlags(StringBuilder letters) {
        for (int i = 0; i < letters.length(); i += 2) {
            if (i + 1 == letters.length() || !COUNTRIES.contains(letters.substring(i, i + 2))) {
                return false;
            }
        }
        return true;
    }

    private static void readTags(String text, int start, int end, StringBuilder read) {
        boolean afterFlag = start >= 2 && text.codePointBefore(start) == BLACK_FLAG;
        // The last tag ends the flag.
        if (afterFlag && (end - start) / 2 <= MAX_FLAG_TAGS + 1) {
            return;
        }
        for (int i = start; i < end; i += 2) {
            int c = text.codePointAt(i) - TAGS;
            if (c >= ' ' && c < 127) {
                read.append((char) c);
            }
        }
    }
}
