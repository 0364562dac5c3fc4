package org.donotanswer.guard.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.donotanswer.guard.GuardListener;
import org.donotanswer.guard.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Appends a line of JSON to a file for every verdict. Thread-safe; one log serves any number of guards.
 *
 * <p>Texts are written as keyed hashes (HMAC-SHA-256) and lengths. Whoever has a text and the key can find its
 * verdicts; nobody else can even test a guess, as a hash without a key would allow for short texts. Without a
 * {@linkplain Builder#key key of your own}, a random key is used and forgotten with this object: then hashes can be
 * compared only within the same run of the program. {@code docs/guardrails-privacy.md} describes what is personal data
 * in these files.
 *
 * <p>A guard never waits for the disk. Lines go through a queue to a separate thread. If the queue is full, or the
 * file cannot be written, lines are lost and {@linkplain #dropped() counted}, and the next line that is written
 * reports how many. A line is written completely or not at all; a line that a crash cut off stands alone, because the
 * next log on this file begins a new line. While a log is open, others may truncate the file but not replace it:
 * rotate it by copying and truncating, or between two logs. Only one log at a time can have a file open. Requires
 * Jackson.
 */
public final class AuditLog implements GuardListener, AutoCloseable {
    /** How long {@link #close()} waits for a disk that does not respond. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final TextForm texts;
    private final Clock clock;
    private final AuditWriter writer;

    /** Creates a log with any file, for tests. */
    AuditLog(Builder builder, AuditFile file) {
        texts = builder.texts();
        clock = builder.clock == null ? Clock.systemUTC() : builder.clock;
        writer = new AuditWriter(
                file,
                builder.queue == null ? Builder.DEFAULT_QUEUE : builder.queue,
                builder.onFailure == null ? AuditWriter::log : builder.onFailure,
                clock);
    }

    /**
     * Returns a log that appends to a file, with texts hashed with a random key.
     *
     * @throws IllegalStateException if Jackson is missing
     * @throws IOException if the file cannot be written, or another log has it open
     */
    public static AuditLog open(Path file) throws IOException {
        return builder().open(file);
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void checked(Verdict verdict, String instruction, String text) {
        writer.add(AuditEntry.of(clock.instant(), verdict, texts, instruction, text));
    }

    /** Returns how many verdicts were written. */
    public long written() {
        return writer.written();
    }

    /** Returns how many verdicts were lost because the queue was full or the log closed. */
    public long dropped() {
        return writer.dropped();
    }

    /** Returns how many verdicts were lost because the file could not be written. */
    public long failed() {
        return writer.failed();
    }

    /**
     * Waits until all verdicts so far were written or lost, and forces the file to the disk.
     *
     * @return whether that was done in time
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean flush(Duration timeout) throws InterruptedException {
        return writer.flush(timeout);
    }

    /**
     * Writes what is queued and closes the file; waits some seconds for it. Later verdicts are dropped. Closing again
     * does nothing.
     */
    @Override
    public void close() {
        writer.close(CLOSE_TIMEOUT);
    }

    /** Builds a log. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        /** Default maximum number of verdicts in the queue. */
        public static final int DEFAULT_QUEUE = 8192;
        /** Minimum length of a key, in bytes. */
        public static final int MIN_KEY_BYTES = 16;

        private byte @Nullable [] key;
        private boolean plainTexts;
        private @Nullable Integer queue;
        private @Nullable Clock clock;
        private @Nullable Consumer<IOException> onFailure;

        private Builder() {}

        /**
         * Sets the key that texts are hashed with, so that hashes of different runs can be compared. Keep it apart
         * from the files: whoever has both can test guesses.
         *
         * @throws IllegalArgumentException if it has less than {@value #MIN_KEY_BYTES} bytes
         * @throws IllegalStateException if it was set already, or plain texts are written
         */
        public Builder key(byte[] value) {
            if (value.length < MIN_KEY_BYTES) {
                throw new IllegalArgumentException(
                        "key must have at least " + MIN_KEY_BYTES + " bytes, but had " + value.length);
            }
            if (key != null) {
                throw new IllegalStateException(
                        "key must be set once, but had " + key.length + " bytes and then " + value.length);
            }
            requireHashes(plainTexts, true);
            key = value.clone();
            return this;
        }

        /**
         * Writes the texts of users and chatbots in plain. Ask your privacy officer first.
         *
         * @throws IllegalStateException if a key was set, or this was called already
         */
        public Builder writePlainTexts() {
            if (plainTexts) {
                throw new IllegalStateException("writePlainTexts must be called once, but was called twice");
            }
            requireHashes(true, key != null);
            plainTexts = true;
            return this;
        }

        private static void requireHashes(boolean plain, boolean keyed) {
            if (plain && keyed) {
                throw new IllegalStateException("texts must be plain or hashed with a key, but were both");
            }
        }

        /**
         * Sets the maximum number of verdicts in the queue; {@value #DEFAULT_QUEUE} by default.
         *
         * @throws IllegalArgumentException if it is not positive
         * @throws IllegalStateException if it was set already
         */
        public Builder queue(int verdicts) {
            if (verdicts < 1) {
                throw new IllegalArgumentException("queue must be positive, but was " + verdicts);
            }
            if (queue != null) {
                throw new IllegalStateException("queue must be set once, but was " + queue + " and " + verdicts);
            }
            queue = verdicts;
            return this;
        }

        /**
         * Sets the clock that gives the time of verdicts; the system's by default.
         *
         * @throws IllegalStateException if it was set already
         */
        public Builder clock(Clock value) {
            Objects.requireNonNull(value, "clock");
            if (clock != null) {
                throw new IllegalStateException("clock must be set once, but was " + clock + " and " + value);
            }
            clock = value;
            return this;
        }

        /**
         * Sets an action that runs on the log's thread when the file cannot be written: once, until it can be again.
         * By default, a warning is logged.
         *
         * @throws IllegalStateException if it was set already
         */
        public Builder onFailure(Consumer<IOException> action) {
            Objects.requireNonNull(action, "action");
            if (onFailure != null) {
                throw new IllegalStateException("action must be set once, but was " + onFailure + " and " + action);
            }
            onFailure = action;
            return this;
        }

        /**
         * Returns the log, which appends to a file. If there is none, it is created with access for its owner only,
         * where the file system supports that.
         *
         * @throws IllegalStateException if Jackson is missing
         * @throws IOException if the file cannot be written, or another log has it open
         */
        public AuditLog open(Path file) throws IOException {
            AuditEntry.requireJackson();
            return new AuditLog(this, AppendedFile.open(file));
        }

        private TextForm texts() {
            if (plainTexts) {
                return TextForm.PLAIN;
            }
            byte[] bytes = key;
            if (bytes == null) {
                bytes = new byte[32];
                new SecureRandom().nextBytes(bytes);
            }
            return new HashedTexts(bytes);
        }
    }
}
