package org.donotanswer.classifier.judge;

/** Thrown when a reply is not a judgement in the requested form. The message gives the reason and quotes nothing. */
final class UnreadableReplyException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableReplyException(String message) {
        super(message);
    }
}
