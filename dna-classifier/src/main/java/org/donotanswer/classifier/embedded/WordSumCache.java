package org.donotanswer.classifier.embedded;

/**
 * Sums the weights of the character n-grams within words, and caches the sums of each word. These n-grams are a large part
 * of a response's features, and words recur. Not thread-safe; reusable.
 */
final class WordSumCache {
    private static final int SIZE = 4_096;

    private final WeightTable table;
    private final FeatureKeys keys = new FeatureKeys(1);
    private final WeightTable.Workspace workspace;

    /** The hash of the word cached in each entry, 0 if none, and its sums. */
    private final long[] words = new long[SIZE];

    private final double[] squares = new double[SIZE];
    private final int[] lanes = new int[SIZE * WeightTable.LANES];

    WordSumCache(WeightTable table) {
        this.table = table;
        workspace = new WeightTable.Workspace(table);
    }

    /** Sets {@code weighted} to the lane sums over the distinct words, and returns their squared length. */
    double sum(Tokens tokens, ResponseFeatures response, double[] weighted) {
        int[] total = new int[WeightTable.LANES];
        double totalSquares = 0;
        for (int i = 0; i < response.distinctCount(); i++) {
            int token = response.distinctToken(i);
            long word = tokens.hash[token];
            int entry = (int) (word ^ (word >>> 40)) & (SIZE - 1);
            if (words[entry] != word) {
                fill(tokens, token, entry);
                words[entry] = word;
            }
            totalSquares += squares[entry];
            int at = entry * WeightTable.LANES;
            for (int lane = 0; lane < WeightTable.LANES; lane++) {
                total[lane] += lanes[at + lane];
            }
        }
        for (int lane = 0; lane < WeightTable.LANES; lane++) {
            weighted[lane] = total[lane];
        }
        return totalSquares;
    }

    private void fill(Tokens tokens, int token, int entry) {
        keys.clear();
        ResponseFeatures.wordCharacters(tokens, token, keys);
        keys.endView();
        squares[entry] = table.sumNarrow(keys, 0, workspace);
        for (int lane = 0; lane < WeightTable.LANES; lane++) {
            lanes[entry * WeightTable.LANES + lane] = (int) workspace.weighted(lane);
        }
    }
}
