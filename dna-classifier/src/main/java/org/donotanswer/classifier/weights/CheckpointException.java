package org.donotanswer.classifier.weights;

import org.donotanswer.evaluate.ModelFormatException;

/** Thrown where a checkpoint's files are missing, damaged or not what they have to be. */
public class CheckpointException extends ModelFormatException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception whose message names the file and what is wrong in it. */
    public CheckpointException(String message) {
        super(message);
    }

    /** Makes an exception whose message names the file and what is wrong in it, with the failure that showed it. */
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
