package org.donotanswer.guard.stream;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that a test sets. Tasks run immediately, on the thread that sets the clock. Thread-safe. */
class ManualStreamTimer implements StreamTimer {
    private record Task(long due, Runnable action) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::due));
    private long now = -5_000;

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized Runnable schedule(Runnable action, long delayNanos) {
        Task task = new Task(now + delayNanos, action);
        tasks.add(task);
        return () -> {
            synchronized (this) {
                tasks.remove(task);
            }
        };
    }

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    /** Returns how many tasks are scheduled. */
    synchronized int pending() {
        return tasks.size();
    }

    /** Advances the time and runs the tasks that become due. */
    void advance(long nanos) {
        long end = nanoTime() + nanos;
        while (true) {
            Task task;
            synchronized (this) {
                task = tasks.peek();
                if (task == null || task.due() > end) {
                    now = end;
                    return;
                }
                tasks.remove(task);
                now = Math.max(now, task.due());
            }
            task.action().run();
        }
    }
}
