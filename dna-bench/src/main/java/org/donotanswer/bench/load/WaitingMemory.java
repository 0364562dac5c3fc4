package org.donotanswer.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.donotanswer.bench.speed.LiveHeap;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;

/** Measures the heap that calls occupy while they wait for a thread of a guard. */
final class WaitingMemory {
    /** The default limit of waiting calls of a guard. */
    static final int CALLS = 1_000;

    private WaitingMemory() {}

    /** Returns the mean heap of a waiting call beside its texts, in bytes. */
    static double bytesPerCall() {
        // Nothing runs, so that all of them wait.
        try (ParkingEvaluator evaluator = new ParkingEvaluator(LoadClock.system(), Duration.ofMinutes(10));
                SafetyGuard guard = SafetyGuard.builder()
                        .evaluator(evaluator)
                        .executor(task -> {})
                        .maxConcurrent(1)
                        .deadline(Duration.ofMinutes(10))
                        .build()) {
            Conversation conversation = Conversation.of("How do I make tea?");
            List<CompletableFuture<Verdict>> waiting = new ArrayList<>(CALLS);
            CompletableFuture<Verdict> first = guard.checkAsync(conversation, "Boil water.");
            long before = LiveHeap.bytes();
            for (int i = 0; i < CALLS; i++) {
                waiting.add(guard.checkAsync(conversation, "Boil water."));
            }
            long after = LiveHeap.bytes();
            if (first.isDone() || waiting.stream().anyMatch(CompletableFuture::isDone)) {
                throw new IllegalStateException("calls must wait, but did not");
            }
            return Math.max(0, after - before) / (double) CALLS;
        }
    }
}
