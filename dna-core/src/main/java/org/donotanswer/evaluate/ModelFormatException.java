package org.donotanswer.evaluate;

import java.io.IOException;

/** Thrown if a model's weights, configuration or vocabulary are not valid. */
public class ModelFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception whose message names the file and what is wrong in it. */
    public ModelFormatException(String message) {
        super(message);
    }

    /** Creates an exception whose message names the file and what is wrong in it, with its cause. */
    public ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
