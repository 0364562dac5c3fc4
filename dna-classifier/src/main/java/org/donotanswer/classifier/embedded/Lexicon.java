package org.donotanswer.classifier.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Word lists written by hand: cues of how a response acts, words of risky topics, and function words by language.
 * Immutable, hence thread-safe.
 */
final class Lexicon {
    /** The value of the cue bits of {@link #of} for a word in no cue class. */
    static final int NO_CUE = 0;

    /** The bits of {@link #of} that hold the cue class, numbered from 1. */
    static final int CUE_MASK = 0x3f;

    /** The bits of {@link #of} for function words of English and of other languages. */
    static final int ENGLISH = 0x40;

    static final int OTHER_LANGUAGE = 0x80;

    /** The position of the bits of {@link #of} that hold the class of risky topics, numbered from 1; 0 for none. */
    static final int RISK_SHIFT = 8;

    private static final String ENGLISH_NAME = "english";
    private static final Lexicon INSTANCE = read();

    /** An open-addressing hash table: the hash of each word, 0 where free, and its bits. */
    private final long[] words = new long[4_096];

    private final short[] bits = new short[words.length];
    private final int cueClasses;
    private final int riskClasses;

    private Lexicon(
            Map<String, List<String>> cues, Map<String, List<String>> risks, Map<String, List<String>> languages) {
        cueClasses = addClasses(cues, 0);
        riskClasses = addClasses(risks, RISK_SHIFT);
        languages.getOrDefault(ENGLISH_NAME, List.of()).forEach(word -> add(word, ENGLISH));
        languages.forEach((language, list) -> {
            for (String word : list) {
                if (!language.equals(ENGLISH_NAME) && (of(Hashing.of(word)) & ENGLISH) == 0) {
                    add(word, OTHER_LANGUAGE);
                }
            }
        });
    }

    /** Adds classes of words, and returns their number. */
    private int addClasses(Map<String, List<String>> classes, int shift) {
        int number = 0;
        for (List<String> list : classes.values()) {
            number++;
            for (String word : list) {
                if ((of(Hashing.of(word)) >>> shift & CUE_MASK) != NO_CUE) {
                    throw new IllegalStateException("word must be in one class, but was in two (" + word + ")");
                }
                add(word, number << shift);
            }
        }
        return number;
    }

    static Lexicon get() {
        return INSTANCE;
    }

    /** Returns the number of cue classes, which are numbered from 1. */
    int cueClasses() {
        return cueClasses;
    }

    /** Returns the number of classes of risky topics, which are numbered from 1. */
    int riskClasses() {
        return riskClasses;
    }

    /** Returns the classes and languages of the word with the given hash as bits, or 0 if it is in no list. */
    int of(long hash) {
        int slot = slot(hash);
        while (words[slot] != 0) {
            if (words[slot] == hash) {
                return bits[slot] & 0xffff;
            }
            slot = (slot + 1) & (words.length - 1);
        }
        return 0;
    }

    private void add(String word, int newBits) {
        long hash = Hashing.of(word);
        int slot = slot(hash);
        while (words[slot] != 0 && words[slot] != hash) {
            slot = (slot + 1) & (words.length - 1);
        }
        words[slot] = hash;
        bits[slot] |= (short) newBits;
    }

    private int slot(long hash) {
        return (int) (hash ^ (hash >>> 32)) & (words.length - 1);
    }

    private static Lexicon read() {
        return new Lexicon(lists("cues.txt"), lists("risk-cues.txt"), lists("function-words.txt"));
    }

    private static Map<String, List<String>> lists(String resource) {
        InputStream stream = Objects.requireNonNull(Lexicon.class.getResourceAsStream(resource), resource);
        Map<String, List<String>> lists = new LinkedHashMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int colon = line.indexOf(':');
                if (!line.startsWith("#") && colon > 0) {
                    List<String> list = lists.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>());
                    Collections.addAll(list, line.substring(colon + 1).trim().split(" +"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " must be readable, but was not", e);
        }
        return lists;
    }
}
