package org.donotanswer.harness.collect;

import java.io.IOException;
import java.nio.file.Path;
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
import org.donotanswer.classifier.chat.ChatRequest;
import org.donotanswer.classifier.chat.OutageDetector;
import org.donotanswer.dataset.Llm;
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
    private final RunDirectory run;
    private final InstructionSet instructions;
    private final Optional<String> systemPrompt;
    private final ChatModel model;
    private final int concurrency;
    private final ResponseCounts counts = new ResponseCounts();
    private final Map<FailureKind, Integer> failures = new EnumMap<>(FailureKind.class);
    private int before;

    /** How many requests {@link #collect(ChatModel, Llm, InstructionSet, Path)} sends concurrently. */
    public static final int DEFAULT_CONCURRENCY = 4;

    /**
     * Creates one.
     *
     * @param concurrency how many questions are asked at a time, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public Collector(
            RunDirectory run, InstructionSet instructions, ChatSettings settings, ChatModel model, int concurrency) {
        this(run, instructions, settings.systemPrompt(), model, concurrency);
    }

    /**
     * Creates a collector for a model that the application built.
     *
     * @param run a run with the {@linkplain ChatSettings#manifest(ChatModel, Optional, Llm, InstructionSet) manifest} of the model
     * @param systemPrompt the system prompt; empty for none
     * @param concurrency how many requests are sent concurrently, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public Collector(
            RunDirectory run,
            InstructionSet instructions,
            Optional<String> systemPrompt,
            ChatModel model,
            int concurrency) {
        this.run = Objects.requireNonNull(run, "run");
        this.instructions = Objects.requireNonNull(instructions, "instructions");
        this.systemPrompt = Objects.requireNonNull(systemPrompt, "systemPrompt");
        this.model = Objects.requireNonNull(model, "model");
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1, but was " + concurrency);
        }
        this.concurrency = concurrency;
    }

    /**
     * Collects the responses of a model that the application built, for example
     * {@code LangChain4jChatModel.of(model)} or {@code SpringAiChatModel.of(model)}, into a directory. If the directory has a run
     * with the same model, settings and instructions, only the missing responses are collected. The model is not closed.
     *
     * @param llm the name of the LLM in reports
     * @throws ChatException if there is an {@linkplain OutageDetector outage}
     * @throws IOException if the run cannot be read or written, or the directory has another run
     */
    public static CollectionResult collect(ChatModel model, Llm llm, InstructionSet instructions, Path directory)
            throws IOException, InterruptedException {
        RunDirectory run =
                RunDirectory.openOrCreate(directory, ChatSettings.manifest(model, Optional.empty(), llm, instructions));
        return new Collector(run, instructions, Optional.empty(), model, DEFAULT_CONCURRENCY)
                .collect((done, steps) -> Progress.none());
    }

    /** What came of one question: a reply or a failure. */
    private record Outcome(Instruction instruction, @Nullable ChatReply reply, @Nullable ChatException failure) {}

    /**
     * Asks what is not answered yet. A question that fails is passed over; the next run asks it again.
     *
     * @throws ChatException if there is an {@linkplain OutageDetector outage}, so that no further question would fare better
     * @throws IOException if an answer cannot be written, another process adds to the run, or its answers are broken or of
     *     other questions
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
            OutageDetector outages = new OutageDetector(concurrency, before > 0);
            CompletionService<Outcome> asked = new ExecutorCompletionService<>(pool);
            Iterator<Instruction> next = left.iterator();
            for (int i = 0; i < workers; i++) {
                submit(asked, next.next());
            }
            for (int open = workers; open > 0; open--) {
                take(result(asked.take()), log, outages);
                Optional<ChatException> outage = outages.outage();
                if (outage.isPresent()) {
                    keepWhatCame(asked, log);
                    throw located(outage.get());
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
                return new Outcome(instruction, model.chat(request(instruction)), null);
            } catch (ChatException e) {
                return new Outcome(instruction, null, e);
            }
        });
    }

    private ChatRequest request(Instruction instruction) {
        return new ChatRequest(systemPrompt, instruction.text(), Optional.empty());
    }

    private static Outcome result(Future<Outcome> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("chatbot must reply or say why not, but was failing", e.getCause());
        }
    }

    private void take(Outcome outcome, ResponseLog log, OutageDetector outages) throws IOException {
        ChatException failure = outcome.failure();
        if (failure == null) {
            write(outcome, log);
            outages.replied();
        } else {
            failures.merge(failure.kind(), 1, Integer::sum);
            outages.failed(outcome.instruction().id(), failure);
        }
    }

    /** Names the endpoint, which the message about a failed connection does not. */
    private ChatException located(ChatException outage) {
        return outage.kind() == FailureKind.CONNECTION
                ? new ChatException(outage.getMessage() + " (" + run.manifest().source() + ")", outage.kind())
                : outage;
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
    }
}
