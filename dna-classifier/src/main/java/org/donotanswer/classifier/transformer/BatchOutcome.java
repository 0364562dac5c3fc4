package org.donotanswer.classifier.transformer;

/** What became of one sequence of several. */
sealed interface BatchOutcome {
    /** Returns the logits; throws what the classifier threw if it failed on this sequence. */
    float[] logits();

    /** The logits of the sequence. */
    record Classified(float[] logits) implements BatchOutcome {}

    /**
     * The classifier failed on the sequence, on its own.
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
