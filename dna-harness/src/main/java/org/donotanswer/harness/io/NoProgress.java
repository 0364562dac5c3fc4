package org.donotanswer.harness.io;

/** Ignores all progress. Thread-safe. */
enum NoProgress implements Progress {
    INSTANCE;

    @Override
    public void stepBy(long steps) {}

    @Override
    public void stepTo(long step) {}

    @Override
    public void close() {}
}
