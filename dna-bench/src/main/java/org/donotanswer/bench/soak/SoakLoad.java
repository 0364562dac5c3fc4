package org.donotanswer.bench.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.GuardListener;
import org.donotanswer.guard.GuardThreads;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;

/** One evaluator that all threads share, and its guards. Thread-safe. */
final class SoakLoad implements AutoCloseable {
    private static final long CACHE = 100;
    private static final Duration TIGHT = Duration.ofNanos(50_000);

    private final SoakedEvaluator soaked;
    private final SoakOracle oracle;
    private final GuardListener audit;
    private final SafetyEvaluator evaluator;
    private final SafetyGuard cached;
    private final SafetyGuard onThreads;
    private final SafetyGuard hurried;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** The guard whose policy is reloaded. Threads that use it hold the lock for reading. */
    private SafetyGuard current;

    SoakLoad(SoakedEvaluator soaked, SoakOracle oracle, GuardListener audit) throws IOException {
        this.soaked = soaked;
        this.oracle = oracle;
        this.audit = audit;
        evaluator = soaked.source().open();
        cached = cachedGuard().listener(audit).build();
        onThreads = guard().listener(audit).threads(GuardThreads.PLATFORM).build();
        hurried = SafetyGuard.builder()
                .evaluator(evaluator)
                .listener(audit)
                .threads(GuardThreads.PLATFORM)
                .deadline(TIGHT)
                .build();
        current = guard().listener(audit).build();
    }

    String name() {
        return soaked.name();
    }

    /** Opens another evaluator of the same kind. */
    SafetyEvaluator openAnother() throws IOException {
        return soaked.source().open();
    }

    SoakOracle oracle() {
        return oracle;
    }

    /** Returns the evaluator that all threads share. */
    SafetyEvaluator evaluator() {
        return evaluator;
    }

    /** Returns a builder of a guard of the shared evaluator that always has time. */
    SafetyGuard.Builder guard() {
        return SafetyGuard.builder().evaluator(evaluator).deadline(SoakOracle.DEADLINE);
    }

    /** Returns a builder of such a guard with a cache. */
    SafetyGuard.Builder cachedGuard() {
        return guard().cache(CACHE);
    }

    SafetyGuard cached() {
        return cached;
    }

    /** Returns the guard that evaluates on threads of its own. */
    SafetyGuard onThreads() {
        return onThreads;
    }

    /** Returns the guard that has less time than a check takes. */
    SafetyGuard hurried() {
        return hurried;
    }

    /** Uses the guard whose policy is reloaded, which stays open meanwhile. */
    void use(Consumer<SafetyGuard> user) {
        lock.readLock().lock();
        try {
            user.accept(current);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Replaces the guard by one with the policy in a file, as soon as nobody uses it. */
    void reloadPolicy(Path file) throws IOException {
        SafetyGuard next =
                guard().listener(audit).policy(SafetyPolicy.read(file)).build();
        SafetyGuard previous;
        lock.writeLock().lock();
        try {
            previous = current;
            current = next;
        } finally {
            lock.writeLock().unlock();
        }
        previous.close();
    }

    @Override
    public void close() {
        cached.close();
        onThreads.close();
        hurried.close();
        current.close();
        evaluator.close();
    }
}
