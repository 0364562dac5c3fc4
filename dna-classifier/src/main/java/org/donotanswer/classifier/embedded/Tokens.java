package org.donotanswer.classifier.embedded;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The words and punctuation marks of a normalized text, with contractions written out: "can't" is one word, "cannot", and
 * "I'm" two. Not thread-safe; reusable.
 */
final class Tokens {
    /** Punctuation marks that end a clause, or a sentence, if a space or the end of the text follows. */
    private static final String CLAUSE_ENDS = ".!?:;,";

    private static final String SENTENCE_ENDS = ".!?:";

    private static final Word CANNOT = new Word("cannot");
    private static final Word NOT = new Word("not");
    private static final Word CAN = new Word("can");

    /** The expansions of whole contractions. */
    private static final List<Contraction> WHOLE = List.of(
            new Contraction("can't", List.of(CANNOT)),
            new Contraction("won't", List.of(new Word("will"), NOT)),
            new Contraction("shan't", List.of(new Word("shall"), NOT)),
            new Contraction("let's", List.of(new Word("let"), new Word("us"))),
            new Contraction("ain't", List.of(new Word("is"), NOT)));

    /** The expansions of the part of a contraction after the apostrophe. */
    private static final Map<String, Word> ENDINGS = Map.of(
            "m", new Word("am"),
            "re", new Word("are"),
            "ve", new Word("have"),
            "ll", new Word("will"),
            "d", new Word("would"));

    /** The words after which "'s" is short for "is"; after others it is a possessive, and dropped. */
    private static final List<Word> BEFORE_IS = List.of(
            new Word("it"),
            new Word("that"),
            new Word("there"),
            new Word("here"),
            new Word("what"),
            new Word("who"),
            new Word("he"),
            new Word("she"));

    private static final Word IS = new Word("is");

    /** The hash of each token. */
    long[] hash = new long[1_024];

    /** The characters of each token: an array, and the range in it. */
    char[][] text = new char[1_024][];

    int[] start = new int[1_024];
    int[] end = new int[1_024];

    boolean[] isWord = new boolean[1_024];
    boolean[] endsClause = new boolean[1_024];
    boolean[] endsSentence = new boolean[1_024];
    int count;

    void tokenize(char[] chars, int length) {
        count = 0;
        int i = 0;
        while (i < length) {
            char c = chars[i];
            if (isWordChar(c)) {
                int from = i;
                long hash = Hashing.BASIS;
                boolean apostrophe = false;
                do {
                    hash = Hashing.extend(hash, c);
                    i++;
                    if (i == length) {
                        break;
                    }
                    c = chars[i];
                    if (c == '\'' && i + 1 < length && isWordChar(chars[i + 1])) {
                        apostrophe = true;
                    } else if (!isWordChar(c)) {
                        break;
                    }
                } while (true);
                if (apostrophe) {
                    addContraction(chars, from, i);
                } else {
                    addWord(hash, chars, from, i);
                }
            } else {
                i++;
                if (c != ' ' && c != '\'') {
                    addMark(c, chars, i - 1, i == length || chars[i] == ' ');
                }
            }
        }
    }

    private static boolean isWordChar(char c) {
        return c < 128 ? (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') : true;
    }

    private void addWord(long wordHash, char[] chars, int from, int to) {
        if (wordHash == NOT.hash && count > 0 && isWord[count - 1] && hash[count - 1] == CAN.hash) {
            count--;
            add(CANNOT);
            return;
        }
        int token = next();
        hash[token] = wordHash;
        text[token] = chars;
        start[token] = from;
        end[token] = to;
        isWord[token] = true;
    }

    private void add(Word word) {
        addWord(word.hash, word.chars, 0, word.chars.length);
    }

    private void addMark(char mark, char[] chars, int position, boolean last) {
        int token = next();
        hash[token] = Hashing.extend(Hashing.BASIS, mark);
        text[token] = chars;
        start[token] = position;
        end[token] = position + 1;
        isWord[token] = false;
        endsClause[token] = last && CLAUSE_ENDS.indexOf(mark) >= 0;
        endsSentence[token] = last && SENTENCE_ENDS.indexOf(mark) >= 0;
    }

    private int next() {
        if (count == hash.length) {
            int capacity = count * 2;
            hash = Arrays.copyOf(hash, capacity);
            text = Arrays.copyOf(text, capacity);
            start = Arrays.copyOf(start, capacity);
            end = Arrays.copyOf(end, capacity);
            isWord = Arrays.copyOf(isWord, capacity);
            endsClause = Arrays.copyOf(endsClause, capacity);
            endsSentence = Arrays.copyOf(endsSentence, capacity);
        }
        endsClause[count] = false;
        endsSentence[count] = false;
        return count++;
    }

    private void addContraction(char[] chars, int from, int to) {
        for (Contraction contraction : WHOLE) {
            if (contraction.matches(chars, from, to)) {
                contraction.words.forEach(this::add);
                return;
            }
        }
        int apostrophe = from;
        while (chars[apostrophe] != '\'') {
            apostrophe++;
        }
        String ending = new String(chars, apostrophe + 1, to - apostrophe - 1);
        if (ending.equals("t") && chars[apostrophe - 1] == 'n') {
            addPart(chars, from, apostrophe - 1);
            add(NOT);
            return;
        }
        long before = addPart(chars, from, apostrophe);
        if (ending.equals("s")) {
            if (BEFORE_IS.stream().anyMatch(word -> word.hash == before)) {
                add(IS);
            }
        } else if (ENDINGS.containsKey(ending)) {
            add(ENDINGS.get(ending));
        } else {
            addParts(chars, apostrophe + 1, to);
        }
    }

    /** Adds the words between apostrophes. */
    private void addParts(char[] chars, int from, int to) {
        int start = from;
        for (int i = from; i <= to; i++) {
            if (i == to || chars[i] == '\'') {
                addPart(chars, start, i);
                start = i + 1;
            }
        }
    }

    /** Adds the word in a range and returns its hash. */
    private long addPart(char[] chars, int from, int to) {
        long hash = Hashing.BASIS;
        for (int i = from; i < to; i++) {
            hash = Hashing.extend(hash, chars[i]);
        }
        if (to > from) {
            addWord(hash, chars, from, to);
        }
        return hash;
    }

    /** A word in the expansion of a contraction. */
    private static final class Word {
        final char[] chars;
        final long hash;

        Word(String word) {
            chars = word.toCharArray();
            hash = Hashing.of(word);
        }
    }

    private record Contraction(String text, List<Word> words) {
        boolean matches(char[] chars, int from, int to) {
            if (to - from != text.length()) {
                return false;
            }
            for (int i = 0; i < text.length(); i++) {
                if (chars[from + i] != text.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
