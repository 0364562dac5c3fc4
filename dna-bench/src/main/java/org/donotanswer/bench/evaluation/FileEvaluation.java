package org.donotanswer.bench.evaluation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.donotanswer.bench.UsageException;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.OrderedPipeline;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.internal.TemporaryFile;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates files into files, so that it can be killed at any moment and continued: every so often, what was written is forced
 * to disk, then the {@linkplain EvaluationState state} that says how much that is, and then the outputs that are whole get
 * their names. Used once; not thread-safe.
 */
public final class FileEvaluation {
    /** After how many exchanges a state is written, unless one of the limits below is reached before. */
    private static final long MAX_ROWS = 20_000;

    private static final int MAX_WHOLE_OUTPUTS = 256;

    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final OutputPlan plan;
    private final TableSettings settings;
    private final EvaluationFingerprint fingerprint;
    private final Setup setup;
    private final EvaluationStep.Listener listener;
    private final WholeOutputs whole = new WholeOutputs();
    /** The stamps of the inputs that were begun. */
    private final List<String> begun = new ArrayList<>();

    private EvaluationState state = EvaluationState.beginning();
    private boolean isDurable;
    private boolean isUnfinished;
    private long items;
    private long lastNanos = System.nanoTime();

    /**
     * How the files are evaluated. As thread-safe as its evaluator and progress.
     *
     * @param names whether assessments say which file they are of
     * @param isReplacing whether files that exist are replaced
     * @param checkpointRows after how many exchanges a state is written, unless 5 seconds passed before
     */
    public record Setup(
            SafetyEvaluator evaluator,
            AssessmentFormat format,
            OrderedPipeline pipeline,
            Progress progress,
            boolean names,
            boolean isReplacing,
            long checkpointRows) {
        public Setup(
                SafetyEvaluator evaluator,
                AssessmentFormat format,
                OrderedPipeline pipeline,
                Progress progress,
                boolean names,
                boolean isReplacing) {
            this(evaluator, format, pipeline, progress, names, isReplacing, MAX_ROWS);
        }
    }

    /** What is open while an evaluation runs. */
    private record Held(OutputLocks locks, EvaluationLog log) {}

    /**
     * Creates an evaluation.
     *
     * @param fingerprint what must be the same when it is continued
     */
    public FileEvaluation(
            OutputPlan plan,
            TableSettings settings,
            EvaluationFingerprint fingerprint,
            Setup setup,
            EvaluationStep.Listener listener) {
        this.plan = plan;
        this.settings = settings;
        this.fingerprint = fingerprint;
        this.setup = setup;
        this.listener = listener;
    }

    /**
     * Runs the evaluation, or the rest of it.
     *
     * @param isResuming whether to go on where an earlier run ended, if there was one
     * @return the counts of all exchanges, those of earlier runs included
     * @throws UsageException if there are outputs that exist, or the earlier run had other inputs or options
     * @throws IOException if an input cannot be read or an output not be written; what is durable remains, if it is worth it
     */
    public EvaluationCounts run(boolean isResuming) throws IOException, InterruptedException {
        createDirectories();
        try (OutputLocks locks = new OutputLocks(plan.base());
                EvaluationLog log = prepare(isResuming, locks)) {
            Held held = new Held(locks, log);
            try {
                publish(held);
                while (state.part() < plan.parts().size()) {
                    evaluate(plan.parts().get(state.part()), held);
                }
            } catch (IOException | RuntimeException | InterruptedException e) {
                discardIfEmpty(e, locks);
                throw e;
            }
            Files.deleteIfExists(plan.state());
            listener.reached(EvaluationStep.STATE_DELETED);
            return state.counts();
        }
    }

    private void createDirectories() throws IOException {
        for (OutputPlan.Part part : plan.parts()) {
            Path directory = part.target().getParent();
            if (part.target().equals(plan.base()) && directory != null && !Files.isDirectory(directory)) {
                throw new IOException("directory of the output must exist, but was missing (" + part.target() + ")");
            }
            create(directory);
        }
        create(plan.base().toAbsolutePath().getParent());
    }

