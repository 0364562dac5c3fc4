package org.donotanswer.classifier.transformer;

/**
 * The tokens of one text or pair of texts, special tokens included and without padding. The arrays are shared, and nobody
 * writes to them.
 *
 * @param inputIds the ids of the tokens, at least one
 * @param typeIds for each token, the text it is of: 0 or 1
 */
record TokenSequence(long[] inputIds, long[] typeIds) {
    TokenSequence {
        if (inputIds.length == 0) {
            throw new IllegalArgumentException("inputIds must have a token, but was empty");
        }
        if (typeIds.length != inputIds.length) {
            throw new IllegalArgumentException(
                    "typeIds must have " + inputIds.length + " values, but was " + typeIds.length);
        }
    }

    /** Returns the number of tokens. */
    int length() {
        return inputIds.length;
    }
}
