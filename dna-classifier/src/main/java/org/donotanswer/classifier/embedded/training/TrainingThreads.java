package org.donotanswer.classifier.embedded.training;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.donotanswer.internal.DaemonThreads;

/** Runs independent tasks on a fixed number of threads, which the results do not depend on. Thread-safe. */
final class TrainingThreads implements AutoCloseable {
    private final ExecutorService executor;

    TrainingThreads(int threads) {
        executor = Executors.newFixedThreadPool(threads, DaemonThreads.named("dna-training"));
    }

    /**
     * Returns the results of the tasks 0 to {@code count - 1}, in order.
     *
     * @throws IllegalStateException if the calling thread is interrupted
     */
    <T> List<T> map(int count, IntFunction<T> task) {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            futures.add(executor.submit(() -> task.apply(number)));
        }
        List<T> results = new ArrayList<>();
        try {
            for (Future<T> future : futures) {
                results.add(future.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("training must complete, but was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("training must complete, but failed", e.getCause());
        }
        return results;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
