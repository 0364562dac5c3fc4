package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamTimerTest {
    private final StreamTimer timer = StreamTimer.shared();

    @Test
    void execute_manyThatTakeLong_keepNoOtherWaiting() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            timer.execute(() -> {
                begun.countDown();
                awaitEnd(end);
            });
        }
        try {
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            end.countDown();
        }
    }

    private static void awaitEnd(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void execute_anything_isOnANamedDaemonThreadOfItsOwn() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        timer.execute(() -> thread.complete(Thread.currentThread()));
        assertThat(thread.get(30, TimeUnit.SECONDS).getName()).isEqualTo("dna-stream-end");
        assertThat(thread.get().isDaemon()).isTrue();
    }

    @Test
    void execute_moreThanThereAreThreads_areAllRun() throws Exception {
        CountDownLatch all = new CountDownLatch(10_000);
        for (int i = 0; i < 10_000; i++) {
            timer.execute(all::countDown);
        }
        assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void execute_taskThatThrows_isLoggedWithoutItsMessage() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch logged = new CountDownLatch(1);
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(new SimpleFormatter().format(line));
                logged.countDown();
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("org.donotanswer.guard");
        logger.addHandler(handler);
        try {
            timer.execute(() -> {
                throw new IllegalStateException("the secret text");
            });
            assertThat(logged.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(lines.toString())
                .contains("reader of a stream threw java.lang.IllegalStateException, which it must not")
                .doesNotContain("secret");
    }

    @Test
    void execute_manyAtOnceAndThenNone_endsAllThreadsAfterOneKeepAlive() throws Exception {
        StreamTimer own = new StreamTimer.Shared(Duration.ofMillis(1));
        List<Thread> threads = new CopyOnWriteArrayList<>();
        CountDownLatch started = new CountDownLatch(40);
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < 40; i++) {
            own.execute(() -> {
                threads.add(Thread.currentThread());
                started.countDown();
                awaitEnd(end);
            });
        }
        assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
        end.countDown();
        for (Thread thread : threads) {
            thread.join(30_000);
            assertThat(thread.isAlive()).isFalse();
        }
        assertThat(threads).hasSize(40);
    }

    @Test
    void execute_anApplicationsTask_keepsNeitherItsLoaderNorItsThreadLocals() throws Exception {
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        StreamTimer own = new StreamTimer.Shared(Duration.ofSeconds(1));
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[0])) {
            current.setContextClassLoader(loader);
            local.set("of the application");
            CompletableFuture<String> seen = new CompletableFuture<>();
            CompletableFuture<ClassLoader> used = new CompletableFuture<>();
            own.execute(() -> {
                used.complete(Thread.currentThread().getContextClassLoader());
                seen.complete(String.valueOf(local.get()));
            });
            assertThat(used.get(30, TimeUnit.SECONDS)).isNotSameAs(loader);
            assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo("null");
        } finally {
            current.setContextClassLoader(before);
            local.remove();
        }
    }
}
