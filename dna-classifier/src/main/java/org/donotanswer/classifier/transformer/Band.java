package org.donotanswer.classifier.transformer;

import org.donotanswer.classifier.transformer.TorchScriptProgram.Dimension;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;

/**
 * The band of a long sequence in which each token attends to those at a distance of at most W, without any L x L matrix: chunks
 * of queries, each with the keys that some query of it reaches. Stateless, hence thread-safe.
 *
 * <p>Dimensions: L tokens, W the reach on each side, C chunks of c queries each, with K = c + 2 W keys.
 */
final class Band {
    /** The number of queries that share their keys: fewer waste less of the band, more allow larger products. */
    static final int CHUNK_QUERIES = 64;

    private Band() {}

    /**
     * Returns the mask of each chunk's keys, [C, 1, c, K]: those out of a query's reach or outside the sequence.
     *
     * @param first the position of the first key that is not masked
     */
    static Tensor mask(Tensor ids, int reach, int first) {
        Function function = ids.function();
        Dimension length = ids.size(1);
        Tensor column = function.range(CHUNK_QUERIES + 2 * reach).unsqueeze(0); // [1, K]
        Tensor offset = column.minus(function.range(CHUNK_QUERIES).unsqueeze(1)); // [c, K]
        Tensor tooFar = offset.lessThan(0).or(offset.greaterThan(2 * reach)).unsqueeze(0); // [1, c, K]
        Tensor position = function.range(length.dividedUp(CHUNK_QUERIES)) // [C, 1, K]
                .times(CHUNK_QUERIES)
                .unsqueeze(1)
                .plus(column.minus(reach))
                .unsqueeze(1);
        Tensor outside = position.lessThan(first).or(position.atLeast(length)); // [C, 1, K]
        return tooFar.or(outside).asMask().unsqueeze(1);
    }
}
