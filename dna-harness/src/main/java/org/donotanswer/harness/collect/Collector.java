package org.donotanswer.harness.collect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ResponseLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunManifest;
import org.donotanswer.harness.run.RunReader;
import org.donotanswer.internal.DaemonThreads;
import org.jspecify.annotations.Nullable;

/**
 * Collects the missing responses of a run, with several requests at a time. Each response is written to disk before the next
 * request takes its place, so that a stopped run can be continued. The first request is sent alone. For one use. Not
 * thread-safe.
 */
public final class Collector {
    /** The number of concurrent requests of {@link #collect(ChatModel, Llm, InstructionSet, Path)}. */
    public static final int DEFAULT_CONCURRENCY = 4;

    /** The source in the manifests of runs whose model reports no endpoint, as the application built it. */
    public static final String APPLICATION_SOURCE = "application";

    private static final String ENDPOINT = "endpoint";

    private final RunDirectory run;
    private final InstructionSet instructions;
    private final Optional<String> systemPrompt;
    private final ChatModel model;
    private final int concurrency;
    private final ResponseCounts counts = new ResponseCounts();
    private final Map<FailureKind, Integer> failures = new EnumMap<>(FailureKind.class);
    private int before;

    /**
     * Creates a collector.
     *
     * @param run a run with the {@linkplain #manifest manifest} of the model
     * @param systemPrompt the system prompt; empty for none
     * @param model not closed
     * @param concurrency the maximum number of concurrent requests, at least 1
     * @throws IllegalArgumentException if the concurrency is less than 1
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
     * Collects the responses of a model into a directory. A run in the directory with the same model, settings and
     * instructions is continued. The model can be that of an endpoint or one that the application built, for example
     * {@code LangChain4jChatModel.of(model)} or {@code SpringAiChatModel.of(model)}.
     *
     * @param model not closed
     * @param llm the name of the LLM in reports
     * @throws ChatException if there is an {@linkplain OutageDetector outage}
     * @throws IOException if the run cannot be read or written, or the directory holds another run
     * @throws InterruptedException if the thread is interrupted
     */
    public static CollectionResult collect(ChatModel model, Llm llm, InstructionSet instructions, Path directory)
            throws IOException, InterruptedException {
        RunDirectory run = RunDirectory.openOrCreate(directory, manifest(model, Optional.empty(), llm, instructions));
        return new Collector(run, instructions, Optional.empty(), model, DEFAULT_CONCURRENCY)
                .collect((done, steps) -> Progress.none());
    }

    /**
     * Returns the manifest of a run that collects the responses of a model. It has the settings that the model reports; changes
     * of other settings between two calls cannot be detected.
     *
     * @param systemPrompt the system prompt; empty for none
     */
    public static RunManifest manifest(
            ChatModel model, Optional<String> systemPrompt, Llm llm, InstructionSet instructions) {
        SortedMap<String, String> settings = new TreeMap<>(model.settings());
        String endpoint = settings.remove(ENDPOINT);
        settings.put("model", model.name());
        systemPrompt.ifPresent(value -> settings.put("systemPrompt", value));
        return instructions.manifest(llm, endpoint == null ? APPLICATION_SOURCE : endpoint, settings);
    }

    /** A reply or a failure. */
    private record Outcome(Instruction instruction, @Nullable ChatReply reply, @Nullable ChatException failure) {}

    /**
     * Collects the missing responses. An instruction whose request fails is left to the next call.
     *
     * @throws ChatException if there is an {@linkplain OutageDetector outage}, so that further requests would fail too
     * @throws IOException if a response cannot be written, another process writes to the run, or the run's responses are
     *     malformed or to other instructions
     * @throws InterruptedException if the thread is interrupted
     */
    public CollectionResult collect(Progress.Starter progressStarter) throws IOException, InterruptedException {
        // Opened before it is read, so that no other process can add to it in between.
        try (ResponseLog log = run.appendResponses()) {
            IdIndex collected = collected();
            List<Instruction> missing = instructions.byId().values().stream()
                    .filter(instruction -> collected.find(instruction.id()) < 0)
                    .toList();
            before = collected.size();
            if (!missing.isEmpty()) {
                try (Progress progress = progressStarter.start(before, instructions.size())) {
                    collect(missing, log, progress);
                }
            }
            return counts.toResult(instructions.size(), before, failures);
        }
    }

