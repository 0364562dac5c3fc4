package org.donotanswer.guard.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Eventually;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ResponseIteratorTest {
    private static final String SENTENCE = "The quick brown fox jumps over the lazy dog. ";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualStreamTimer timer = new ManualStreamTimer();
    private final MarkerEvaluator evaluator = new MarkerEvaluator("BOMB");

    /** With or without another thread that reads the tokens. */
    private GuardedIterator iterate(boolean timed, Iterator<String> tokens) {
        return StreamGuard.builder()
                .guard(SafetyGuard.of(evaluator))
                .minimumStep(100)
                .maximumStep(200)
                .overlap(20)
                .idleTimeout(timed ? MINUTE : Duration.ZERO)
                .timer(timer)
                .build()
                .iterate(Conversation.of("How do foxes jump?"), tokens);
    }

    /** After its tokens, waits until interrupted. */
    private static final class WaitingSource implements Iterator<String> {
        final CountDownLatch waiting = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);
        private final Iterator<String> tokens;

        WaitingSource(String... tokens) {
            this.tokens = Arrays.asList(tokens).iterator();
        }

        @Override
        public boolean hasNext() {
            if (tokens.hasNext()) {
                return true;
            }
            waiting.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return false;
        }

        @Override
        public String next() {
            return tokens.next();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void next_harmlessResponse_isGivenExactly(boolean timed) {
        List<String> texts = new ArrayList<>();
        GuardedIterator iterator =
                iterate(timed, Collections.nCopies(20, SENTENCE).iterator());
        assertThat(iterator.verdict()).isEmpty();
        iterator.forEachRemaining(texts::add);
        assertThat(String.join("", texts)).isEqualTo(SENTENCE.repeat(20));
        assertThat(texts).hasSizeGreaterThan(5);
        assertThat(iterator.verdict().orElseThrow().reason()).isEqualTo(Reason.BELOW_THRESHOLD);
        assertThat(iterator.hasNext()).isFalse();
        assertThatThrownBy(iterator::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("response must have more text, but has ended");
        assertThat(timer.pending()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void next_harm_throwsAgainAndAgain(boolean timed) {
        List<String> tokens = new ArrayList<>(Collections.nCopies(10, SENTENCE));
        tokens.add("The BOMB. ");
        tokens.addAll(Collections.nCopies(10, SENTENCE));
        GuardedIterator iterator = iterate(timed, tokens.iterator());
        StringBuilder text = new StringBuilder();
        assertThatThrownBy(() -> iterator.forEachRemaining(text::append)).isInstanceOf(BlockedException.class);
        assertThat(SENTENCE.repeat(10)).startsWith(text);
        assertThat(text).isNotEmpty();
        assertThatThrownBy(iterator::hasNext).isInstanceOf(BlockedException.class);
        assertThatThrownBy(iterator::next).isInstanceOf(BlockedException.class);
        assertThat(iterator.verdict().orElseThrow().reason()).isEqualTo(Reason.HARMFUL);
        assertThat(timer.pending()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void next_nullsAmongTheTokens_changeNothing(boolean timed) {
        GuardedIterator iterator =
                iterate(timed, Arrays.asList(null, "", "Yes.", null).iterator());
        assertThat(iterator.next()).isEqualTo("Yes.");
        assertThat(iterator.hasNext()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hasNext_noTokens_finishes(boolean timed) {
        GuardedIterator iterator = iterate(timed, Collections.emptyIterator());
        assertThat(iterator.hasNext()).isFalse();
        assertThat(iterator.verdict().orElseThrow().reason()).isEqualTo(Reason.NOTHING_TO_JUDGE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void next_sourceThrows_throwsTheSame(boolean timed) {
        IllegalStateException error = new IllegalStateException("broke off");
        GuardedIterator iterator = iterate(timed, throwing(error));
        assertThat(iterator.next()).isNotEmpty();
        assertThatThrownBy(() -> iterator.forEachRemaining(text -> {})).isSameAs(error);
        assertThatThrownBy(iterator::hasNext).isSameAs(error);
        assertThat(iterator.verdict()).isEmpty();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void next_sourceThrowsWhatNobodyChecks_throwsTheSame() {
        IOException error = new IOException("broke off");
        GuardedIterator iterator = iterate(true, throwing(error));
        assertThatThrownBy(() -> iterator.forEachRemaining(text -> {})).isSameAs(error);
        Error severe = new AssertionError("severe");
        assertThatThrownBy(() -> iterate(true, throwing(severe)).forEachRemaining(text -> {}))
                .isSameAs(severe);
    }

    private static Iterator<String> throwing(Throwable error) {
        AtomicInteger taken = new AtomicInteger();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                if (taken.incrementAndGet() > 5) {
                    throw ResponseIteratorTest.<RuntimeException>unchecked(error);
                }
                return SENTENCE;
            }
        };
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable e) throws T {
        throw (T) e;
    }

    @Test
    void hasNext_sourceThatWaitsForEver_isBlockedAndInterrupted() throws Exception {
        WaitingSource source = new WaitingSource("Yes. ");
        GuardedIterator iterator = iterate(true, source);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread reader = new Thread(() -> thrown.set(org.assertj.core.api.Assertions.catchThrowable(iterator::hasNext)));
        reader.start();
        source.waiting.await();
        // The watch starts when the reader waits, which may be slightly later than the source.
        while (reader.isAlive()) {
            timer.advance(MINUTE.toNanos());
            Thread.onSpinWait();
        }
        reader.join();
        assertThat(thrown.get()).isInstanceOf(BlockedException.class);
        assertThat(iterator.verdict().orElseThrow().reason()).isEqualTo(Reason.IDLE_TIMEOUT);
        source.interrupted.await();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void hasNext_emptyTokens_showThatTheSourceIsAtItForTenTimeouts() {
        AtomicInteger taken = new AtomicInteger();
        Iterator<String> empty = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                timer.advance(MINUTE.toNanos() - 1);
                taken.incrementAndGet();
                return "";
            }
        };
        GuardedIterator iterator = iterate(true, empty);
        assertThatThrownBy(iterator::hasNext).isInstanceOf(BlockedException.class);
        assertThat(iterator.verdict().orElseThrow().reason()).isEqualTo(Reason.IDLE_TIMEOUT);
        assertThat(taken.get()).isGreaterThanOrEqualTo(10);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void hasNext_readerInterrupted_isCancelled() throws Exception {
        WaitingSource source = new WaitingSource("Yes. ");
        GuardedIterator iterator = iterate(true, source);
        AtomicReference<Boolean> stillInterrupted = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            assertThatThrownBy(iterator::hasNext).isInstanceOf(BlockedException.class);
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        reader.start();
        source.waiting.await();
        reader.interrupt();
        reader.join();
        assertThat(stillInterrupted).hasValue(true);
        assertThat(iterator.verdict().orElseThrow().reason()).isEqualTo(Reason.CANCELLED);
        source.interrupted.await();
    }

    @Test
    void close_sourceThatWaits_isInterrupted() throws Exception {
        WaitingSource source = new WaitingSource(SENTENCE, SENTENCE, SENTENCE, SENTENCE);
        GuardedIterator iterator = iterate(true, source);
        assertThat(iterator.next()).isNotEmpty();
        source.waiting.await();
        iterator.close();
        iterator.close();
        assertThat(iterator.hasNext()).isFalse();
        assertThat(iterator.verdict()).isEmpty();
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
        source.interrupted.await();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void next_readerThatStops_holdsNoThread() {
        AtomicInteger taken = new AtomicInteger();
        Iterator<String> endless = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                taken.incrementAndGet();
                return SENTENCE;
            }
        };
        GuardedIterator iterator = iterate(true, endless);
        assertThat(iterator.next()).isNotEmpty();
        Eventually.is(() -> taken.get() >= TokenPuller.MAX_AHEAD);
        assertThat(taken.get()).isLessThanOrEqualTo(TokenPuller.MAX_AHEAD + 10);
        timer.advance(MINUTE.toNanos());
        assertThat(timer.pending()).isZero();
        iterator.close();
        assertThat(timer.pending()).isZero();
    }
}
