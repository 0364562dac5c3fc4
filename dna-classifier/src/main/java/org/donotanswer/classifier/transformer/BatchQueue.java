package org.donotanswer.classifier.transformer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Combines the sequences of concurrent callers into batches. Thread-safe.
 *
 * <p>A batch starts at once if a worker is idle. What arrives while all workers are busy forms the next batch, as in
 * the queue of text-embeddings-inference, so batches grow with the load and a lone caller never waits. A worker that
 * has just served several callers, or one while others are already waiting, expects them back with their next request.
 * It waits for them up to the maximum delay, but not once a batch is full. Otherwise, callers in lockstep would settle
 * into alternating between a batch of one, the first to return, and a batch of all others. Unlike the queue delay of
 * Triton's dynamic batcher, the delay is counted from the end of a batch, so it is never added where it gains nothing.
 *
 * <p>{@link Backlog} decides what a batch contains. The sequences of a failed batch are run again one by one, so a
 * sequence that the classifier fails on fails only its own caller.
 *
 * <p>Callers block even when interrupted; their interrupt status is kept. They may be virtual threads, as nothing
 * blocks inside {@code synchronized}. Batches never run on the callers' threads: a native call would pin the carrier of
 * a virtual thread, and OpenMP creates a pool of native threads for every thread that calls it.
 */
final class BatchQueue implements AutoCloseable {
    private final String name;
    private final SequenceClassifier classifier;
    private final BatchOptions options;

    private final ReentrantLock lock = new ReentrantLock();
    /** Idle workers wait on it for a sequence. */
    private final Condition work = lock.newCondition();
    /** The lingering worker waits on it for callers to return. */
    private final Condition arrivals = lock.newCondition();
    /** Threads that close this queue wait on it for the last batch. */
    private final Condition finished = lock.newCondition();

    // All fields below are guarded by the lock.
    private final Backlog<Ticket> backlog;
    /** The callers that wait for room, each with its own condition, in order of arrival. */
    private final Deque<Condition> blocked = new ArrayDeque<>();

    private int started;
    private int idle;
    private int running;
    /** The number of calls that have arrived with all their sequences. */
    private long calls;

    private boolean lingering;
    /** The number of calls at which the lingering worker stops waiting. */
    private long lingersForCalls;

    private boolean closed;

    /**
     * Creates a queue in front of a classifier, which it does not close.
     *
     * @param name the name of the owner, for threads and messages
     */
    BatchQueue(String name, SequenceClassifier classifier, BatchOptions options) {
        this.name = Objects.requireNonNull(name, "name");
        this.classifier = Objects.requireNonNull(classifier, "classifier");
        this.options = Objects.requireNonNull(options, "options");
        backlog = new Backlog<>(options.limits());
    }

    /**
     * Returns the logits of a sequence. Throws what the classifier throws for it.
     *
     * @throws IllegalStateException if this queue is closed before the sequence's batch starts
     */
    float[] submit(TokenSequence sequence) {
        return outcomes(List.of(sequence)).get(0).logits();
    }

    /**
     * Returns the logits of the sequences, in order. If the classifier fails on some, throws what it threw for the
     * first of them, once all are done.
     *
     * @throws IllegalStateException if this queue is closed before all batches have started
     */
    float[][] submitAll(List<TokenSequence> sequences) {
        return outcomes(sequences).stream().map(BatchOutcome::logits).toArray(float[][]::new);
    }

    /**
     * Returns the outcomes of the sequences, in order. A sequence that the classifier fails on does not affect the
     * others.
     *
     * @throws IllegalStateException if this queue is closed before all batches have started
     */
    List<BatchOutcome> outcomes(List<TokenSequence> sequences) {
        List<TokenSequence> copy = List.copyOf(sequences);
        Call call = new Call(copy.size());
        enqueue(call, copy);
        if (!call.awaitUninterruptibly()) {
            throw closedException();
        }
        return call.outcomes();
    }

    /** Returns the number of tokens that are waiting for a batch. */
    long queuedTokens() {
        lock.lock();
        try {
            return backlog.tokens();
        } finally {
            lock.unlock();
        }
    }

    private void enqueue(Call call, List<TokenSequence> sequences) {
        int[] order = LengthBuckets.longestFirst(sequences);
        lock.lock();
        try {
            requireOpen();
            if (order.length == 0) {
                return;
            }
            for (int row : order) {
                TokenSequence sequence = sequences.get(row);
                awaitRoom(sequence.length());
                wakeWorker();
                backlog.add(sequence, new Ticket(call, row));
                endLingering();
            }
            calls++;
            endLingering();
        } finally {
            lock.unlock();
        }
    }

    /** Blocks until there is room, or nothing else is waiting. */
    private void awaitRoom(int tokens) {
        if (!blocked.isEmpty() || !hasRoom(tokens)) {
            Condition turn = lock.newCondition();
            blocked.addLast(turn);
            endLingering();
            while (!closed && !(blocked.peekFirst() == turn && hasRoom(tokens))) {
                turn.awaitUninterruptibly();
            }
            blocked.remove(turn);
            admitNext();
        }
        requireOpen();
    }

    private boolean hasRoom(int tokens) {
        return backlog.isEmpty() || backlog.tokens() + tokens <= options.maxQueuedTokens();
    }

    private void admitNext() {
        Condition next = blocked.peekFirst();
        if (next != null) {
            next.signal();
        }
    }

    /** Makes a worker available for a sequence that is about to be added, unless all are busy. */
    private void wakeWorker() {
        boolean tooFewIdle = backlog.tokens() >= (long) idle * options.limits().maxTokens();
        if (tooFewIdle && !lingering && started < options.workers()) {
            startWorker();
        } else {
            work.signal();
        }
    }

