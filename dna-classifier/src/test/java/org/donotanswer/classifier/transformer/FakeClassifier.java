package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A classifier whose logits identify the sequence: its first token and its length. Thread-safe. */
final class FakeClassifier implements SequenceClassifier {
    /** A sequence that starts with this token makes its batch fail. */
    static final long BAD = 666;
    /** A sequence that starts with this token makes its batch fail with an Error. */
    static final long WORSE = 667;

    private final List<List<Long>> batches = new ArrayList<>();
    /** The gates of running batches, which tests open to let a batch finish. */
    private final BlockingQueue<CountDownLatch> gates = new LinkedBlockingQueue<>();

    private final boolean gated;
    private final AtomicInteger concurrent = new AtomicInteger();
    private final AtomicInteger maxConcurrent = new AtomicInteger();

    private FakeClassifier(boolean gated) {
        this.gated = gated;
    }

    static FakeClassifier open() {
        return new FakeClassifier(false);
    }

    /** Returns a classifier whose batches each wait until a test lets them through. */
    static FakeClassifier gated() {
        return new FakeClassifier(true);
    }

    static TokenSequence sequence(long first, int length) {
        long[] ids = new long[length];
        Arrays.fill(ids, 1);
        ids[0] = first;
        return new TokenSequence(ids, new long[length]);
    }

    static float[] expected(TokenSequence sequence) {
        return new float[] {sequence.inputIds()[0], sequence.length()};
    }

    /** Waits until a batch is running, and returns the gate that lets it through. */
    CountDownLatch nextBatch() throws InterruptedException {
        return gates.take();
    }

    /** Returns the first tokens of the sequences of each batch so far, in order. */
    List<List<Long>> batches() {
        synchronized (batches) {
            return List.copyOf(batches);
        }
    }

    int maxConcurrent() {
        return maxConcurrent.get();
    }

    @Override
    public float[][] logits(List<TokenSequence> batch) {
        maxConcurrent.accumulateAndGet(concurrent.incrementAndGet(), Math::max);
        try {
            List<Long> firsts =
                    batch.stream().map(sequence -> sequence.inputIds()[0]).toList();
            synchronized (batches) {
                batches.add(firsts);
            }
            if (gated) {
                CountDownLatch gate = new CountDownLatch(1);
                gates.add(gate);
                gate.await();
            }
            if (firsts.contains(BAD)) {
                throw new UnsupportedOperationException("bad sequence in a batch of " + batch.size());
            }
            if (firsts.contains(WORSE)) {
                throw new StackOverflowError("worse sequence in a batch of " + batch.size());
            }
            return batch.stream().map(FakeClassifier::expected).toArray(float[][]::new);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("test must let the batch through, but interrupted it", e);
        } finally {
            concurrent.decrementAndGet();
        }
    }

    @Override
    public int labels() {
        return 2;
    }

    @Override
    public void close() {}
}
