package org.donotanswer.classifier.embedded;

import java.util.Arrays;

/** Extracts the features of a passage of a response for the heads of harm and refusal. Not thread-safe; reusable. */
final class HarmFeatures {
    private static final int OPENING_TOKENS = 28;
    private static final int START_WORDS = 4;

    private final Lexicon lexicon = Lexicon.get();
    private final DistinctKeys distinctWords = new DistinctKeys();
    private final DistinctKeys distinctSequences = new DistinctKeys();
    private final boolean[] risks = new boolean[lexicon.riskClasses() + 1];
    private final long[] starts = new long[OPENING_TOKENS + 2];

    private long[] words = new long[1_024];
    private int[] flags = new int[1_024];
    private int wordCount;

    /** Extracts the features of the tokens in a range. */
    void extract(Tokens tokens, int from, int to, FeatureKeys keys) {
        keys.clear();
        collectWords(tokens, from, to);
        distinct(keys, HarmView.WORDS, 0);
        distinct(keys, HarmView.FUNCTION_WORDS, Lexicon.ENGLISH);
        wordPairs(keys);
        opening(tokens, from, to, keys);
        sentenceStarts(tokens, from, to, keys);
        cues(keys);
        risks(keys);
    }

    private void collectWords(Tokens tokens, int from, int to) {
        if (words.length < to - from) {
            int capacity = tokens.hash.length;
            words = new long[capacity];
            flags = new int[capacity];
        }
        wordCount = 0;
        for (int i = from; i < to; i++) {
            if (tokens.isWord[i]) {
                words[wordCount] = tokens.hash[i];
                flags[wordCount++] = lexicon.of(tokens.hash[i]);
            }
        }
    }

    private void distinct(FeatureKeys keys, HarmView view, int englishBit) {
        distinctWords.clear();
        for (int i = 0; i < wordCount; i++) {
            if ((flags[i] & Lexicon.ENGLISH) == englishBit && distinctWords.add(words[i])) {
                keys.add(Hashing.key(view.index(), words[i]));
            }
        }
        keys.endView();
    }

    private void wordPairs(FeatureKeys keys) {
        distinctSequences.clear();
        for (int i = 0; i + 1 < wordCount; i++) {
            add(keys, HarmView.WORD_PAIRS, Hashing.extend(Hashing.extend(Hashing.BASIS, words[i]), words[i + 1]));
        }
        keys.endView();
    }

    private void opening(Tokens tokens, int from, int to, FeatureKeys keys) {
        int count = Math.min(to - from, OPENING_TOKENS);
        starts[0] = NGrams.START;
        System.arraycopy(tokens.hash, from, starts, 1, count);
        NGrams.sequences(keys, HarmView.OPENING.index(), starts, 0, count + 1, 1, 3);
        keys.endView();
    }

    private void sentenceStarts(Tokens tokens, int from, int to, FeatureKeys keys) {
        int count = 0;
        for (int i = from; i <= to; i++) {
            if (i == to || tokens.endsSentence[i]) {
                NGrams.sequences(keys, HarmView.SENTENCE_STARTS.index(), starts, 0, count, 2, START_WORDS);
                count = 0;
            } else if (tokens.isWord[i] && count < START_WORDS) {
                starts[count++] = tokens.hash[i];
            }
        }
        keys.endView();
    }

    private void cues(FeatureKeys keys) {
        distinctSequences.clear();
        int last = 0;
        for (int i = 0; i < wordCount; i++) {
            int cue = flags[i] & Lexicon.CUE_MASK;
            if (cue != Lexicon.NO_CUE) {
                add(keys, HarmView.CUES, Hashing.extend(Hashing.BASIS, (long) cue));
                if (last != 0) {
                    add(keys, HarmView.CUES, Hashing.extend(Hashing.extend(Hashing.BASIS, (long) last), (long) cue));
                }
                last = cue;
            }
        }
        keys.endView();
    }

    private void add(FeatureKeys keys, HarmView view, long hash) {
        if (distinctSequences.add(hash)) {
            keys.add(Hashing.key(view.index(), hash));
        }
    }

    private void risks(FeatureKeys keys) {
        Arrays.fill(risks, false);
        for (int i = 0; i < wordCount; i++) {
            risks[flags[i] >>> Lexicon.RISK_SHIFT & Lexicon.CUE_MASK] = true;
        }
        for (int number = 1; number < risks.length; number++) {
            if (risks[number]) {
                keys.add(Hashing.key(HarmView.RISKS.index(), Hashing.extend(Hashing.BASIS, (long) number)));
            }
        }
        if (keys.isEmptyView(HarmView.RISKS.index())) {
            keys.add(Hashing.key(HarmView.RISKS.index(), Hashing.BASIS));
        }
        keys.endView();
    }
}
