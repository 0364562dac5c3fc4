package org.donotanswer.classifier.transformer;

/**
 * Thrown if a logit is NaN or infinite, so that the text cannot be scored. It is checked, so that every caller turns it
 * into an {@link org.donotanswer.evaluate.Assessment.Unscored}.
 */
final class NonFiniteLogitsException extends Exception {
    private static final long serialVersionUID = 1L;

    NonFiniteLogitsException(String message) {
        super(message);
    }
}
