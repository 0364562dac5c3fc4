package org.donotanswer.guard.stream;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Verdict;

/**
 * Receives tokens and publishes the parts of the response that may be shown, with the back-pressure of {@link Flow}.
 * It completes if the whole response passed, and otherwise fails with a {@link BlockedException}. Supports one
 * publisher and one subscriber.
 */
public interface GuardedProcessor extends Flow.Processor<String, String> {
    /**
     * Returns a future of the verdict that ended the stream. It fails if the source failed or the subscriber
     * cancelled.
     */
    CompletionStage<Verdict> verdict();
}
