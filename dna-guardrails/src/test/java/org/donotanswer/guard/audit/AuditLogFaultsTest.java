package org.donotanswer.guard.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.donotanswer.guard.SampleVerdicts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogFaultsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

    private AuditLog.Builder builder() {
        return AuditLog.builder().onFailure(e -> failures.add(e.getMessage()));
    }

    private static void check(AuditLog log) {
        log.checked(SampleVerdicts.blocked(), "a", "b");
    }

    @Test
    void fullDisk_isToldOnce_counted_andSaidInTheFileLater() throws InterruptedException {
        FakeFile file = new FakeFile();
        try (AuditLog log = new AuditLog(builder(), file)) {
            check(log);
            assertThat(log.flush(LONG)).isTrue();
            file.setFull(true);
            check(log);
            check(log);
            assertThat(log.flush(LONG)).isTrue();

            assertThat(failures).containsExactly("No space left on device");
            assertThat(log.written()).isEqualTo(1);
            assertThat(log.failed()).isEqualTo(2);

            file.setFull(false);
            check(log);
            assertThat(log.flush(LONG)).isTrue();
            assertThat(file.lines()).hasSize(3);
            assertThat(file.lines().get(1)).startsWith("{\"v\":1,\"time\":").endsWith(",\"lost\":2}\n");
            assertThat(log.written()).isEqualTo(2);
        }
    }

    @Test
    void realFullDisk_hurtsNobody() throws IOException {
        Path full = Path.of("/dev/full");
        assumeThat(Files.isWritable(full)).isTrue();
        AuditLog log = builder().open(full);
        try (log) {
            check(log);
        }

        assertThat(log.failed()).isEqualTo(1);
        assertThat(log.written()).isZero();
        assertThat(failures).hasSize(1);
    }

    @Test
    void fullQueue_dropsAndCounts_andNobodyWaits() {
        CountDownLatch gate = new CountDownLatch(1);
        FakeFile file = new FakeFile(gate);
        AuditLog log = new AuditLog(builder().queue(3), file);
        try (log) {
            check(log);
            awaitUninterruptibly(file.reached);
            for (int i = 0; i < 10; i++) {
                check(log);
            }
            assertThat(log.dropped()).isEqualTo(7);
            gate.countDown();
        }

        assertThat(log.written()).isEqualTo(4);
        assertThat(file.lines()).hasSize(5);
        assertThat(file.lines().get(1)).endsWith(",\"lost\":7}\n");
        assertThat(failures).isEmpty();
    }

    @Test
    void longPlainTexts_fillTheQueueSooner() {
        CountDownLatch gate = new CountDownLatch(1);
        FakeFile file = new FakeFile(gate);
        AuditLog log = new AuditLog(builder().writePlainTexts(), file);
        String text = "x".repeat((int) AuditWriter.MAX_HELD_CHARS);
        try (log) {
            check(log);
            awaitUninterruptibly(file.reached);
            log.checked(SampleVerdicts.blocked(), "", text);
            check(log);
            assertThat(log.dropped()).isEqualTo(1);
            gate.countDown();
        }

        assertThat(log.written()).isEqualTo(2);
    }

    @Test
    void longHashedTexts_areNotKept() {
        CountDownLatch gate = new CountDownLatch(1);
        FakeFile file = new FakeFile(gate);
        AuditLog log = new AuditLog(builder(), file);
        String text = "x".repeat((int) AuditWriter.MAX_HELD_CHARS);
        try (log) {
            for (int i = 0; i < 10; i++) {
                log.checked(SampleVerdicts.blocked(), "", text);
            }
            assertThat(log.dropped()).isZero();
            gate.countDown();
        }

        assertThat(log.written()).isEqualTo(10);
    }

    @Test
    void diskThatDoesNotAnswer_holdsUpNoFlush() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        FakeFile file = new FakeFile(gate);
        try (AuditLog log = new AuditLog(builder(), file)) {
            check(log);
            assertThat(log.flush(Duration.ZERO)).isFalse();
            gate.countDown();
            assertThat(log.flush(LONG)).isTrue();
            assertThat(file.forced()).isPositive();
        }
    }

    @Test
    void close_writesWhatIsQueued_onceAndForAll() throws InterruptedException {
        FakeFile file = new FakeFile();
        AuditLog log = new AuditLog(builder(), file);
        for (int i = 0; i < 100; i++) {
            check(log);
        }
        log.close();
        log.close();
        check(log);

        assertThat(file.lines()).hasSize(100);
        assertThat(file.closed()).isEqualTo(1);
        assertThat(file.forced()).isPositive();
        assertThat(log.dropped()).isEqualTo(1);
        assertThat(log.flush(LONG)).isTrue();
    }

    @Test
    void interruptedThreads_loseNothing() {
        FakeFile file = new FakeFile();
        AuditLog log = new AuditLog(builder(), file);
        Thread.currentThread().interrupt();
        check(log);
        log.close();
        assertThat(Thread.interrupted()).isTrue();
        log.close();

        assertThat(file.lines()).hasSize(1);
    }

    @Test
    void actionThatThrows_endsNothing_andEveryVerdictIsCountedOnce() throws InterruptedException {
        for (Throwable thrown :
                List.of(new IllegalStateException("mine"), new AssertionError("mine"), new StackOverflowError())) {
            FakeFile file = new FakeFile();
            AtomicInteger told = new AtomicInteger();
            try (AuditLog log = new AuditLog(
                    AuditLog.builder().onFailure(e -> {
                        told.incrementAndGet();
                        AuditLogFaultsTest.<RuntimeException>sneak(thrown);
                    }),
                    file)) {
                for (int i = 0; i < 5; i++) {
                    file.setFull(i % 2 == 0);
                    check(log);
                    assertThat(log.flush(LONG)).isTrue();
                }
                assertThat(List.of(log.written(), log.failed(), log.dropped())).isEqualTo(List.of(2L, 3L, 0L));
                file.setFull(false);
            }

            assertThat(told).as("%s", thrown).hasValue(3);
            assertThat(file.lines()).hasSize(5);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** A verdict whose assessment cannot be written, as a faulty one of a third party. */
    @Test
    void fileThatThrowsAnError_costsOneVerdict() throws InterruptedException {
        FakeFile file = new FakeFile();
        try (AuditLog log = new AuditLog(builder(), file)) {
            file.failNextWith(new AssertionError("mine"));
            check(log);
            check(log);
            assertThat(log.flush(LONG)).isTrue();

            assertThat(List.of(log.written(), log.failed(), log.dropped())).isEqualTo(List.of(1L, 1L, 0L));
            assertThat(failures).containsExactly("line of the audit log could not be made");
        }
    }

    @Test
    void interruptedWriter_goesOn(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("audit.jsonl");
        Set<Thread> before = writers();
        try (AuditLog log = builder().open(file)) {
            check(log);
            Set<Thread> own = writers();
            own.removeAll(before);
            assertThat(log.flush(LONG)).isTrue();
            for (int i = 0; i < 20; i++) {
                own.forEach(Thread::interrupt);
                check(log);
                own.forEach(Thread::interrupt);
                assertThat(log.flush(LONG)).isTrue();
            }
            assertThat(List.of(log.written(), log.failed(), log.dropped())).isEqualTo(List.of(21L, 0L, 0L));
        }

        assertThat(Files.readAllLines(file)).hasSize(21);
        assertThat(failures).isEmpty();
    }

    private static Set<Thread> writers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("dna-audit"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
