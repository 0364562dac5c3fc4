package org.donotanswer.bench.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.stream.GuardedIterator;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.guard.stream.TokenSink;

/** The operations of one thread, each of which compares its result with the oracle. Not thread-safe. */
final class SoakOperations {
    private static final int MAX_CHUNK = 60;
    private static final int MAX_BATCH = 20;

    private final SoakContext context;
    private final SplittableRandom random;
    private final SoakFiles files;

    SoakOperations(SoakContext context, SplittableRandom random, SoakFiles files) {
        this.context = context;
        this.random = random;
        this.files = files;
    }

    /** Performs an operation that is no fault. */
    void perform(SoakOperation operation, SoakLoad load, OracleItem item) throws IOException, InterruptedException {
        switch (operation) {
            case EVALUATE ->
                load.oracle().check(item.assessment(), load.evaluator().evaluate(item.exchange()));
            case EVALUATE_ALL -> evaluateAll(load);
            case EVALUATE_BY_ID -> evaluateById(load);
            case EVALUATE_INSTRUCTION ->
                load.oracle()
                        .check(
                                item.instruction(),
                                load.evaluator()
                                        .evaluateInstruction(item.exchange().instruction()));
            case CHECK -> load.use(guard -> check(load, guard, item));
            case CHECK_ON_THREADS -> check(load, load.onThreads(), item);
            case CHECK_CACHED -> check(load, load.cached(), item);
            case CHECK_CONVERSATION ->
                load.use(guard -> load.oracle()
                        .check(
                                item.inConversation(),
                                guard.check(
                                        item.input().longer(), item.exchange().response())));
            case CHECK_INSTRUCTION ->
                load.use(guard -> load.oracle()
                        .check(
                                item.ofInstruction(),
                                guard.checkInstruction(item.exchange().instruction())));
            case STREAM -> load.use(guard -> load.oracle().check(item.streamed(), stream(guard, item)));
            case ITERATE -> iterate(load, item);
            case OPEN_EVALUATOR -> openAnother(load, item);
            case RELOAD_POLICY -> load.reloadPolicy(context.policy());
            case EVALUATE_FILE -> files.evaluate(load, load.oracle().draw(random, MAX_BATCH));
            case FAULT -> throw new AssertionError("faults are performed elsewhere");
        }
    }

    /** Returns the results of some exchanges as they are written to files. */
    byte[] results(List<OracleItem> items) throws IOException {
        return files.expected(items);
    }

    /** Checks one exchange with a guard. */
    static void check(SoakLoad load, SafetyGuard guard, OracleItem item) {
        load.oracle().check(item.verdict(), verdict(guard, item));
    }

    /** Returns a guard's verdict on an exchange. */
    static Verdict verdict(SafetyGuard guard, OracleItem item) {
        return guard.check(item.exchange().instruction(), item.exchange().response());
    }

    private void evaluateAll(SoakLoad load) {
        List<OracleItem> items = load.oracle().draw(random, random.nextInt(1, MAX_BATCH));
        List<Assessment> assessments = load.evaluator()
                .evaluateAll(items.stream().map(OracleItem::exchange).toList());
        SoakMismatchException.require(assessments.size() == items.size(), "number of assessments is another one");
        for (int i = 0; i < items.size(); i++) {
            load.oracle().check(items.get(i).assessment(), assessments.get(i));
        }
    }

    private void evaluateById(SoakLoad load) {
        Map<Integer, OracleItem> items = new LinkedHashMap<>();
        Map<Integer, Exchange> exchanges = new LinkedHashMap<>();
        for (OracleItem item : load.oracle().draw(random, random.nextInt(1, MAX_BATCH))) {
            items.put(item.input().id(), item);
            exchanges.put(item.input().id(), item.exchange());
        }
        Map<Integer, Assessment> assessments = load.evaluator().evaluateAll(exchanges);
        SoakMismatchException.require(
                new ArrayList<>(assessments.keySet()).equals(new ArrayList<>(items.keySet())), "ids are other ones");
        items.forEach((id, item) -> load.oracle().check(item.assessment(), assessments.get(id)));
    }

    /** Streams a response in chunks that may end anywhere, in the middle of a surrogate pair as well. */
    StreamEnd stream(SafetyGuard guard, OracleItem item) {
        StreamEnd.Reader reader = new StreamEnd.Reader(item.exchange().response());
        TokenSink sink = StreamGuard.of(guard).open(item.input().single(), reader);
        Iterator<String> chunks = chunks(item);
        boolean wanted = true;
        while (wanted && chunks.hasNext()) {
            wanted = sink.accept(chunks.next());
        }
        if (wanted) {
            sink.complete();
        }
        return reader.end();
    }

    private Iterator<String> chunks(OracleItem item) {
        String response = item.exchange().response();
        int most = random.nextInt(1, MAX_CHUNK);
        List<String> chunks = new ArrayList<>();
        for (int from = 0; from < response.length(); ) {
            int to = Math.min(response.length(), from + random.nextInt(1, most + 1));
            chunks.add(response.substring(from, to));
            from = to;
        }
        return chunks.iterator();
    }

    private void iterate(SoakLoad load, OracleItem item) {
        load.use(guard -> {
            StreamEnd.Reader reader = new StreamEnd.Reader(item.exchange().response());
            try (GuardedIterator parts =
                    StreamGuard.of(guard).iterate(item.input().single(), chunks(item))) {
                try {
                    while (parts.hasNext()) {
                        reader.onText(parts.next());
                    }
                    parts.verdict().ifPresent(reader::onFinished);
                } catch (BlockedException e) {
                    reader.onBlocked(e.verdict());
                }
            }
            load.oracle().check(item.streamed(), reader.end());
        });
    }

    /** Leaves a stream before its end: nothing may be shown after that. */
    void abandon(SoakLoad load, OracleItem item) {
        StreamEnd.Reader reader = new StreamEnd.Reader(item.exchange().response());
        Iterator<String> chunks = chunks(item);
        int read = random.nextInt(1, MAX_CHUNK);
        load.use(guard -> {
            StreamGuard streams = StreamGuard.of(guard);
            if (random.nextBoolean()) {
                TokenSink sink = streams.open(item.input().single(), reader);
                for (int i = 0; i < read && chunks.hasNext() && sink.accept(chunks.next()); i++) {
                    // The stream goes on.
                }
                sink.cancel();
                int released = reader.released();
                boolean wanted = chunks.hasNext() ? sink.accept(chunks.next()) : sink.accept("more");
                sink.complete();
                SoakMismatchException.require(!wanted, "abandoned stream wanted more");
                SoakMismatchException.require(reader.released() == released, "abandoned stream showed more");
            } else {
                try (GuardedIterator parts = streams.iterate(item.input().single(), chunks)) {
                    if (parts.hasNext()) {
                        reader.onText(parts.next());
                    }
                } catch (BlockedException e) {
                    reader.onBlocked(e.verdict());
                }
            }
        });
    }

    private static void openAnother(SoakLoad load, OracleItem item) throws IOException {
        SafetyEvaluator evaluator = load.openAnother();
        try (evaluator) {
            load.oracle().check(item.assessment(), evaluator.evaluate(item.exchange()));
        }
        evaluator.close();
        SoakMismatchException.require(isClosed(evaluator, item), "closed evaluator evaluated");
    }

    /** Returns whether an evaluator throws what is documented for one that is closed. */
    static boolean isClosed(SafetyEvaluator evaluator, OracleItem item) {
        try {
            evaluator.evaluate(item.exchange());
            return false;
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage()).endsWith(" is closed");
        }
    }
}
