package org.donotanswer.classifier.weights;

import org.donotanswer.evaluate.ModelFormatException;

/** Thrown if the files of a checkpoint are malformed, or hold content that must not be read. */
public class CheckpointException extends ModelFormatException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message that names the file and the fault. */
    public CheckpointException(String message) {
        super(message);
    }

    /** Creates an exception with a message that names the file and the fault, and the failure that revealed it. */
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
