package org.donotanswer.harness.collect;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatModel;
import org.donotanswer.classifier.chat.ChatReply;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ResponseLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.internal.DaemonThreads;
import org.jspecify.annotations.Nullable;

/**
 * Asks a chatbot for the answers that a run lacks, several at a time. Each answer is on the disk before the next question
 * takes its place, so that a run may be stopped anywhere, and go on from there. Used once. Not thread-safe.
 */
public final class Collector {
    /** After so many questions in a row without an answer, the rest is not asked. */
    static final int MOST_FAILURES_IN_A_ROW = 20;

    /** Before the first answer, the rest is not asked after so many questions, or as many as are asked at a time. */
    static final int MOST_UNREACHED = 4;

    private static final int FORBIDDEN = 403;
    private static final int PAYMENT_REQUIRED = 402;
    private static final int NOT_FOUND = 404;

    private final RunDirectory run;
    private final InstructionSet instructions;
    private final ChatSettings settings;
    private final ChatModel model;
    private final int concurrency;
    private final ResponseCounts counts = new ResponseCounts();
    private final Map<FailureKind, Integer> failures = new EnumMap<>(FailureKind.class);
    private int before;
    private int answered;
    private int failedInARow;

    /**
     * Creates one.
     *
     * @param concurrency how many questions are asked at a time, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public Collector(
            RunDirectory run, InstructionSet instructions, ChatSettings settings, ChatModel model, int concurrency) {
        this.run = Objects.requireNonNull(run, "run");
        this.instructions = Objects.requireNonNull(instructions, "instructions");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.model = Objects.requireNonNull(model, "model");
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1, but was " + concurrency);
        }
        this.concurrency = concurrency;
    }

    /** What came of one question: a reply or a failure. */
    private record Outcome(Instruction instruction, @Nullable ChatReply reply, @Nullable ChatException failure) {}

    /**
     * Asks what is not answered yet. A question that fails is passed over; the next run asks it again.
     *
     * @throws ChatException if no further question would fare better: the key, the endpoint or the model is wrong
     * @throws IOException if an answer cannot be written, another process adds to the run, its answers are broken or of
     *     other questions, or many questions in a row fail
     */
    public CollectionResult collect(Progress.Starter progressStarter) throws IOException, InterruptedException {
        // Opened before it is read: nobody else can add to it from then on.
        try (ResponseLog log = run.appendResponses()) {
            Map<String, CollectedResponse> there = run.responses();
            for (CollectedResponse response : there.values()) {
                requireAsked(response);
                counts.add(response);
            }
            List<Instruction> left = instructions.byId().values().stream()
                    .filter(instruction -> !there.containsKey(instruction.id()))
                    .toList();
            before = there.size();
            there.clear();
            if (!left.isEmpty()) {
                try (Progress progress = progressStarter.start(before, instructions.size())) {
                    collect(left, log, progress);
                }
            }
            return counts.toResult(instructions.size(), before, failures);
        }
    }

    private void requireAsked(CollectedResponse response) throws IOException {
        Instruction asked = instructions.byId().get(response.id());
        if (asked == null || !asked.text().equals(response.exchange().instruction())) {
            throw new IOException("answer of the run must be to one of the questions, but was to another (id "
                    + response.id() + ", " + run.path() + ")");
        }
    }

