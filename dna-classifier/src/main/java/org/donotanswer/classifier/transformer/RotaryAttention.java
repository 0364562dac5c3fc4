package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Dimension;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;

/**
 * Attention of queries and keys that are rotated by their position: Su et al., "RoFormer: Enhanced Transformer with
 * Rotary Position Embedding", arXiv 2104.09864, section 3.4.2. A program has one of these for all layers with the same
 * base and window.
 *
 * <p>Dimensions: B sequences, L tokens, H hidden size, A heads, D head size, W the window on each side; in the band, C
 * chunks of c queries each, with K = c + 2 W keys.
 *
 * @param cosine of the angle of each position and frequency, [L, 1, 1, D / 2]
 * @param sine likewise
 * @param reach W, or a number beyond any text if all tokens are attended to
 * @param banded whether chunks of queries see their own keys only, rather than all keys under a mask
 * @param padding [B, 1, 1, L], or empty if no token is padding
 * @param mask what is added to the scores: [1 or B, 1, 1 or L, L], or [C, 1, c, K] in the band; empty if nothing is
 */
record RotaryAttention(
        int heads,
        int size,
        Tensor cosine,
        Tensor sine,
        int reach,
        boolean banded,
        Optional<Tensor> padding,
        Optional<Tensor> mask) {

    /** Returns attention of all tokens to all others. */
    static RotaryAttention full(Tensor ids, int heads, int size, double base, Optional<Tensor> padding) {
        Tensor angles = angles(ids, size, base);
        return new RotaryAttention(
                heads, size, angles.cos(), angles.sin(), Integer.MAX_VALUE - 1, false, padding, padding);
    }

    /** Returns attention of each token to those at a distance of at most W, by a mask over all pairs. */
    static RotaryAttention windowed(Tensor ids, int heads, int size, double base, int reach, Optional<Tensor> padding) {
        Tensor angles = angles(ids, size, base);
        Tensor mask = windowMask(ids, reach, padding);
        return new RotaryAttention(heads, size, angles.cos(), angles.sin(), reach, false, padding, Optional.of(mask));
    }

    /** Returns attention of each token of one sequence to those at a distance of at most W, in a band. */
    static RotaryAttention banded(Tensor ids, int heads, int size, double base, int reach) {
        Tensor angles = angles(ids, size, base);
        Tensor mask = Band.mask(ids, reach, 0);
        return new RotaryAttention(
                heads, size, angles.cos(), angles.sin(), reach, true, Optional.empty(), Optional.of(mask));
    }

    /** Returns the angle of each position and frequency: [L, 1, 1, D / 2]. */
    private static Tensor angles(Tensor ids, int size, double base) {
        Function function = ids.function();
        Tensor frequencies = function.slot(function.program().rotaryFrequencies(base, size)); // [D / 2]
        return function.range(ids.size(1))
                .toFloat()
                .unsqueeze(1)
                .times(frequencies) // [L, D / 2]
                .unsqueeze(1)
                .unsqueeze(1);
    }

    /** Returns the mask of tokens that are distant, or padding: [1 or B, 1, L, L]. */
    private static Tensor windowMask(Tensor ids, int reach, Optional<Tensor> padding) {
        Tensor positions = ids.function().range(ids.size(1)); // [L]
        Tensor mask = positions
                .unsqueeze(1)
                .minus(positions.unsqueeze(0))
                .abs()
                .greaterThan(reach)
                .asMask()
                .unsqueeze(0)
                .unsqueeze(0);
        return padding.isPresent() ? mask.plus(padding.get()) : mask;
    }

    /** Returns what each query attends to, [B, L, 3 H] -> [B, L, H], or [B, 1, H] for the first token alone. */
    Tensor context(Tensor projected, boolean onlyFirst) {
        Tensor split = projected.reshape(projected.size(0), projected.size(1), 3, heads, size); // [B, L, 3, A, D]
        Tensor rotated = rotated(split.slice(2, 0, 2)); // [B, L, 2, A, D]
        Tensor value = split.select(2, 2); // [B, L, A, D]
        if (banded && !onlyFirst) {
            return bandedContext(rotated, value);
        }
        Tensor query = rotated.select(2, 0).transpose(1, 2); // [B, A, L, D]
        Tensor key = rotated.select(2, 1).transpose(1, 2);
        Tensor values = value.transpose(1, 2);
        Optional<Tensor> hidden = mask;
        if (onlyFirst) {
            query = query.slice(2, 0, 1);
            key = key.slice(2, 0, reach + 1);
            values = values.slice(2, 0, reach + 1);
            hidden = padding.map(each -> each.slice(3, 0, reach + 1));
        }
        return Layers.merged(Layers.attention(query, key, values, hidden, 1 / Math.sqrt(size)), heads * size);
    }

    /** Returns queries and keys, each half of which is rotated against the other by the angle of its position. */
    private Tensor rotated(Tensor x) {
        Tensor first = x.slice(4, 0, size / 2); // [B, L, 2, A, D / 2]
        Tensor second = x.slice(4, size / 2, size);
        return Layers.rounded(first.times(cosine)
                .minus(second.times(sine))
                .concat(second.times(cosine).plus(first.times(sine)), 4));
    }

    /**
     * Returns the context of every token of one sequence from the tokens near it: [1, L, H]. Chunks of queries see
     * their keys as overlapping views of one array.
     *
     * @param rotated queries and keys, [1, L, 2, A, D]
     * @param value [1, L, A, D]
     */
    private Tensor bandedContext(Tensor rotated, Tensor value) {
        int width = heads * size;
        int row = 3 * width;
        Dimension length = rotated.size(1);
        Dimension chunks = length.dividedUp(Band.CHUNK_QUERIES);
        Dimension rows = chunks.times(Band.CHUNK_QUERIES);
        Tensor padded = rotated.concat(value.unsqueeze(2), 2) // [1, L, 3, A, D]
                .reshape(length, row)
                .padRows(reach, rows.minus(length).plus(reach))
                .contiguous(); // [W + C c + W, 3 H]
        List<Integer> strides = List.of(Band.CHUNK_QUERIES * row, size, row, 1);
        List<Object> reached = List.of(chunks, heads, Band.CHUNK_QUERIES + 2 * reach, size);
        Tensor queries =
                padded.strided(List.of(chunks, heads, Band.CHUNK_QUERIES, size), strides, reach * row); // [C, A, c, D]
        Tensor keys = padded.strided(reached, strides, width); // [C, A, K, D]
        Tensor values = padded.strided(reached, strides, 2 * width); // [C, A, K, D]
        return Layers.attention(queries, keys, values, mask, 1 / Math.sqrt(size)) // [C, A, c, D]
                .transpose(1, 2) // [C, c, A, D]
                .reshape(1, rows, width)
                .slice(1, 0, length);
    }
}