    /** Creates a directory and those above it durably. */
    private static void create(@Nullable Path directory) throws IOException {
        if (directory == null || Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        create(parent);
        Files.createDirectories(directory);
        if (parent != null) {
            TemporaryFile.forceDirectory(parent);
        }
    }

    private EvaluationLog prepare(boolean isResuming, OutputLocks locks) throws IOException {
        boolean isInterrupted = Files.exists(plan.state());
        if (isInterrupted && !isResuming && !setup.isReplacing()) {
            throw halfWritten(plan.state());
        }
        if (isInterrupted && isResuming) {
            EvaluationLog.Contents earlier = EvaluationLog.read(plan.state());
            String differences = earlier.fingerprint()
                    .differences(fingerprint, changed(earlier))
                    .orElse("");
            UsageException.require(
                    differences.isEmpty(),
                    "inputs and options must be those of the interrupted evaluation",
                    "different in " + differences + "; give the same or start again by --overwrite");
            goOn(earlier);
            return EvaluationLog.open(plan.state(), earlier);
        }
        requireNoOutputs();
        // The state first: where there is none, nothing is worth keeping.
        Files.deleteIfExists(plan.state());
        for (OutputPlan.Part part : plan.parts()) {
            discard(part.target(), locks);
        }
        EvaluationLog log = EvaluationLog.create(plan.state(), fingerprint);
        listener.reached(EvaluationStep.STATE_WRITTEN);
        return log;
    }

    /** Returns which inputs of an earlier run are not what they were when it began them. */
    private Set<String> changed(EvaluationLog.Contents earlier) throws IOException {
        Map<String, String> old = new HashMap<>();
        for (int i = 0; i < earlier.begun().size(); i++) {
            old.put(earlier.fingerprint().inputs().get(i), earlier.begun().get(i));
        }
        Set<String> changed = new HashSet<>();
        for (InputFiles.InputFile input : plan.inputs()) {
            String stamp = old.get(input.path().toString());
            if (stamp != null && !stamp.equals(input.stamp())) {
                changed.add(input.path().toString());
            }
        }
        return changed;
    }

    private void goOn(EvaluationLog.Contents earlier) {
        begun.addAll(earlier.begun());
        if (earlier.state().isEmpty()) {
            return;
        }
        isDurable = true;
        state = earlier.state().get();
        int first = state.part() - state.unnamed().size();
        for (int i = 0; i < state.unnamed().size(); i++) {
            whole.add(plan.parts().get(first + i), state.unnamed().get(i));
        }
    }

    private void requireNoOutputs() {
        if (setup.isReplacing()) {
            return;
        }
        for (OutputPlan.Part part : plan.parts()) {
            if (Files.exists(part.target())) {
                throw new UsageException(
                        "output must not exist, but did (" + part.target() + "); replace it by --overwrite");
            }
            if (PartialOutput.exists(part.target())) {
                // Of an evaluation with another --output, which may be under way or go on.
                throw halfWritten(PartialOutput.partial(part.target()));
            }
        }
    }

    private static UsageException halfWritten(Path file) {
        return new UsageException("output must not be half written, but was (" + file
                + "); go on by --resume or start again by --overwrite");
    }

    private static void discard(Path target, OutputLocks locks) throws IOException {
        if (PartialOutput.exists(target)) {
            locks.acquire(target);
            PartialOutput.discard(target);
            locks.release(target);
        }
    }

    private void evaluate(OutputPlan.Part part, Held held) throws IOException, InterruptedException {
        held.locks().acquire(part.target());
        try (PartialOutput output = PartialOutput.open(part.target(), state.bytes());
                FilesSource source = new FilesSource(
                        part.inputs(), settings, state.position().file())) {
            Checkpoints checkpoints = new Checkpoints(output, source, held);
            String header = state.bytes() == 0 ? setup.format().header() : "";
            if (!header.isEmpty()) {
                output.write(part.compression().compress(header.getBytes(StandardCharsets.UTF_8)));
            }
            ChunkEvaluation evaluation = new ChunkEvaluation(
                    setup.evaluator(), setup.format(), part.compression(), names(part), state.position());
            new EvaluationJob(source, checkpoints, state.counts(), setup.progress()).run(evaluation, setup.pipeline());
            // An empty file would be none of a compression.
            output.writeIfEmpty(part.compression().compress(new byte[0]));
            output.flush();
            checkpoints.noteBegun(part.inputs().size() - 1);
            whole.add(part, output.bytes());
        }
        state = state.nextPart();
        if (isDue()
                || whole.count() >= MAX_WHOLE_OUTPUTS
                || state.part() == plan.parts().size()) {
            checkpoint(held, state.position(), Optional.empty());
        }
    }

    /** Returns whether what was evaluated since the last state, of any outputs, is enough for another one. */
    private boolean isDue() {
        return items >= setup.checkpointRows() || System.nanoTime() - lastNanos >= MAX_NANOS;
    }

    private void checkpoint(Held held, ChunkEvaluation.Position position, Optional<PartialOutput> unfinished)
            throws IOException {
        whole.force();
        long bytes = unfinished.isPresent() ? unfinished.get().force() : 0;
        listener.reached(EvaluationStep.BYTES_FORCED);
        state = state.at(position, bytes, whole.sizes());
        held.log().append(begun, state);
        isDurable = true;
        listener.reached(EvaluationStep.STATE_WRITTEN);
        publish(held);
        items = 0;
        lastNanos = System.nanoTime();
    }

    private void publish(Held held) throws IOException {
        if (whole.count() > 0) {
            whole.publish(held.locks(), setup.isReplacing());
            listener.reached(EvaluationStep.PUBLISHED);
        }
    }

    private List<String> names(OutputPlan.Part part) {
        return setup.names() && part.target().equals(plan.base())
                ? part.inputs().stream().map(InputFiles.InputFile::shownPath).toList()
                : List.of();
    }

    /** Writes chunks, and the state after some of them. */
    private final class Checkpoints implements EvaluationJob.ChunkOutput {
        private final PartialOutput output;
        private final FilesSource source;
        private final Held held;
        /** How many inputs are those of earlier outputs. */
        private final int earlierInputs;

        private ChunkEvaluation.Position position = state.position();
        private long rows;

        Checkpoints(PartialOutput output, FilesSource source, Held held) {
            this.output = output;
            this.source = source;
            this.held = held;
            // In the middle of an output, some of its own were begun as well.
            earlierInputs = begun.size() - (position.rows() > 0 ? position.file() + 1 : 0);
        }

        @Override
        public void write(EvaluatedChunk chunk) throws IOException {
            rows = chunk.items() + (chunk.file() == position.file() ? rows : 0);
            position = new ChunkEvaluation.Position(chunk.file(), rows);
            output.write(chunk.bytes());
            listener.reached(EvaluationStep.CHUNK_WRITTEN);
            items += chunk.bytes().length == 0 ? 0 : chunk.items();
            if (items > 0 && isDue()) {
                noteBegun(position.file());
                checkpoint(held, position, Optional.of(output));
            }
        }

        void noteBegun(int last) {
            for (int file = begun.size() - earlierInputs; file <= last; file++) {
                begun.add(source.stamp(file));
            }
        }

        @Override
        public void flush() throws IOException {
            output.flush();
        }
    }

    /** Deletes what a failed evaluation leaves if nothing of it is durable. */
    private void discardIfEmpty(Exception failure, OutputLocks locks) {
        if (isDurable) {
            isUnfinished = true;
            return;
        }
        try {
            for (Path target : locks.held()) {
                PartialOutput.discard(target);
            }
            Files.deleteIfExists(plan.state());
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Returns whether the evaluation failed and can be continued. */
    public boolean isUnfinished() {
        return isUnfinished;
    }
}
