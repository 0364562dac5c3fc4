package org.donotanswer.classifier.transformer;

/**
 * Thrown where a logit is not a number or infinite, so that nothing can be said of the text. It is checked, so that every
 * caller makes an {@link org.donotanswer.evaluate.Assessment.Unscored} of it.
 */
final class NonFiniteLogitsException extends Exception {
    private static final long serialVersionUID = 1L;

    NonFiniteLogitsException(String message) {
        super(message);
    }
}
