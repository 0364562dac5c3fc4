package org.donotanswer.classifier.embedded;

/**
 * Sums the weights of the character n-grams within words. They are a good part of a response's features, and words recur,
 * so that the sum of each word is kept for when it comes again. Not thread-safe; made to be reused.
 */
final class WordSums {
    private static final int SIZE = 4_096;

    private final WeightTable table;
    private final FeatureKeys keys = new FeatureKeys(1);
    private final WeightTable.Sums sums;

    /** Of the word that was last in each place: its hash, 0 if none, and its sums. */
    private final long[] words = new long[SIZE];

    private final double[] squares = new double[SIZE];
    private final int[] lanes = new int[SIZE * WeightTable.LANES];

    WordSums(WeightTable table) {
        this.table = table;
        sums = new WeightTable.Sums(table);
    }

    /** Sets {@code weighted} to the sums of the lanes over the distinct words, and returns their squared length. */
    double sum(Tokens tokens, ResponseFeatures response, double[] weighted) {
        int[] total = new int[WeightTable.LANES];
        double totalSquares = 0;
        for (int i = 0; i < response.distinctCount(); i++) {
            int token = response.distinctToken(i);
            long word = tokens.hash[token];
            int place = (int) (word ^ (word >>> 40)) & (SIZE - 1);
            if (words[place] != word) {
                remember(tokens, token, place);
                words[place] = word;
            }
            totalSquares += squares[place];
            int at = place * WeightTable.LANES;
            for (int lane = 0; lane < WeightTable.LANES; lane++) {
                total[lane] += lanes[at + lane];
            }
        }
        for (int lane = 0; lane < WeightTable.LANES; lane++) {
            weighted[lane] = total[lane];
        }
        return totalSquares;
    }

    private void remember(Tokens tokens, int token, int place) {
        keys.clear();
        ResponseFeatures.wordCharacters(tokens, token, keys);
        keys.endView();
        squares[place] = table.sumNarrow(keys, 0, sums);
        for (int lane = 0; lane < WeightTable.LANES; lane++) {
            lanes[place * WeightTable.LANES + lane] = (int) sums.weighted(lane);
        }
    }
}
