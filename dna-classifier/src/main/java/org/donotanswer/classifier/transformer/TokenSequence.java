package org.donotanswer.classifier.transformer;

/** The tokens of one input, special ones included and without padding. The arrays are shared, not copied. */
record TokenSequence(long[] inputIds, long[] typeIds) {
    /** Returns the number of tokens, incl. specials. */
    int length() {
        return inputIds.length;
    }
}
