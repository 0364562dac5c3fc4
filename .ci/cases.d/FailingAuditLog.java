import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.audit.AuditLog;

/** Audit logs on a full disk, with a failure action that throws an error, and with an interrupted writer. Prints the counts. */
final class FailingAuditLog {
    private static final int VERDICTS = 5;

    public static void main(String[] args) throws Exception {
        AuditLog full = AuditLog.builder()
                .onFailure(failure -> {
                    throw new AssertionError("of the application");
                })
                .open(Path.of("/dev/full"));
        System.out.println("full disk: " + counts(full));
        AuditLog good = AuditLog.open(Files.createTempFile("audit", ".jsonl"));
        check(good);
        interruptWriters();
        System.out.println("interrupted: " + counts(good));
        System.exit(0);
    }

    private static void interruptWriters() {
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("dna-audit"))
                .forEach(Thread::interrupt);
    }

    private static void check(AuditLog log) throws InterruptedException {
        try (SafetyGuard guard = SafetyGuard.builder()
                .evaluator(new WordEvaluator())
                .listener(log)
                .build()) {
            for (int i = 0; i < VERDICTS; i++) {
                guard.check("How?", "So " + i + ".");
                log.flush(Duration.ofSeconds(5));
            }
        }
    }

    private static String counts(AuditLog log) throws InterruptedException {
        check(log);
        return "written " + log.written() + ", failed " + log.failed() + ", dropped " + log.dropped();
    }
}
