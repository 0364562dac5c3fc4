package org.donotanswer.classifier.embedded;

import java.util.Arrays;

/** Extracts the features of a normalized and tokenized response. Not thread-safe; reusable. */
final class ResponseFeatures {
    static final int HEAD_CHARS = 120;
    static final int HEAD_TOKENS = 24;
    static final int TAIL_CHARS = 200;

    /** The number of words at the start of a sentence or clause that are features. */
    private static final int START_WORDS = 4;

    /** 1 + ln(count), by count. */
    private static final float[] DAMPENED = new float[256];

    static {
        for (int count = 1; count < DAMPENED.length; count++) {
            DAMPENED[count] = (float) (1 + StrictMath.log(count));
        }
    }

    private final Lexicon lexicon = Lexicon.get();
    private final DistinctKeys distinctWords = new DistinctKeys();
    private final DistinctKeys cueSequences = new DistinctKeys();
    private final int[] cueCounts = new int[lexicon.cueClasses() + 1];
    private final int[] riskCounts = new int[lexicon.riskClasses() + 1];

    /** The hash of each word, its flags in the lexicon, and the number of its token. */
    private long[] words = new long[1_024];

    private int[] flags = new int[1_024];
    private int[] tokenOf = new int[1_024];

    /** The numbers of the words that occur for the first time. */
    private int[] distinct = new int[1_024];

    private int distinctCount;

    /** The first words of the text, a sentence or a clause, after a start marker. */
    private final long[] starts = new long[Math.max(HEAD_TOKENS, START_WORDS) + 1];

    /** The cue classes of a clause, after a start marker. */
    private long[] cues = new long[1_025];

    private int wordCount;
    private int english;
    private int otherLanguage;

    /** Returns the number of words of the last response. */
    int wordCount() {
        return wordCount;
    }

    /** Returns the number of English function words in the last response. */
    int englishWords() {
        return english;
    }

    /** Returns the number of words in the last response that are function words of another language and not of English. */
    int otherLanguageWords() {
        return otherLanguage;
    }

    /** Extracts the features, with or without the character n-grams within words. */
    void extract(TextNormalizer text, Tokens tokens, FeatureKeys keys, boolean withWordCharacters) {
        keys.clear();
        collectWords(tokens);
        wordViews(tokens, keys);
        NGrams.characters(
                keys, ResponseView.HEAD_CHARACTERS.index(), text.chars, 0, Math.min(text.length, HEAD_CHARS), 4);
        keys.endView();
        headTokens(tokens, keys);
        starts(tokens, keys, false);
        starts(tokens, keys, true);
        NGrams.characters(
                keys,
                ResponseView.TAIL_CHARACTERS.index(),
                text.chars,
                Math.max(0, text.length - TAIL_CHARS),
                text.length,
                3);
        keys.endView();
        if (withWordCharacters) {
            for (int i = 0; i < distinctCount; i++) {
                wordCharacters(tokens, distinctToken(i), keys);
            }
        }
        keys.endView();
        cueViews(tokens, keys);
    }

    /** Returns the number of distinct words of the last response. */
    int distinctCount() {
        return distinctCount;
    }

    /** Returns the token of the first occurrence of a distinct word of the last response. */
    int distinctToken(int number) {
        return tokenOf[distinct[number]];
    }

    /** Adds the character n-grams of a word. */
    static void wordCharacters(Tokens tokens, int token, FeatureKeys keys) {
        NGrams.withinWord(
                keys, ResponseView.WORD_CHARACTERS.index(), tokens.text[token], tokens.start[token], tokens.end[token]);
    }

    private void collectWords(Tokens tokens) {
        if (words.length < tokens.count) {
            int capacity = tokens.hash.length;
            words = new long[capacity];
            flags = new int[capacity];
            tokenOf = new int[capacity];
            distinct = new int[capacity];
            cues = new long[capacity + 1];
        }
        wordCount = 0;
        distinctCount = 0;
        distinctWords.clear();
        for (int i = 0; i < tokens.count; i++) {
            if (tokens.isWord[i]) {
                words[wordCount] = tokens.hash[i];
                flags[wordCount] = lexicon.of(tokens.hash[i]);
                tokenOf[wordCount] = i;
                if (distinctWords.add(tokens.hash[i])) {
                    distinct[distinctCount++] = wordCount;
                }
                wordCount++;
            }
        }
    }

