package org.donotanswer.harness.analysis;

/** Counts words: runs of characters between white space, as everywhere in this library. */
final class WordCount {
    private WordCount() {}

    static int count(String text) {
        int words = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean space = c == ' ' || (c >= '\t' && c <= '\r') || (c > '\u007f' && Character.isSpaceChar(c));
            words += !space && !inWord ? 1 : 0;
            inWord = !space;
        }
        return words;
    }
}
