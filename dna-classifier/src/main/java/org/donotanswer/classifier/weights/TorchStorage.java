package org.donotanswer.classifier.weights;

/**
 * A storage as a pickle describes it.
 *
 * @param key its name in the file
 * @param elements the number of all its elements
 * @param viewOffset the first element that is visible
 * @param viewElements the number of visible elements
 */
record TorchStorage(TensorType type, String key, long elements, long viewOffset, long viewElements) {
    /**
     * Returns the size of the whole storage in bytes; the reader of the pickle has checked that it does not overflow.
     */
    long bytes() {
        return elements * type.bytes();
    }
}
