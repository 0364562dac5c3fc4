package org.donotanswer.spark;

/** Thrown by a task whose executor cannot have the evaluator: {@link FailFast} ends its job. The message is one line. */
final class UnavailableEvaluatorException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    UnavailableEvaluatorException(String message) {
        super(message);
    }

    UnavailableEvaluatorException(String message, Throwable cause) {
        super(message, cause);
    }
}
