package org.donotanswer.bench.soak;

import org.donotanswer.guard.audit.AuditLog;

/**
 * What became of the verdicts that audit logs received. The components' names are JSON keys. Immutable, hence thread-safe.
 *
 * @param received the number of verdicts
 * @param written how many were written
 * @param dropped how many were lost because the queue was full
 * @param failed how many were lost because the disk was
 */
public record AuditCount(long received, long written, long dropped, long failed) {
    static final AuditCount NONE = new AuditCount(0, 0, 0, 0);

    /** Counts a closed log. */
    static AuditCount of(long received, AuditLog closed) {
        return new AuditCount(received, closed.written(), closed.dropped(), closed.failed());
    }

    AuditCount plus(AuditCount other) {
        return new AuditCount(
                received + other.received, written + other.written, dropped + other.dropped, failed + other.failed);
    }

    /**
     * Checks that every verdict was written or counted as lost, once.
     *
     * @throws SoakMismatchException if not
     */
    void check() {
        SoakMismatchException.require(received == written + dropped + failed, "audit log counts wrongly: " + this);
    }

    /**
     * Checks that the lines of the file are those of the log.
     *
     * @throws SoakMismatchException if not
     */
    void check(AuditLines lines) {
        check();
        SoakMismatchException.require(
                lines.verdicts() == written && lines.lost() == dropped + failed,
                "audit log has other lines than it counts: " + lines + ", " + this);
    }
}
