package org.donotanswer.classifier.transformer;

/**
 * The tokens of one text or a pair of texts, including special tokens, without padding. The arrays are not copied and
 * must not be modified.
 *
 * @param inputIds the ids of the tokens, at least one
 * @param typeIds the text of each token: 0 or 1
 */
public record TokenSequence(long[] inputIds, long[] typeIds) {
    /** Checks that there are tokens, and a type for each. */
    public TokenSequence {
        if (inputIds.length == 0) {
            throw new IllegalArgumentException("inputIds must have at least one token, but were empty");
        }
        if (typeIds.length != inputIds.length) {
            throw new IllegalArgumentException(
                    "number of typeIds must be " + inputIds.length + ", but was " + typeIds.length);
        }
    }

    /** Returns the number of tokens. */
    public int length() {
        return inputIds.length;
    }
}
