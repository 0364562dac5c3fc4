package org.donotanswer.bench.jmh;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.bench.speed.StreamTokens;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.guard.stream.StreamListener;
import org.donotanswer.guard.stream.TokenSink;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures what a guard adds to its evaluator, and a guarded stream to one evaluation of its response.
 *
 * <pre>java -cp dna-bench/target/dna.jar -Ddna.data=../shared/do-not-answer org.openjdk.jmh.Main GuardBenchmark -prof gc</pre>
 *
 * <p>{@code dna benchmark-guardrails} runs it and summarizes the results.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class GuardBenchmark {
    /** Too many for a processor to learn: a single text, read repeatedly, is read twice as fast as new ones. */
    private static final int LONG_RESPONSES = 64;

    private List<Exchange> exchanges;
    private int next;
    private SafetyEvaluator embedded;
    private SafetyGuard embeddedGuard;
    private SafetyEvaluator constant;
    private SafetyGuard constantGuard;
    private SafetyGuard threadsGuard;
    private StreamGuard streamGuard;
    private List<Exchange> longExchanges;
    private List<List<String>> longTokens;
    private int nextLong;

    /** Creates an instance without data; for JMH. */
    public GuardBenchmark() {}

    /** Opens the evaluators and reads the exchanges. */
    @Setup
    public void open() throws IOException {
        BenchmarkExchanges data = BenchmarkExchanges.load();
        exchanges = data.exchanges();
        embedded = EmbeddedBenchmark.evaluator();
        embeddedGuard = SafetyGuard.of(embedded);
        constant = new ConstantEvaluator(true);
        constantGuard = SafetyGuard.of(constant);
        threadsGuard = SafetyGuard.of(new ConstantEvaluator(false));
        // A shadow policy never cuts a response short.
        streamGuard = StreamGuard.of(
                SafetyGuard.of(embedded, SafetyPolicy.builder().shadow(true).build()));
        longExchanges = IntStream.range(0, LONG_RESPONSES)
                .mapToObj(i -> data.withResponseOf(
                        StreamTokens.LONG_RESPONSE_TOKENS * StreamTokens.CHARS_PER_TOKEN, i * LONG_RESPONSES))
                .toList();
        longTokens = longExchanges.stream()
                .map(exchange -> StreamTokens.of(exchange.response()))
                .toList();
    }

    /** Closes the guards and evaluators. */
    @TearDown
    public void close() {
        streamGuard.guard().close();
        threadsGuard.close();
        constantGuard.close();
        embeddedGuard.close();
        constant.close();
        embedded.close();
    }

    private Exchange exchange() {
        next = next + 1 == exchanges.size() ? 0 : next + 1;
        return exchanges.get(next);
    }

    private int nextLong() {
        nextLong = (nextLong + 1) % LONG_RESPONSES;
        return nextLong;
    }

    /** Measures the embedded evaluator without a guard. */
    @Benchmark
    public Assessment evaluatorAlone() {
        return embedded.evaluate(exchange());
    }

    /** Measures the embedded evaluator behind a guard. */
    @Benchmark
    public Verdict guarded() {
        Exchange exchange = exchange();
        return embeddedGuard.check(exchange.instruction(), exchange.response());
    }

    /** Measures an evaluator that does nothing. */
    @Benchmark
    public Assessment nothingAlone() {
        return constant.evaluate(exchange());
    }

    /** Measures an evaluator that does nothing behind a guard. */
    @Benchmark
    public Verdict nothingGuarded() {
        Exchange exchange = exchange();
        return constantGuard.check(exchange.instruction(), exchange.response());
    }

    /** Measures an evaluator that does nothing behind a guard with a deadline, on a separate thread. */
    @Benchmark
    public Verdict nothingGuardedOnThreads() {
        Exchange exchange = exchange();
        return threadsGuard.check(exchange.instruction(), exchange.response());
    }

    /** Measures one evaluation of a response of 2,000 tokens, alternating between many. */
    @Benchmark
    public Assessment responseAtOnce() {
        return embedded.evaluate(longExchanges.get(nextLong()));
    }

    /** Measures the same responses as guarded streams. */
    @Benchmark
    public int responseStreamed() {
        int index = nextLong();
        Exchange exchange = longExchanges.get(index);
        CharCounter counter = new CharCounter();
        TokenSink sink = streamGuard.open(Conversation.of(exchange.instruction()), counter);
        for (String token : longTokens.get(index)) {
            if (!sink.accept(token)) {
                break;
            }
        }
        sink.complete();
        int length = exchange.response().length();
        if (counter.chars != length) {
            throw new IllegalStateException("stream must release " + length + " chars, but released " + counter.chars);
        }
        return counter.chars;
    }

    /** Counts the released chars. */
    private static final class CharCounter implements StreamListener {
        private int chars;

        @Override
        public void onText(String text) {
            chars += text.length();
        }

        @Override
        public void onFinished(Verdict verdict) {}

        @Override
        public void onBlocked(Verdict verdict) {}

        @Override
        public void onError(Throwable error) {}
    }

    /** Returns a constant assessment. */
    private record ConstantEvaluator(boolean isNonBlocking) implements SafetyEvaluator {
        private static final Assessment HARMLESS =
                Scored.builder("constant").harmful(0.1).build();

        @Override
        public Assessment evaluate(Exchange exchange) {
            return HARMLESS;
        }

        @Override
        public String name() {
            return "constant";
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder("constant", "1").build();
        }

        @Override
        public void close() {}
    }
}
