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
 * What a guard costs beside its evaluator, and a guarded stream beside one evaluation of its answer.
 *
 * <pre>java -cp dna-bench/target/dna.jar -Ddna.data=../shared/do-not-answer org.openjdk.jmh.Main GuardBenchmark -prof gc</pre>
 *
 * <p>{@code java -jar dna-bench/target/dna.jar benchmark-guardrails} runs it and sums it up.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class GuardBenchmark {
    /** As many as a processor cannot learn by heart: one text, read over and over, is read twice as fast as any in life. */
    private static final int LONG_ANSWERS = 64;

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

    /** Makes an instance without data; for JMH. */
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
        // A policy that only watches: no answer is cut short.
        streamGuard = StreamGuard.of(
                SafetyGuard.of(embedded, SafetyPolicy.builder().shadow(true).build()));
        longExchanges = IntStream.range(0, LONG_ANSWERS)
                .mapToObj(i -> data.withResponseOf(
                        StreamTokens.LONG_RESPONSE_TOKENS * StreamTokens.CHARS_PER_TOKEN, i * LONG_ANSWERS))
                .toList();
        longTokens = longExchanges.stream()
                .map(exchange -> StreamTokens.of(exchange.response()))
                .toList();
    }

    /** Closes what was opened. */
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
        nextLong = (nextLong + 1) % LONG_ANSWERS;
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

    /** Measures an evaluator that does nothing on a thread of its guard, with a deadline. */
    @Benchmark
    public Verdict nothingGuardedOnThreads() {
        Exchange exchange = exchange();
        return threadsGuard.check(exchange.instruction(), exchange.response());
    }

    /** Measures one evaluation of an answer of 2,000 tokens, of many in turn. */
    @Benchmark
    public Assessment answerAtOnce() {
        return embedded.evaluate(longExchanges.get(nextLong()));
    }

    /** Measures the same answers as guarded streams. */
    @Benchmark
    public int answerStreamed() {
        int number = nextLong();
        Exchange exchange = longExchanges.get(number);
        Counting counting = new Counting();
        TokenSink sink = streamGuard.open(Conversation.of(exchange.instruction()), counting);
        for (String token : longTokens.get(number)) {
            if (!sink.accept(token)) {
                break;
            }
        }
        sink.complete();
        int length = exchange.response().length();
        if (counting.chars != length) {
            throw new IllegalStateException("stream must release " + length + " chars, but was " + counting.chars);
        }
        return counting.chars;
    }

    /** Counts what is released. */
    private static final class Counting implements StreamListener {
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

    /** Finds every exchange harmless without a look at it. */
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
