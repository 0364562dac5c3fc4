package org.donotanswer.guard.stream;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Verdict;

/**
 * Takes tokens, and hands on those parts of the answer that may be shown, as {@link Flow} has it, with its back-pressure. It
 * completes if all of the answer passed, and ends with a {@link BlockedException} if not. Takes one publisher and one subscriber.
 */
public interface GuardedProcessor extends Flow.Processor<String, String> {
    /** Returns the verdict that ended the stream, when it did; fails if the answer broke off, or nobody wanted it any more. */
    CompletionStage<Verdict> verdict();
}
