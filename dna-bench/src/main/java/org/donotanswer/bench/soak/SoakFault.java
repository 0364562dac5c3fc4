package org.donotanswer.bench.soak;

/** What goes wrong under load, on purpose. Immutable, hence thread-safe. */
enum SoakFault {
    /** The thread is interrupted while it evaluates, checks or streams. */
    INTERRUPT,
    /** The evaluator is closed while a thread and a guard use it. */
    CLOSED_IN_USE,
    /** The guard has less time than a check takes. */
    TIGHT_DEADLINE,
    /** The reader of a stream goes away. */
    ABANDONED_STREAM,
    /** The audit log, or the file of results, is on a disk that takes long. */
    SLOW_DISK,
    /** The disk of the audit log, or of the file of results, is full. */
    FULL_DISK,
    /** Somebody else in the process takes native memory. */
    NATIVE_MEMORY,
    /** The clock of the audit log jumps by up to a month. */
    CLOCK_JUMP
}
