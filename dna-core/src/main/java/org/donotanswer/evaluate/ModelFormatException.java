package org.donotanswer.evaluate;

import java.io.IOException;

/** Thrown where a model's weights, configuration or vocabulary are not what they have to be. */
public class ModelFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception whose message names the file and what is wrong in it. */
    public ModelFormatException(String message) {
        super(message);
    }

    /** Makes an exception whose message names the file and what is wrong in it, with the failure that showed it. */
    public ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
