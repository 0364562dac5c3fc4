package org.donotanswer.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.donotanswer.internal.DaemonThreads;

/** Runs callers at the same time. */
final class CallerThreads {
    private CallerThreads() {}

    /** What a caller does. */
    @FunctionalInterface
    interface Caller {
        void call(int caller) throws InterruptedException;
    }

    /**
     * Runs callers on a thread each, and waits for all.
     *
     * @param ready runs when all threads are there, before any caller begins
     * @throws IllegalStateException if one throws
     * @throws InterruptedException if this thread is interrupted
     */
    static void run(int callers, Runnable ready, Caller caller) throws InterruptedException {
        if (callers == 1) {
            // On this thread, so that tests may do with a clock that one thread at a time can use.
            ready.run();
            caller.call(0);
            return;
        }
        CyclicBarrier begin = new CyclicBarrier(callers, ready);
        List<Callable<Void>> calls = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            int number = i;
            calls.add(() -> {
                await(begin);
                caller.call(number);
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(callers, DaemonThreads.numbered("caller-"));
        try {
            for (Future<Void> future : threads.invokeAll(calls)) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("load must be served, but was not", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static void await(CyclicBarrier barrier) throws InterruptedException {
        try {
            barrier.await();
        } catch (BrokenBarrierException e) {
            throw new IllegalStateException("callers must begin together, but did not", e);
        }
    }
}
