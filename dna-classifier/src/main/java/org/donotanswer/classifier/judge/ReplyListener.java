package org.donotanswer.classifier.judge;

/** Is told of every reply that a judge gives, as it comes; not of those from the cache. Implementations are thread-safe. */
@FunctionalInterface
public interface ReplyListener {
    /** Takes a reply. What it throws fails the evaluation. */
    void replied(JudgeReply reply);
}
