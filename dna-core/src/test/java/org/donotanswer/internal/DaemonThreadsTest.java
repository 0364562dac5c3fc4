package org.donotanswer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {
    @Test
    void named_anyNumber_haveThatName() {
        ThreadFactory factory = DaemonThreads.named("dna-timer");

        assertThat(factory.newThread(() -> {}).getName()).isEqualTo("dna-timer");
        assertThat(factory.newThread(() -> {}))
                .matches(Thread::isDaemon)
                .extracting(Thread::getName)
                .isEqualTo("dna-timer");
    }

    @Test
    void numbered_each_hasTheNextNumber() {
        ThreadFactory factory = DaemonThreads.numbered("dna-judge-");

        assertThat(factory.newThread(() -> {}).getName()).isEqualTo("dna-judge-1");
        assertThat(factory.newThread(() -> {}))
                .matches(Thread::isDaemon)
                .extracting(Thread::getName)
                .isEqualTo("dna-judge-2");
        assertThat(DaemonThreads.numbered("dna-judge-").newThread(() -> {}).getName())
                .isEqualTo("dna-judge-1");
    }

    @Test
    void unstarted_whenStarted_runsTheTask() throws InterruptedException {
        Thread[] ran = new Thread[1];
        Thread thread = DaemonThreads.unstarted("dna-audit", () -> ran[0] = Thread.currentThread());

        assertThat(thread.getState()).isEqualTo(Thread.State.NEW);
        thread.start();
        thread.join();
        assertThat(ran[0]).isSameAs(thread);
    }
}
