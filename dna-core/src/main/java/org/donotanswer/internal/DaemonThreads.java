package org.donotanswer.internal;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Named threads that do not keep the process alive. Stateless, hence thread-safe; so are the factories. */
public final class DaemonThreads {
    private DaemonThreads() {}

    /** Returns a factory of daemon threads that all have the given name. */
    public static ThreadFactory named(String name) {
        return task -> unstarted(name, task);
    }

    /**
     * Returns a factory of daemon threads that all have the given name and serve whoever needs them: they inherit neither the
     * class loader nor the thread-locals of the one that happens to start them, which they might outlive.
     */
    public static ThreadFactory shared(String name) {
        return task -> {
            Thread thread = new Thread(null, task, name, 0, false);
            thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Returns a factory of daemon threads named after the prefix, with a number from 1 appended. */
    public static ThreadFactory numbered(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> unstarted(prefix + number.incrementAndGet(), task);
    }

    /** Returns a daemon thread that runs the task once started. */
    public static Thread unstarted(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
