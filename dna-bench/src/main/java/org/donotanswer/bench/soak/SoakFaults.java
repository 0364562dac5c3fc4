package org.donotanswer.bench.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;

/**
 * The faults of one thread. Each returns what it led to, which must be the result of the oracle or what is documented. Not
 * thread-safe.
 */
final class SoakFaults {
    /** Operations take from some microseconds to some milliseconds. */
    private static final int MAX_DELAY_BITS = 12;

    private static final int BURST = 200;
    private static final int ITEMS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String RIGHT = "the right result";

    private final SoakContext context;
    private final SplittableRandom random;
    private final SoakOperations operations;
    private final SoakFiles files;

    SoakFaults(SoakContext context, SplittableRandom random, SoakOperations operations, SoakFiles files) {
        this.context = context;
        this.random = random;
        this.operations = operations;
        this.files = files;
    }

    /** Performs an operation with a fault; returns what it led to. */
    String perform(SoakFault fault, SoakLoad load, OracleItem item) throws Exception {
        return switch (fault) {
            case INTERRUPT -> interrupt(load, item);
            case CLOSED_IN_USE -> closeInUse(load, item);
            case TIGHT_DEADLINE -> {
                Verdict verdict = SoakOperations.verdict(load.hurried(), item);
                // If it has to wait, the guard may know at once that there is not enough time.
                yield orBlocked(load, item, verdict, Reason.DEADLINE_EXCEEDED, Reason.OVERLOADED);
            }
            case ABANDONED_STREAM -> {
                operations.abandon(load, item);
                yield "nothing was shown after that";
            }
            case SLOW_DISK -> slowDisk(load);
            case FULL_DISK -> fullDisk(load);
            case NATIVE_MEMORY -> nativeMemory(load, item);
            case CLOCK_JUMP -> {
                context.clock().jump(random);
                load.use(guard -> SoakOperations.check(load, guard, item));
                yield RIGHT;
            }
        };
    }

    private String orBlocked(SoakLoad load, OracleItem item, Verdict verdict, Reason... reasons) {
        if (List.of(reasons).contains(verdict.reason())) {
            requireBlocked(verdict);
            return "blocked: " + verdict.reason();
        }
        load.oracle().check(item.verdict(), verdict);
        return RIGHT;
    }

    private static void requireBlocked(Verdict verdict) {
        SoakMismatchException.require(
                verdict.outcome() == Outcome.BLOCK && !verdict.released(),
                "guard that fails closed did not block for " + verdict.reason());
    }

    private long delayMicros() {
        return random.nextLong(1L << random.nextInt(MAX_DELAY_BITS + 1));
    }

    private String interrupt(SoakLoad load, OracleItem item) throws Exception {
        Thread thread = Thread.currentThread();
        AtomicReference<String> outcome = new AtomicReference<>("");
        int kind = random.nextInt(5);
        boolean disturbed;
        boolean still;
        boolean aborted = false;
        try {
            disturbed = context.saboteur()
                    .disturb(thread::interrupt, delayMicros(), () -> outcome.set(interruptible(kind, load, item)));
        } catch (InterruptedException e) {
            outcome.set("file job: InterruptedException, no file");
            disturbed = true;
            aborted = true;
        } finally {
            still = Thread.interrupted();
        }
        SoakMismatchException.require(!disturbed || still || aborted, "interrupt was swallowed");
        return disturbed ? outcome.get() : "too late";
    }

    private String interruptible(int kind, SoakLoad load, OracleItem item) throws IOException, InterruptedException {
        switch (kind) {
            case 0 -> {
                load.oracle().check(item.assessment(), load.evaluator().evaluate(item.exchange()));
                return "evaluator: " + RIGHT;
            }
            case 1 -> {
                AtomicReference<String> outcome = new AtomicReference<>("");
                load.use(guard ->
                        outcome.set(orBlocked(load, item, SoakOperations.verdict(guard, item), Reason.CANCELLED)));
                return "guard: " + outcome.get();
            }
            case 2 -> {
                Verdict verdict = SoakOperations.verdict(load.onThreads(), item);
                return "guard with threads: " + orBlocked(load, item, verdict, Reason.CANCELLED);
            }
            case 3 -> {
                return "stream: " + interruptedStream(load, item);
            }
            default -> {
                return "file job: " + interruptedFile(load);
            }
        }
    }

