package org.donotanswer.classifier.weights;

/**
 * A storage as a pickle names it: {@code elements} elements kept under a key, of which those from {@code viewOffset} are
 * seen.
 */
record TorchStorage(TensorType type, String key, long elements, long viewOffset, long viewElements) {
    /** Returns the size of the whole storage in bytes, which the pickle's reader has checked. */
    long bytes() {
        return elements * type.bytes();
    }
}
