package org.donotanswer.classifier.transformer;

/** Thrown if a tokenizer cannot tokenize a text. Its message does not contain the text. */
public final class TokenizationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TokenizationException(String message) {
        super(message);
    }

    TokenizationException(String message, Throwable cause) {
        super(message, cause);
    }
}
