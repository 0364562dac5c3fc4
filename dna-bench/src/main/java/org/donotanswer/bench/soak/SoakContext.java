package org.donotanswer.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.jspecify.annotations.Nullable;

/** Everything that threads under load share. Thread-safe. */
final class SoakContext {
    private final Path directory;
    private final Path policy;
    private final JumpingClock clock = new JumpingClock();
    private final Saboteur saboteur = new Saboteur();
    private final ReentrantLock fullDisk = new ReentrantLock();
    private final ReentrantLock nativeMemory = new ReentrantLock();
    private final AuditTrail audit;
    private final List<SoakLoad> loads = new ArrayList<>();
    private final List<FilledDisk> fullDisks = new ArrayList<>();
    private final @Nullable SlowDisk slowDisk;

    SoakContext(SoakPlan plan, List<SoakOracle> oracles) throws IOException, InterruptedException {
        directory = plan.directory();
        policy = directory.resolve("policy.json");
        SafetyPolicy.defaults().write(policy);
        audit = new AuditTrail(directory, clock);
        for (int i = 0; i < oracles.size(); i++) {
            SoakLoad load = new SoakLoad(plan.evaluators().get(i), oracles.get(i), audit);
            loads.add(load);
            fullDisks.add(new FilledDisk(plan.smallDisk(), load));
        }
        slowDisk = SlowDisk.open(directory).orElse(null);
    }

    Path directory() {
        return directory;
    }

    /** Returns the file of the policy that is reloaded. */
    Path policy() {
        return policy;
    }

    JumpingClock clock() {
        return clock;
    }

    Saboteur saboteur() {
        return saboteur;
    }

    AuditTrail audit() {
        return audit;
    }

    List<SoakLoad> loads() {
        return loads;
    }

    FilledDisk fullDisk(SoakLoad load) {
        return fullDisks.get(loads.indexOf(load));
    }

    Optional<SlowDisk> slowDisk() {
        return Optional.ofNullable(slowDisk);
    }

    /** Returns the lock of the disks that one thread at a time fills. */
    ReentrantLock fullDiskLock() {
        return fullDisk;
    }

    /** Returns the lock of the native memory that one thread at a time takes. */
    ReentrantLock nativeMemoryLock() {
        return nativeMemory;
    }

    /**
     * Closes everything.
     *
     * @return what became of the verdicts that were logged
     * @throws SoakMismatchException if an audit log is not what it counted
     */
    AuditCount close() throws IOException {
        saboteur.close();
        loads.forEach(SoakLoad::close);
        try {
            audit.close();
        } finally {
            Files.deleteIfExists(policy);
            if (slowDisk != null) {
                slowDisk.close();
            }
        }
        if (slowDisk == null) {
            return audit.count();
        }
        slowDisk.count().check();
        return audit.count().plus(slowDisk.count());
    }
}
