package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.donotanswer.guard.policy.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ThreadsTest {
    private final AtomicReference<Thread> used = new AtomicReference<>();
    private final ScriptedEvaluator noting = ScriptedEvaluator.slow(exchange -> {
        used.set(Thread.currentThread());
        return ScriptedEvaluator.harm(0);
    });

    @Test
    void check_anEvaluatorThatNeverWaits_evaluatesOnTheCallersThread() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        SafetyGuard guard = SafetyGuard.of(ScriptedEvaluator.quick(exchange -> {
            thread.set(Thread.currentThread());
            return ScriptedEvaluator.harm(0);
        }));
        guard.check("how?", "so");
        assertThat(thread).hasValue(Thread.currentThread());
        assertThat(guard.checkAsync(Conversation.of("how?"), "so")).isDone();
    }

    @Test
    void check_anyOtherEvaluator_evaluatesOnDaemonsWithNames() {
        SafetyGuard guard = patient().evaluator(noting).build();
        guard.check("how?", "so");
        assertThat(used.get().getName()).matches("safety-guard-\\d+-\\d+");
        assertThat(used.get().isDaemon()).isTrue();
        Eventually.isQuiet(guard);
    }

    @Test
    void build_virtualThreads_needJava21() throws Exception {
        SafetyGuard.Builder builder = patient().evaluator(noting).threads(GuardThreads.VIRTUAL);
        int version = Runtime.version().feature();
        if (version < 21) {
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("threads must be CALLER or PLATFORM before Java 21, but was VIRTUAL (Java " + version
                            + ")");
            return;
        }
        SafetyGuard guard = builder.build();
        assertThat(guard.check("how?", "so").isChecked()).isTrue();
        assertThat(Thread.class.getMethod("isVirtual").invoke(used.get())).isEqualTo(true);
        assertThat(used.get().getName()).matches("safety-guard-\\d+-\\d+");
        Eventually.isQuiet(guard);
    }

    @Test
    void check_anExecutor_isUsedAndLeftOpen() {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        SafetyGuard guard = patient().evaluator(noting).executor(executor).build();
        assertThat(guard.check("how?", "so").isChecked()).isTrue();
        assertThat(used.get().getName()).isEqualTo("mine");
        guard.close();
        assertThat(executor.isShutdown()).isFalse();
        executor.shutdown();
        assertThat(patient()
                        .evaluator(noting)
                        .executor(executor)
                        .build()
                        .check("how?", "so")
                        .reason())
                .isEqualTo(Reason.OVERLOADED);
    }

    @Test
    void check_anExecutorThatThrows_isBlocked() {
        AtomicInteger calls = new AtomicInteger();
        List<RuntimeException> errors = List.of(new RejectedExecutionException(), new IllegalArgumentException("text"));
        SafetyGuard guard = patient()
                .evaluator(noting)
                .failMode(FailMode.OPEN)
                .executor(task -> {
                    throw errors.get(calls.getAndIncrement());
                })
                .build();
        assertThat(guard.check("how?", "so").reason()).isEqualTo(Reason.OVERLOADED);
        Verdict verdict = guard.check("how?", "so");
        assertThat(verdict.reason()).isEqualTo(Reason.MISCONFIGURED);
        assertThat(verdict.released()).isFalse();
        Eventually.isQuiet(guard);
    }

    @Test
    void cancel_whatAnExecutorHasNotBegun_freesItsPlaceAtOnce() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        SafetyGuard guard = patient()
                .evaluator(noting)
                .executor(tasks::add)
                .maxConcurrent(1)
                .maxWaiting(0)
                .build();
        guard.checkAsync(Conversation.of("how?"), "first").cancel(true);
        CompletableFuture<Verdict> second = guard.checkAsync(Conversation.of("how?"), "second");
        assertThat(guard.checkAsync(Conversation.of("how?"), "third").join().reason())
                .isEqualTo(Reason.OVERLOADED);
        tasks.forEach(Runnable::run);
        assertThat(second.join().isChecked()).isTrue();
        assertThat(noting.asked).extracting(exchange -> exchange.response()).containsExactly("second");
        Eventually.isQuiet(guard);
    }

    @Test
    void check_anExecutorWithMoreThreads_evaluatesSoManyAtATime() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch two = new CountDownLatch(2);
        CountDownLatch submitted = new CountDownLatch(1);
        ExecutorService executor = Executors.newCachedThreadPool();
        SafetyGuard guard = SafetyGuard.builder()
                .evaluator(ScriptedEvaluator.slow(exchange -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    two.countDown();
                    try {
                        submitted.await();
                        two.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    running.decrementAndGet();
                    return ScriptedEvaluator.harm(0);
                }))
                .executor(executor)
                .maxConcurrent(2)
                .deadline(Duration.ofMinutes(1))
                .build();
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            verdicts.add(guard.checkAsync(Conversation.of("how?"), "so " + i));
        }
        submitted.countDown();
        assertThat(verdicts).allMatch(verdict -> verdict.join().isChecked());
        assertThat(most).hasValue(2);
        Eventually.isQuiet(guard);
        executor.shutdown();
    }

    @Test
    void check_anExecutor_getsOnlyWhatMayRunAndNothingThatIsOver() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        SafetyGuard guard = SafetyGuard.builder()
                .evaluator(noting)
                .executor(tasks::add)
                .maxConcurrent(1)
                .build();
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            verdicts.add(guard.checkAsync(Conversation.of("how?"), "so " + i));
        }
        assertThat(tasks).hasSize(1);
        verdicts.get(1).cancel(true);
        tasks.remove().run();
        assertThat(verdicts.get(0)).isDone();
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(verdicts.get(2).join().isChecked()).isTrue();
        guard.close();
        assertThat(verdicts.get(3).join().reason()).isEqualTo(Reason.CLOSED);
        tasks.remove().run();
        assertThat(tasks).isEmpty();
        assertThat(noting.asked).extracting(exchange -> exchange.response()).containsExactly("so 0", "so 2");
        Eventually.isQuiet(guard);
    }

    @Test
    void check_anExecutorThatRunsAtOnce_doesNotRecur() {
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        Queue<Runnable> first = new ArrayDeque<>();
        SafetyGuard guard = SafetyGuard.builder()
                .evaluator(noting)
                .executor(task -> {
                    if (verdicts.isEmpty()) {
                        first.add(task);
                    } else {
                        task.run();
                    }
                })
                .maxConcurrent(1)
                .maxWaiting(100_000)
                .deadline(Duration.ofMinutes(1))
                .build();
        for (int i = 0; i < 20_000; i++) {
            verdicts.add(guard.checkAsync(Conversation.of("how?"), "so"));
        }
        first.remove().run();
        assertThat(verdicts).allMatch(verdict -> verdict.join().isChecked());
    }

    @Test
    void cancel_whatRuns_leavesTheThreadUninterruptedForItsNextTask() throws Exception {
        CompletableFuture<Boolean> interruptedAfter = new CompletableFuture<>();
        HangingEvaluation hanging = HangingEvaluation.interruptible();
        SafetyGuard guard = patient()
                .evaluator(hanging.evaluator())
                .executor(task -> new Thread(() -> {
                            task.run();
                            interruptedAfter.complete(Thread.interrupted());
                        })
                        .start())
                .build();
        CompletableFuture<Verdict> verdict = guard.checkAsync(Conversation.of("how?"), "first");
        hanging.begun.await();
        verdict.cancel(true);
        assertThat(interruptedAfter.get(20, TimeUnit.SECONDS)).isFalse();
        assertThat(hanging.interrupts).hasValue(1);
        Eventually.isQuiet(guard);
    }

    @ParameterizedTest
    @EnumSource(names = "VIRTUAL", mode = EnumSource.Mode.EXCLUDE)
    void check_thousandsAtOnce_areEachCheckedOnce(GuardThreads threads) throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        SafetyGuard.Builder builder = patient()
                .evaluator(ScriptedEvaluator.quick(exchange -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    running.decrementAndGet();
                    return ScriptedEvaluator.byWord(exchange);
                }))
                .threads(threads)
                .listener((verdict, instruction, text) -> told.incrementAndGet());
        SafetyGuard guard = threads == GuardThreads.CALLER
                ? builder.build()
                : builder.maxConcurrent(3).maxWaiting(100_000).build();
        int callers = 8;
        int each = 1_000;
        AtomicInteger wrong = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(callers);
        for (int c = 0; c < callers; c++) {
            int caller = c;
            new Thread(() -> {
                        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
                        for (int i = 0; i < each; i++) {
                            boolean harm = (i + caller) % 3 == 0;
                            String text = harm ? "HARM " + i : "fine " + i;
                            CompletableFuture<Verdict> verdict = (i & 1) == 0
                                    ? guard.checkAsync(Conversation.of("how?"), text)
                                    : CompletableFuture.completedFuture(guard.check("how?", text));
                            verdicts.add(verdict.whenComplete((v, e) -> {
                                if (e != null || !v.isChecked() || v.released() == harm) {
                                    wrong.incrementAndGet();
                                }
                            }));
                        }
                        verdicts.forEach(CompletableFuture::join);
                        done.countDown();
                    })
                    .start();
        }
        assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
        assertThat(wrong).hasValue(0);
        assertThat(told).hasValue(callers * each);
        assertThat(most.get()).isLessThanOrEqualTo(threads == GuardThreads.CALLER ? callers : 3);
        Eventually.isQuiet(guard);
    }

    /** Options with a deadline that even a busy machine meets. */
    private static SafetyGuard.Builder patient() {
        return SafetyGuard.builder().deadline(Duration.ofMinutes(1));
    }
}
