package org.donotanswer.encoder;

import java.io.IOException;
import java.nio.FloatBuffer;
import org.donotanswer.classifier.transformer.TokenSequence;

/**
 * The embeddings of a BERT encoder. They are looked up here, so that the table of words, half of the model, is in memory once and
 * in full precision. Immutable, hence thread-safe.
 */
final class EmbeddingTables {
    private static final String PREFIX = "embeddings.";

    private final int hidden;
    private final float[] words;
    private final float[] positions;
    private final float[] types;

    private EmbeddingTables(int hidden, float[] words, float[] positions, float[] types) {
        this.hidden = hidden;
        this.words = words;
        this.positions = positions;
        this.types = types;
    }

    static EmbeddingTables of(EncoderTensors tensors, int hidden) throws IOException {
        return new EmbeddingTables(
                hidden,
                tensors.tensor(PREFIX + "word_embeddings.weight"),
                tensors.tensor(PREFIX + "position_embeddings.weight"),
                tensors.tensor(PREFIX + "token_type_embeddings.weight"));
    }

    /** Returns the maximum number of tokens. */
    int positions() {
        return positions.length / hidden;
    }

    /**
     * Puts the sums of a window's embeddings, [tokens, hidden], into a buffer.
     *
     * @throws IllegalArgumentException if the window is too long, or has an id or a type outside the tables
     */
    void put(TokenSequence window, FloatBuffer sums) {
        requireBelow("number of tokens", positions() + 1, window.length());
        float[] row = new float[hidden];
        for (int token = 0; token < window.length(); token++) {
            int word = row("id of token ", token, words, window.inputIds()[token]);
            int type = row("type of token ", token, types, window.typeIds()[token]);
            int position = token * hidden;
            for (int i = 0; i < hidden; i++) {
                // The order of the reference, modeling_bert.py.
                row[i] = words[word + i] + types[type + i] + positions[position + i];
            }
            sums.put(row);
        }
    }

    private int row(String subject, int token, float[] table, long id) {
        requireBelow(subject + token, table.length / hidden, id);
        return (int) id * hidden;
    }

    private static void requireBelow(String subject, int limit, long value) {
        if (value < 0 || value >= limit) {
            throw new IllegalArgumentException(subject + " must be in 0.." + (limit - 1) + ", but was " + value);
        }
    }
}
