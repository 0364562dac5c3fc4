package org.donotanswer.classifier.embedded;

import java.util.Arrays;

/** Extracts the features of a normalized and tokenized instruction. Not thread-safe; reusable. */
final class InstructionFeatures {
    private static final int START_WORDS = 5;
    private static final long QUESTION = Hashing.of("?");
    private static final long STATEMENT = Hashing.of(".");
    private static final long LENGTH = Hashing.of("length");

    private final Lexicon lexicon = Lexicon.get();
    private final int[] riskCounts = new int[lexicon.riskClasses() + 1];
    private final DistinctKeys distinctWords = new DistinctKeys();
    private final long[] starts = new long[START_WORDS + 1];
    private long[] words = new long[256];
    private long[] content = new long[256];
    private long[] function = new long[256];

    void extract(TextNormalizer text, Tokens tokens, FeatureKeys keys) {
        keys.clear();
        int wordCount = collectWords(tokens);
        int contentCount = splitWords(wordCount);
        distinct(keys, InstructionView.WORDS, content, contentCount);
        distinct(keys, InstructionView.FUNCTION_WORDS, function, wordCount - contentCount);
        NGrams.sequences(keys, InstructionView.WORD_PAIRS.index(), words, 0, wordCount, 2, 2);
        keys.endView();
        NGrams.sequences(keys, InstructionView.CONTENT_PAIRS.index(), content, 0, contentCount, 2, 2);
        keys.endView();
        wordCharacters(tokens, keys);
        int count = Math.min(wordCount, START_WORDS);
        starts[0] = NGrams.START;
        System.arraycopy(words, 0, starts, 1, count);
        NGrams.sequences(keys, InstructionView.START.index(), starts, 0, count + 1, 2, 4);
        keys.endView();
        shape(text, keys);
        risks(wordCount, keys);
    }

    private void risks(int wordCount, FeatureKeys keys) {
        int view = InstructionView.RISKS.index();
        Arrays.fill(riskCounts, 0);
        for (int i = 0; i < wordCount; i++) {
            riskCounts[lexicon.of(words[i]) >>> Lexicon.RISK_SHIFT & Lexicon.CUE_MASK]++;
        }
        for (int first = 1; first < riskCounts.length; first++) {
            if (riskCounts[first] > 0) {
                long hash = Hashing.extend(Hashing.BASIS, (long) first);
                keys.add(Hashing.key(view, hash));
                for (int second = first + 1; second < riskCounts.length; second++) {
                    if (riskCounts[second] > 0) {
                        keys.add(Hashing.key(view, Hashing.extend(hash, (long) second)));
                    }
                }
            }
        }
        if (keys.isEmptyView(view)) {
            keys.add(Hashing.key(view, Hashing.BASIS));
        }
        keys.endView();
    }

    /** Separates function words from content words, and returns the number of content words. */
    private int splitWords(int wordCount) {
        int contentCount = 0;
        int functionCount = 0;
        for (int i = 0; i < wordCount; i++) {
            if ((lexicon.of(words[i]) & Lexicon.ENGLISH) != 0) {
                function[functionCount++] = words[i];
            } else {
                content[contentCount++] = words[i];
            }
        }
        return contentCount;
    }

    private void distinct(FeatureKeys keys, InstructionView view, long[] hashes, int count) {
        distinctWords.clear();
        for (int i = 0; i < count; i++) {
            if (distinctWords.add(hashes[i])) {
                keys.add(Hashing.key(view.index(), hashes[i]));
            }
        }
        keys.endView();
    }

    private int collectWords(Tokens tokens) {
        if (words.length < tokens.count) {
            words = new long[tokens.hash.length];
            content = new long[tokens.hash.length];
            function = new long[tokens.hash.length];
        }
        int count = 0;
        for (int i = 0; i < tokens.count; i++) {
            if (tokens.isWord[i]) {
                words[count++] = tokens.hash[i];
            }
        }
        return count;
    }

    private void wordCharacters(Tokens tokens, FeatureKeys keys) {
        distinctWords.clear();
        for (int i = 0; i < tokens.count; i++) {
            if (tokens.isWord[i]
                    && (lexicon.of(tokens.hash[i]) & Lexicon.ENGLISH) == 0
                    && distinctWords.add(tokens.hash[i])) {
                NGrams.withinWord(
                        keys, InstructionView.WORD_CHARACTERS.index(), tokens.text[i], tokens.start[i], tokens.end[i]);
            }
        }
        keys.endView();
    }

    private static void shape(TextNormalizer text, FeatureKeys keys) {
        int view = InstructionView.SHAPE.index();
        if (text.length > 0) {
            keys.add(Hashing.key(view, text.chars[text.length - 1] == '?' ? QUESTION : STATEMENT));
            int magnitude = 31 - Integer.numberOfLeadingZeros(text.length + 1);
            keys.add(Hashing.key(view, Hashing.extend(LENGTH, (long) magnitude)));
        }
        keys.endView();
    }
}
