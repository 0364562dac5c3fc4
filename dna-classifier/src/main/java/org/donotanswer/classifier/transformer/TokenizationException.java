package org.donotanswer.classifier.transformer;

/** Thrown where a tokenizer makes nothing of a text. Its message does not hold the text. */
final class TokenizationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TokenizationException(String message) {
        super(message);
    }

    TokenizationException(String message, Throwable cause) {
        super(message, cause);
    }
}
