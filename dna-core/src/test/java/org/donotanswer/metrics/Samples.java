package org.donotanswer.metrics;

import java.util.ArrayList;
import java.util.List;

/** Generated data that the reference script can reproduce. */
final class Samples {
    private Samples() {}

    /** Returns n numbers from 0 to k - 1: bits 16 and above of x = (1103515245 x + 12345) mod 2^31, modulo k. */
    static List<Integer> integers(int n, int seed, int k) {
        List<Integer> result = new ArrayList<>();
        long x = seed;
        for (int i = 0; i < n; i++) {
            x = (x * 1_103_515_245L + 12_345) % (1L << 31);
            result.add((int) ((x >> 16) % k));
        }
        return result;
    }

    /** Returns 200 labels from 0 to 5. */
    static List<Integer> gold() {
        return integers(200, 1, 6);
    }

    /** Returns predictions of {@link #gold()}, about 7 in 10 of them correct. */
    static List<Integer> predicted() {
        List<Integer> noise = integers(200, 2, 10);
        List<Integer> result = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int gold = gold().get(i);
            result.add(noise.get(i) < 7 ? gold : (gold + noise.get(i)) % 6);
        }
        return result;
    }

    /** Returns 200 probabilities, in hundredths. */
    static double[] probabilities() {
        return integers(200, 3, 101).stream().mapToDouble(v -> v / 100.0).toArray();
    }

    /** Returns outcomes that occur about as often as {@link #probabilities()} say. */
    static boolean[] outcomes() {
        List<Integer> uniform = integers(200, 4, 101);
        double[] probabilities = probabilities();
        boolean[] result = new boolean[200];
        for (int i = 0; i < 200; i++) {
            result[i] = uniform.get(i) < probabilities[i] * 100;
        }
        return result;
    }

    static List<String> letters(String letters) {
        return letters.chars().mapToObj(Character::toString).toList();
    }
}