    /** Counts the responses of the run, and returns their ids. */
    private IdIndex collected() throws IOException {
        try (RunReader<CollectedResponse> responses = run.readResponses()) {
            for (CollectedResponse response = responses.next(); response != null; response = responses.next()) {
                requireSameInstruction(response);
                counts.add(response);
            }
            return responses.ids();
        }
    }

    private void requireSameInstruction(CollectedResponse response) throws IOException {
        Instruction asked = instructions.byId().get(response.id());
        if (asked == null || !asked.text().equals(response.exchange().instruction())) {
            throw new IOException("response of the run must be to one of the instructions, but was to another (id "
                    + response.id() + ", " + run.path() + ")");
        }
    }

    private void collect(List<Instruction> missing, ResponseLog log, Progress progress)
            throws IOException, InterruptedException {
        int workers = Math.min(concurrency, missing.size());
        ExecutorService pool = Executors.newFixedThreadPool(workers, DaemonThreads.named("dna-collect"));
        try {
            OutageDetector outages = new OutageDetector(concurrency, before > 0);
            CompletionService<Outcome> requests = new ExecutorCompletionService<>(pool);
            Iterator<Instruction> next = missing.iterator();
            // One alone at first: a wrong key or address is then told after a single request.
            submit(requests, next.next());
            for (int open = 1; open > 0; open--) {
                process(result(requests.take()), log, outages);
                Optional<ChatException> outage = outages.outage();
                if (outage.isPresent()) {
                    writeFinished(requests, log);
                    throw withSource(outage.get());
                }
                progress.step();
                for (; next.hasNext() && open <= workers; open++) {
                    submit(requests, next.next());
                }
            }
        } finally {
            pool.shutdownNow();
            // No request may be in progress when the caller closes the model; interrupted ones end at once.
            boolean unused = pool.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    private void submit(CompletionService<Outcome> requests, Instruction instruction) {
        Future<Outcome> unused = requests.submit(() -> {
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
            throw new IllegalStateException(
                    "model must reply or throw a ChatException, but threw another", e.getCause());
        }
    }

    private void process(Outcome outcome, ResponseLog log, OutageDetector outages) throws IOException {
        ChatException failure = outcome.failure();
        if (failure == null) {
            write(outcome, log);
            outages.replied();
        } else {
            failures.merge(failure.kind(), 1, Integer::sum);
            outages.failed(outcome.instruction().id(), failure);
        }
    }

    /** Adds the endpoint to the message about a failed connection, which lacks it. */
    private ChatException withSource(ChatException outage) {
        return outage.kind() == FailureKind.CONNECTION
                ? new ChatException(outage.getMessage() + " (" + run.manifest().source() + ")", outage.kind())
                : outage;
    }

    private void writeFinished(CompletionService<Outcome> requests, ResponseLog log)
            throws IOException, InterruptedException {
        for (Future<Outcome> done = requests.poll(); done != null; done = requests.poll()) {
            Outcome outcome = result(done);
            if (outcome.failure() == null) {
                write(outcome, log);
            }
        }
    }

    /** Returns the responding model; none if a filter blocked the request before it reached a model. */
    private static Optional<String> model(ChatReply reply) {
        boolean blocked =
                reply.finish() == Finish.CONTENT_FILTER && reply.text().isEmpty();
        return Optional.of(reply.model()).filter(name -> !blocked && !name.isBlank());
    }

    private void write(Outcome outcome, ResponseLog log) throws IOException {
        // A chat model of the application may leave thinking in the text.
        ChatReply reply = Objects.requireNonNull(outcome.reply(), "reply").dividingThinking();
        Instruction instruction = outcome.instruction();
        CollectedResponse response = new CollectedResponse(
                instruction.id(),
                instruction.specificHarm(),
                instruction.benign(),
                Exchange.of(instruction.text(), reply.text()),
                Optional.of(reply.finish()),
                reply.usage(),
                model(reply),
                reply.thinking());
        log.append(response);
        counts.add(response);
    }
}
