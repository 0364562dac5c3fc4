package org.donotanswer.classifier.transformer;

/** The result of one sequence in a batch. */
sealed interface BatchOutcome {
    /** Returns the logits, or throws what the classifier threw for this sequence. */
    float[] logits();

    /** The sequence was classified. */
    record Classified(float[] logits) implements BatchOutcome {}

    /**
     * The classifier failed on the sequence when run on its own.
     *
     * @param failure a RuntimeException or an Error
     */
    record Failed(Throwable failure) implements BatchOutcome {
        @Override
        public float[] logits() {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        }
    }
}
