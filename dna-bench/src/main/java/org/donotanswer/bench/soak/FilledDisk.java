package org.donotanswer.bench.soak;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.audit.AuditLog;
import org.donotanswer.harness.io.Output;

/**
 * Writes to disks that are full: a device that always is, where the system has one, and a small disk that is filled. One
 * thread at a time.
 */
final class FilledDisk {
    private static final Path DEVICE = Path.of("/dev/full");
    private static final String ALREADY_OPEN = "audit log must be open once";
    private static final int BLOCK_BYTES = 4_096;
    private static final int MAX_BLOCKS = 16_384;
    private static final int CHECKS = 20;

    private final Optional<Path> smallDisk;
    private final SoakLoad load;

    FilledDisk(Optional<Path> smallDisk, SoakLoad load) {
        this.smallDisk = smallDisk;
        this.load = load;
    }

    /** Returns whether there is the device. */
    static boolean hasDevice() {
        return Files.exists(DEVICE);
    }

    /**
     * Checks exchanges while the audit log has a full device: every line must be counted as lost, and the failure told once.
     *
     * @return false if an audit log of another process has the device, which only one may have
     */
    boolean auditToDevice(List<OracleItem> items) throws IOException {
        AtomicInteger told = new AtomicInteger();
        AuditLog log;
        try {
            log = AuditLog.builder()
                    .onFailure(failure -> told.incrementAndGet())
                    .open(DEVICE);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).startsWith(ALREADY_OPEN)) {
                return false;
            }
            throw e;
        }
        try (log;
                SafetyGuard guard = load.cachedGuard().listener(log).build()) {
            checkAll(guard, items);
        }
        AuditCount count = AuditCount.of(items.size(), log);
        count.check();
        SoakMismatchException.require(
                count.failed() == items.size() && told.get() == 1,
                "audit log on a full device: " + count + ", told " + told.get() + " times");
        return true;
    }

    /** Writes results to a full device, which must fail. */
    void resultsToDevice(byte[] results) {
        try (Output output = Output.file(DEVICE)) {
            output.stream().write(results);
            output.commit();
        } catch (IOException e) {
            return;
        }
        throw new SoakMismatchException("results on a full device were written");
    }

    /**
     * Fills the small disk while an audit log is open on it, then frees it: lines that are lost are counted, those that are
     * written are complete, and a file of results appears completely or not at all.
     *
     * @return whether there is a small disk
     */
    boolean fillAndFree(List<OracleItem> items, byte[] results) throws IOException {
        if (smallDisk.isEmpty()) {
            return false;
        }
        Path file = smallDisk.get().resolve("audit.jsonl");
        try {
            AuditCount count = auditWhileFull(smallDisk.get(), file, items, results);
            count.check(AuditLines.read(file));
            SoakMismatchException.require(
                    count.failed() > 0 && count.written() >= items.size(), "audit log on a full disk: " + count);
        } finally {
            Files.deleteIfExists(file);
        }
        return true;
    }

    private AuditCount auditWhileFull(Path directory, Path file, List<OracleItem> items, byte[] results)
            throws IOException {
        Path filler = directory.resolve("filler");
        AtomicInteger received = new AtomicInteger();
        AuditLog log = AuditLog.builder().onFailure(failure -> {}).open(file);
        try (log;
                SafetyGuard guard = load.cachedGuard()
                        .listener((verdict, instruction, text) -> {
                            received.incrementAndGet();
                            log.checked(verdict, instruction, text);
                        })
                        .build()) {
            checkAll(guard, items);
            fill(filler);
            for (int i = 0; i < CHECKS; i++) {
                checkAll(guard, items);
            }
            resultsTo(directory, results);
            // Written before there is room again.
            SoakMismatchException.require(flushed(log), "audit log on a full disk was not flushed");
            Files.delete(filler);
            checkAll(guard, items);
        } finally {
            Files.deleteIfExists(filler);
        }
        return AuditCount.of(received.get(), log);
    }

    private static boolean flushed(AuditLog log) {
        try {
            return log.flush(SoakOracle.DEADLINE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void checkAll(SafetyGuard guard, List<OracleItem> items) {
        for (OracleItem item : items) {
            load.oracle()
                    .check(
                            item.verdict(),
                            guard.check(
                                    item.exchange().instruction(),
                                    item.exchange().response()));
        }
    }

    /** Writes to a file until the disk is full. */
    private static void fill(Path filler) throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        try (OutputStream out = Files.newOutputStream(filler)) {
            for (int i = 0; i < MAX_BLOCKS; i++) {
                out.write(block);
            }
        } catch (IOException full) {
            return;
        }
        throw new SoakMismatchException(
                "small disk must have less than " + MAX_BLOCKS * BLOCK_BYTES / 1_000_000 + " MB, but has more");
    }

    private static void resultsTo(Path directory, byte[] results) throws IOException {
        Path file = directory.resolve("results.jsonl");
        try (Output output = Output.file(file)) {
            output.stream().write(results);
            output.commit();
            throw new SoakMismatchException("results on a full disk were written");
        } catch (IOException e) {
            try (Stream<Path> left = Files.list(directory)) {
                SoakMismatchException.require(
                        left.noneMatch(path -> path.getFileName().toString().contains("results")),
                        "part of the results was left on a full disk");
            }
        }
    }
}
