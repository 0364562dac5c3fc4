package org.donotanswer.classifier.judge;

/** Receives the replies of a judge as they arrive, except those from the cache. Implementations must be thread-safe. */
@FunctionalInterface
public interface ReplyListener {
    /** Receives a reply. An exception thrown here fails the evaluation. */
    void replied(JudgeReply reply);
}