    /** Starts a worker, which counts as idle until it looks for work. */
    private void startWorker() {
        // Must not keep the thread locals or the class loader of the first caller alive.
        Thread worker = new Thread(null, this::work, name + "-batch-" + (started + 1), 0, false);
        worker.setContextClassLoader(BatchQueue.class.getClassLoader());
        worker.setDaemon(true);
        worker.start();
        started++;
        idle++;
    }

    private void work() {
        lock.lock();
        try {
            idle--;
        } finally {
            lock.unlock();
        }
        long callsBefore = 0;
        int completedCalls = 0;
        while (true) {
            List<Backlog.Entry<Ticket>> batch = take(callsBefore, completedCalls);
            if (batch.isEmpty()) {
                return;
            }
            List<BatchOutcome> outcomes;
            try {
                outcomes = classify(batch.stream().map(entry -> entry.sequence).toList());
            } catch (Error e) {
                // For example, out of memory. The callers that wait for this batch must be notified.
                outcomes = Collections.nCopies(batch.size(), new BatchOutcome.Failed(e));
            }
            callsBefore = finishBatch();
            completedCalls = complete(batch, outcomes);
        }
    }

    /** Returns the next batch as soon as there is one; it is empty if this queue is closed. */
    private List<Backlog.Entry<Ticket>> take(long callsBefore, int completedCalls) {
        lock.lock();
        try {
            if (completedCalls > 1 || (completedCalls == 1 && !backlog.isEmpty())) {
                linger(callsBefore + completedCalls);
            }
            while (backlog.isEmpty() && !closed) {
                idle++;
                work.awaitUninterruptibly();
                idle--;
            }
            List<Backlog.Entry<Ticket>> batch = backlog.take();
            if (!batch.isEmpty()) {
                running++;
            }
            if (!backlog.isEmpty()) {
                work.signal();
            }
            admitNext();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the given number of calls have arrived, up to the maximum delay. Only one worker lingers at a time.
     */
    private void linger(long forCalls) {
        if (lingering) {
            return;
        }
        lingering = true;
        lingersForCalls = forCalls;
        long nanos = TimeUnit.MICROSECONDS.toNanos(options.maxDelayMicros());
        try {
            while (nanos > 0 && !isLingeringOver()) {
                nanos = arrivals.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lingering = false;
        }
    }

    private void endLingering() {
        if (lingering && isLingeringOver()) {
            arrivals.signal();
        }
    }

    private boolean isLingeringOver() {
        return closed || calls >= lingersForCalls || backlog.fillsBatch() || !blocked.isEmpty();
    }

    /** Returns the outcomes of a batch. If the batch fails as a whole, its sequences are run one by one. */
    private List<BatchOutcome> classify(List<TokenSequence> sequences) {
        try {
            return Arrays.stream(LengthBuckets.run(classifier, sequences))
                    .<BatchOutcome>map(BatchOutcome.Classified::new)
                    .toList();
        } catch (RuntimeException | Error e) {
            if (sequences.size() == 1) {
                return List.of(new BatchOutcome.Failed(e));
            }
        }
        List<BatchOutcome> outcomes = new ArrayList<>();
        for (TokenSequence sequence : sequences) {
            outcomes.addAll(classify(List.of(sequence)));
        }
        return outcomes;
    }

    /**
     * Counts a batch as finished, and returns the number of calls that had arrived before any of its callers could
     * return.
     */
    private long finishBatch() {
        lock.lock();
        try {
            running--;
            finished.signalAll();
            return calls;
        } finally {
            lock.unlock();
        }
    }

    /** Delivers the outcomes, and returns the number of calls that thereby have all of theirs. */
    private static int complete(List<Backlog.Entry<Ticket>> batch, List<BatchOutcome> outcomes) {
        int completedCalls = 0;
        for (int i = 0; i < batch.size(); i++) {
            Ticket ticket = batch.get(i).ticket;
            if (ticket.call.complete(ticket.row, outcomes.get(i))) {
                completedCalls++;
            }
        }
        return completedCalls;
    }

    /**
     * Fails the callers whose batch has not started, and waits for the running batches. The classifier is not used
     * afterwards. Further calls have no effect.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            backlog.clear().forEach(ticket -> ticket.call.abandon());
            blocked.forEach(Condition::signal);
            work.signalAll();
            arrivals.signalAll();
            while (running > 0) {
                finished.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw closedException();
        }
    }

    private IllegalStateException closedException() {
        return new IllegalStateException(name + " is closed");
    }

    /** The destination of an outcome. */
    private record Ticket(Call call, int row) {}

    /**
     * The call of one caller. Workers write its outcomes before they count them, and the caller reads them once all are
     * counted.
     */
    private static final class Call {
        private final BatchOutcome[] outcomes;
        private final AtomicInteger missing;
        private final CountDownLatch done;
        private volatile boolean abandoned;

        Call(int rows) {
            outcomes = new BatchOutcome[rows];
            missing = new AtomicInteger(rows);
            done = new CountDownLatch(rows == 0 ? 0 : 1);
        }

        /** Sets an outcome, and returns whether it was the last one missing. */
        boolean complete(int row, BatchOutcome outcome) {
            outcomes[row] = outcome;
            boolean last = missing.decrementAndGet() == 0;
            if (last) {
                done.countDown();
            }
            return last;
        }

        void abandon() {
            abandoned = true;
            done.countDown();
        }

        /** Waits until all outcomes are set or the call is abandoned, and returns whether they are set. */
        boolean awaitUninterruptibly() {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        done.await();
                        return !abandoned;
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        List<BatchOutcome> outcomes() {
            return List.of(outcomes);
        }
    }
}