    private void collect(List<Instruction> left, ResponseLog log, Progress progress)
            throws IOException, InterruptedException {
        int workers = Math.min(concurrency, left.size());
        ExecutorService pool = Executors.newFixedThreadPool(workers, DaemonThreads.named("dna-collect"));
        try {
            CompletionService<Outcome> asked = new ExecutorCompletionService<>(pool);
            Iterator<Instruction> next = left.iterator();
            for (int i = 0; i < workers; i++) {
                submit(asked, next.next());
            }
            for (int open = workers; open > 0; open--) {
                Optional<IOException> end = take(result(asked.take()), log);
                if (end.isPresent()) {
                    keepWhatCame(asked, log);
                    throw end.get();
                }
                progress.step();
                if (next.hasNext()) {
                    submit(asked, next.next());
                    open++;
                }
            }
        } finally {
            pool.shutdownNow();
            // So that no request is under way when the model is closed; interrupted, they end at once.
            boolean unused = pool.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    private void submit(CompletionService<Outcome> asked, Instruction instruction) {
        Future<Outcome> unused = asked.submit(() -> {
            try {
                return new Outcome(instruction, model.chat(settings.request(instruction)), null);
            } catch (ChatException e) {
                return new Outcome(instruction, null, e);
            }
        });
    }

    private static Outcome result(Future<Outcome> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("chatbot must reply or say why not, but was failing", e.getCause());
        }
    }

    /** Writes an answer or counts a failure, and returns why no more should be asked, if so. */
    private Optional<IOException> take(Outcome outcome, ResponseLog log) throws IOException {
        ChatException failure = outcome.failure();
        if (failure == null) {
            write(outcome, log);
            failedInARow = 0;
            return Optional.empty();
        }
        failures.merge(failure.kind(), 1, Integer::sum);
        if (concernsAll(failure)) {
            return Optional.of(failure);
        }
        if (concernsOne(failure)) {
            return Optional.empty();
        }
        failedInARow++;
        if (answered == 0
                && failures.getOrDefault(FailureKind.CONNECTION, 0) == Math.min(concurrency, MOST_UNREACHED)) {
            return Optional.of(new IOException("endpoint must be within reach, but was not (" + settings.endpoint()
                    + "): " + failure.getMessage()));
        }
        if (failedInARow == MOST_FAILURES_IN_A_ROW) {
            return Optional.of(new IOException("endpoint must answer, but was without an answer to " + failedInARow
                    + " questions in a row; to the last: " + failure.getMessage()));
        }
        return Optional.empty();
    }

    /**
     * After good answers, now or before, a status of 403 is more likely a filter that dislikes this one question, and a
     * request that is wrong for the model is wrong in what it asks.
     */
    private boolean concernsAll(ChatException failure) {
        boolean everAnswered = before + answered > 0;
        int status = failure.status().orElse(0);
        return switch (failure.kind()) {
            case UNKNOWN_ENDPOINT -> true;
            case UNKNOWN_MODEL -> !everAnswered || status == NOT_FOUND;
            case AUTHENTICATION -> !everAnswered || status != FORBIDDEN;
            case REJECTED, RATE_LIMITED, SERVER_FAILURE, CONNECTION, TIMEOUT, MALFORMED_REPLY -> false;
        };
    }

    /**
     * Where anything was ever answered, a rejection is of its question: were those counted, a run whose first questions are
     * all rejected could never go on.
     */
    private boolean concernsOne(ChatException failure) {
        return before + answered > 0
                && failure.kind() == FailureKind.REJECTED
                && failure.status().orElse(0) != PAYMENT_REQUIRED;
    }

    private void keepWhatCame(CompletionService<Outcome> asked, ResponseLog log)
            throws IOException, InterruptedException {
        for (Future<Outcome> done = asked.poll(); done != null; done = asked.poll()) {
            Outcome outcome = result(done);
            if (outcome.failure() == null) {
                write(outcome, log);
            }
        }
    }

    /** What a filter held back before a model saw it was answered by none. */
    private static Optional<String> model(ChatReply reply) {
        boolean ofAModel =
                reply.finish() != Finish.CONTENT_FILTER || !reply.text().isEmpty();
        return Optional.of(reply.model()).filter(name -> ofAModel && !name.isBlank());
    }

    private void write(Outcome outcome, ResponseLog log) throws IOException {
        ChatReply reply = Objects.requireNonNull(outcome.reply(), "reply");
        Instruction instruction = outcome.instruction();
        CollectedResponse response = new CollectedResponse(
                instruction.id(),
                instruction.specificHarm(),
                instruction.benign(),
                Exchange.of(instruction.text(), reply.text()),
                Optional.of(reply.finish()),
                reply.usage(),
                model(reply));
        log.append(response);
        counts.add(response);
        answered++;
    }
}