    private String interruptedStream(SoakLoad load, OracleItem item) {
        AtomicReference<String> outcome = new AtomicReference<>("");
        load.use(guard -> {
            StreamEnd end = operations.stream(guard, item);
            if (end.verdict().reason() == Reason.CANCELLED) {
                requireBlocked(end.verdict());
                SoakMismatchException.require(
                        end.released() <= item.streamed().released(), "interrupted stream released more");
                outcome.set("blocked: " + Reason.CANCELLED);
            } else {
                load.oracle().check(item.streamed(), end);
                outcome.set(RIGHT);
            }
        });
        return outcome.get();
    }

    private String interruptedFile(SoakLoad load) throws IOException, InterruptedException {
        try {
            files.evaluate(load, load.oracle().draw(random, ITEMS));
            return RIGHT;
        } catch (IOException e) {
            // Channels are closed by an interrupt.
            SoakMismatchException.require(
                    Thread.currentThread().isInterrupted(),
                    "file job failed with " + e.getClass().getName());
            return "IOException, no file";
        } finally {
            files.requireNone();
        }
    }

    private String closeInUse(SoakLoad load, OracleItem item) throws Exception {
        SafetyEvaluator evaluator = load.openAnother();
        try (evaluator;
                SafetyGuard guard = SafetyGuard.builder()
                        .evaluator(evaluator)
                        .deadline(SoakOracle.DEADLINE)
                        .build()) {
            context.saboteur()
                    .disturb(evaluator::close, delayMicros(), () -> useUntilClosed(load, evaluator, guard, item));
            Verdict verdict = SoakOperations.verdict(guard, item);
            if (item.verdict().reason() == Reason.NOTHING_TO_JUDGE) {
                // Nothing is evaluated of a blank text, so that nobody notices that the evaluator is closed.
                load.oracle().check(item.verdict(), verdict);
                return "right results until IllegalStateException '... is closed'";
            }
            SoakMismatchException.require(
                    verdict.reason() == Reason.CLOSED, "guard of a closed evaluator says " + verdict.reason());
            requireBlocked(verdict);
            return "right results until IllegalStateException '... is closed'; guard: blocked: " + Reason.CLOSED;
        }
    }

    private static void useUntilClosed(SoakLoad load, SafetyEvaluator evaluator, SafetyGuard guard, OracleItem item) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                load.oracle().check(item.assessment(), evaluator.evaluate(item.exchange()));
            } catch (IllegalStateException e) {
                SoakMismatchException.require(SoakOperations.isClosed(evaluator, item), "closed evaluator evaluated");
                return;
            }
            Verdict verdict = SoakOperations.verdict(guard, item);
            if (verdict.reason() == Reason.CLOSED) {
                requireBlocked(verdict);
            } else {
                load.oracle().check(item.verdict(), verdict);
            }
        }
        throw new SoakMismatchException("closed evaluator still evaluates");
    }

    private String slowDisk(SoakLoad load) throws IOException, InterruptedException {
        List<OracleItem> items = load.oracle().draw(random, ITEMS);
        Optional<SlowDisk> disk = context.slowDisk();
        if (disk.isEmpty() || random.nextBoolean()) {
            files.evaluateSlowly(load, items);
            return "file job: " + RIGHT;
        }
        try (SafetyGuard guard = load.cachedGuard().listener(disk.get()).build()) {
            for (int i = 0; i < BURST; i++) {
                SoakOperations.check(load, guard, items.get(i % items.size()));
            }
        }
        return "audit log: the right verdicts";
    }

    private String fullDisk(SoakLoad load) throws IOException {
        List<OracleItem> items = load.oracle().draw(random, ITEMS);
        FilledDisk disk = context.fullDisk(load);
        context.fullDiskLock().lock();
        try {
            int kind = random.nextInt(3);
            if (kind == 2
                    && disk.fillAndFree(items, operations.results(load.oracle().draw(random, BURST)))) {
                return "small disk: lost lines counted, files complete or absent";
            }
            if (!FilledDisk.hasDevice()) {
                return "left out: no such disk";
            }
            if (kind == 1) {
                disk.resultsToDevice(operations.results(items));
                return "file of results: IOException";
            }
            return disk.auditToDevice(items)
                    ? "audit log: the right verdicts, lost lines counted"
                    : "left out: another process has the device";
        } finally {
            context.fullDiskLock().unlock();
        }
    }

    private String nativeMemory(SoakLoad load, OracleItem item) {
        context.nativeMemoryLock().lock();
        try (TakenMemory taken = new TakenMemory()) {
            load.use(guard -> SoakOperations.check(load, guard, item));
            return taken.isComplete() ? RIGHT : RIGHT + ", with all native memory taken";
        } finally {
            context.nativeMemoryLock().unlock();
        }
    }
}
