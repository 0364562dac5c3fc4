package org.donotanswer.guard.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.donotanswer.internal.DaemonThreads;
import org.jspecify.annotations.Nullable;

/**
 * Reads tokens from an iterator on another thread, because the iterator may wait for its next token for ever, and the
 * reader of the response must not. It reads a few tokens ahead and then gives the thread back, so that a response that
 * nobody reads on holds none. For one reader.
 */
final class TokenPuller {
    /** Maximum number of tokens that are read ahead. */
    static final int MAX_AHEAD = 16;

    private static final int KEEP_ALIVE_SECONDS = 10;
    private static final ExecutorService THREADS = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            DaemonThreads.shared("dna-stream-source"));

    private final Iterator<String> source;
    private final StreamTimer timer;
    private final long timeoutNanos;
    private final IdleWatch watch;

    /** What the source may expect to find its classes by. */
    private final @Nullable ClassLoader readersLoader = Thread.currentThread().getContextClassLoader();

    // Guarded by this.
    private final Deque<String> ready = new ArrayDeque<>();
    private @Nullable Thread puller;
    private boolean waiting;
    private boolean pulling;
    private boolean exhausted;
    private boolean stopped;
    private boolean idle;

    /** Whether the last token that the reader took has no text, and since when none has. */
    private boolean blankTaken;

    private long blankSinceNanos;

    private @Nullable Throwable error;

    TokenPuller(Iterator<String> source, StreamTimer timer, long timeoutNanos) {
        this.source = source;
        this.timer = timer;
        this.timeoutNanos = timeoutNanos;
        watch = new IdleWatch(timer, timeoutNanos, this::endIfIdle);
    }

    /** Waits for the next token that is not empty; null if there is none. */
    synchronized @Nullable String take() throws InterruptedException {
        String token = ready.poll();
        if (token == null || token.isEmpty()) {
            token = await();
        }
        if (token != null && isPatienceOver(token)) {
            idle = true;
            watch.stop();
            return null;
        }
        if (ready.size() <= MAX_AHEAD / 2) {
            pull();
        }
        return token;
    }

    /** Returns whether the source has sent only white space for too long; its tokens may always be there when they are taken. */
    private boolean isPatienceOver(String token) {
        boolean blank = ResponseRelease.isBlank(token);
        if (blank && !blankTaken) {
            blankSinceNanos = timer.nanoTime();
        }
        blankTaken = blank;
        return blank && timer.nanoTime() - blankSinceNanos >= IdleWatch.patienceNanos(timeoutNanos);
    }

    private @Nullable String await() throws InterruptedException {
        watch.startTurn();
        waiting = true;
        try {
            while (!idle) {
                String token = ready.poll();
                if (token != null && !token.isEmpty()) {
                    return token;
                }
                if (token == null && exhausted) {
                    return null;
                }
                if (token == null) {
                    pull();
                    wait();
                }
            }
            return null;
        } finally {
            waiting = false;
            watch.pause();
        }
    }

    /** Returns whether there is no token because the source was silent for too long. */
    synchronized boolean isIdle() {
        return idle;
    }

    /** Returns what the source threw; null if nothing. */
    synchronized @Nullable Throwable error() {
        return error;
    }

    /** Stops reading. A source that waits for a token is interrupted. */
    synchronized void stop() {
        stopped = true;
        watch.stop();
        ready.clear();
        if (puller != null) {
            puller.interrupt();
        }
    }

    private void pull() {
        if (!pulling && !exhausted && !stopped) {
            pulling = true;
            THREADS.execute(this::run);
        }
    }

    /** Reads ahead, and keeps whatever the source throws for the reader. */
    @SuppressWarnings("Interruption") // the interrupt, if there was one, was for this source
    private void run() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        boolean more = false;
        Throwable thrown = null;
        try {
            thread.setContextClassLoader(readersLoader);
            more = pullAhead();
        } catch (Throwable e) {
            thrown = e;
        } finally {
            thread.setContextClassLoader(before);
        }
        pulled(more, thrown);
    }

    /** Reads tokens while there is room; returns whether the source had them. */
    private boolean pullAhead() {
        synchronized (this) {
            puller = Thread.currentThread();
        }
        try {
            while (hasRoom()) {
                if (!source.hasNext()) {
                    return false;
                }
                add(source.next());
            }
            return true;
        } finally {
            synchronized (this) {
                puller = null;
            }
        }
    }

    private synchronized boolean hasRoom() {
        return !stopped && ready.size() < MAX_AHEAD;
    }

    private synchronized void add(@Nullable String token) {
        if (!stopped) {
            ready.add(token == null ? "" : token);
            if (waiting && ready.getLast().isEmpty()) {
                watch.touch();
            }
            notifyAll();
        }
    }

    private synchronized void pulled(boolean more, @Nullable Throwable thrown) {
        pulling = false;
        error = thrown;
        exhausted = !more;
        notifyAll();
    }

    private synchronized void endIfIdle() {
        if (watch.isIdle() && ready.stream().allMatch(ResponseRelease::isBlank) && !exhausted) {
            idle = true;
            watch.stop();
            notifyAll();
        }
    }
}