    private void wordViews(Tokens tokens, FeatureKeys keys) {
        distinct(keys, ResponseView.WORDS, 0);
        distinct(keys, ResponseView.FUNCTION_WORDS, Lexicon.ENGLISH);
        NGrams.sequences(keys, ResponseView.WORD_PAIRS.index(), words, 0, wordCount, 2, 2);
        keys.endView();
        NGrams.sequences(keys, ResponseView.WORD_TRIPLES.index(), words, 0, wordCount, 3, 3);
        keys.endView();
        NGrams.sequences(keys, ResponseView.TOKEN_PAIRS.index(), tokens.hash, 0, tokens.count, 2, 2);
        keys.endView();
    }

    /** Adds the distinct words that are English function words, or those that are not. */
    private void distinct(FeatureKeys keys, ResponseView view, int englishBit) {
        for (int i = 0; i < distinctCount; i++) {
            if ((flags[distinct[i]] & Lexicon.ENGLISH) == englishBit) {
                keys.add(Hashing.key(view.index(), words[distinct[i]]));
            }
        }
        keys.endView();
    }

    private void headTokens(Tokens tokens, FeatureKeys keys) {
        int count = Math.min(tokens.count, HEAD_TOKENS);
        starts[0] = NGrams.START;
        System.arraycopy(tokens.hash, 0, starts, 1, count);
        NGrams.sequences(keys, ResponseView.HEAD_TOKENS.index(), starts, 0, count + 1, 1, 3);
        keys.endView();
    }

    private void starts(Tokens tokens, FeatureKeys keys, boolean ofClauses) {
        ResponseView view = ofClauses ? ResponseView.CLAUSE_STARTS : ResponseView.SENTENCE_STARTS;
        int first = ofClauses ? 1 : 0;
        starts[0] = NGrams.START;
        int count = first;
        for (int i = 0; i <= tokens.count; i++) {
            if (i == tokens.count || (ofClauses ? tokens.endsClause[i] : tokens.endsSentence[i])) {
                if (count > first) {
                    NGrams.sequences(keys, view.index(), starts, 0, count, 2, ofClauses ? 5 : 4);
                }
                count = first;
            } else if (tokens.isWord[i] && count < first + START_WORDS) {
                starts[count++] = tokens.hash[i];
            }
        }
        keys.endView();
    }

    private void cueViews(Tokens tokens, FeatureKeys keys) {
        Arrays.fill(cueCounts, 0);
        Arrays.fill(riskCounts, 0);
        cueSequences.clear();
        english = 0;
        otherLanguage = 0;
        cues[0] = NGrams.START;
        int count = 1;
        int word = 0;
        for (int i = 0; i <= tokens.count; i++) {
            if (i == tokens.count || tokens.endsClause[i]) {
                if (count > 1) {
                    cueSequences(count);
                }
                count = 1;
            } else if (tokens.isWord[i]) {
                int bits = flags[word++];
                english += (bits & Lexicon.ENGLISH) == 0 ? 0 : 1;
                otherLanguage += (bits & Lexicon.OTHER_LANGUAGE) == 0 ? 0 : 1;
                riskCounts[bits >>> Lexicon.RISK_SHIFT & Lexicon.CUE_MASK]++;
                int cue = bits & Lexicon.CUE_MASK;
                if (cue != Lexicon.NO_CUE) {
                    cueCounts[cue]++;
                    cues[count++] = cue;
                }
            }
        }
        classes(keys, ResponseView.CUES, cueCounts);
        for (int i = 0; i < cueSequences.size(); i++) {
            keys.add(
                    Hashing.key(ResponseView.CUE_SEQUENCES.index(), cueSequences.key(i)),
                    dampened(cueSequences.count(i)));
        }
        keys.endView();
        classes(keys, ResponseView.RISKS, riskCounts);
    }

    private static void classes(FeatureKeys keys, ResponseView view, int[] counts) {
        for (int number = 1; number < counts.length; number++) {
            if (counts[number] > 0) {
                keys.add(
                        Hashing.key(view.index(), Hashing.extend(Hashing.BASIS, (long) number)),
                        dampened(counts[number]));
            }
        }
        keys.endView();
    }

    private void cueSequences(int count) {
        for (int i = 0; i < count; i++) {
            long hash = Hashing.BASIS;
            int end = Math.min(count, i + 4);
            for (int j = i; j < end; j++) {
                hash = Hashing.extend(hash, cues[j]);
                cueSequences.add(hash);
            }
        }
    }

    /** Dampens a count, as a tenth occurrence is less informative than the first. */
    private static float dampened(int count) {
        return DAMPENED[Math.min(count, DAMPENED.length - 1)];
    }
}
