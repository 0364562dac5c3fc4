package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.OrderedPipeline;
import org.donotanswer.harness.io.OutputException;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.internal.TemporaryFile;

/**
 * Evaluates files into files, so that it can be killed at any moment and continued: every so often, what was written is forced
 * to disk, and then the {@linkplain EvaluationState state} that says how much that is. Used once; not thread-safe.
 */
final class FileEvaluation {
    /** After how many exchanges a state is written, unless the time below passed before. */
    private static final long MAX_ROWS = 20_000;

    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final OutputPlan plan;
    private final TableSettings settings;
    private final Setup setup;
    private final EvaluationStep.Listener listener;
    private EvaluationState state;
    private boolean isUnfinished;

    /**
     * How the files are evaluated. As thread-safe as its evaluator and progress.
     *
     * @param names whether assessments say which file they are of
     * @param isReplacing whether files that exist are replaced
     * @param checkpointRows after how many exchanges a state is written, unless 5 seconds passed before
     */
    record Setup(
            SafetyEvaluator evaluator,
            AssessmentFormat format,
            OrderedPipeline pipeline,
            Progress progress,
            boolean names,
            boolean isReplacing,
            long checkpointRows) {
        Setup(
                SafetyEvaluator evaluator,
                AssessmentFormat format,
                OrderedPipeline pipeline,
                Progress progress,
                boolean names,
                boolean isReplacing) {
            this(evaluator, format, pipeline, progress, names, isReplacing, MAX_ROWS);
        }
    }

    /**
     * Creates an evaluation.
     *
     * @param fingerprint what must be the same when it is continued, by name
     */
    FileEvaluation(
            OutputPlan plan,
            TableSettings settings,
            Map<String, String> fingerprint,
            Setup setup,
            EvaluationStep.Listener listener) {
        this.plan = plan;
        this.settings = settings;
        this.setup = setup;
        this.listener = listener;
        state = EvaluationState.beginning(fingerprint);
    }

    /**
     * Runs the evaluation, or the rest of it.
     *
     * @param isResuming whether to go on where an earlier run ended, if there was one
     * @return the counts of all exchanges, those of earlier runs included
     * @throws UsageException if there are outputs that exist, or the earlier run had other inputs or options
     * @throws IOException if an input cannot be read or an output not be written; what is durable remains, if it is worth it
     */
    EvaluationCounts run(boolean isResuming) throws IOException, InterruptedException {
        createDirectories();
        TemporaryFile lock = lock();
        try {
            prepare(isResuming);
            try {
                while (state.part() < plan.parts().size()) {
                    evaluate(plan.parts().get(state.part()));
                }
            } catch (IOException | RuntimeException | InterruptedException e) {
                discardIfEmpty(e);
                throw e;
            }
            Files.deleteIfExists(plan.state());
            listener.reached(EvaluationStep.STATE_DELETED);
            return state.counts();
        } finally {
            lock.close();
        }
    }

    private TemporaryFile lock() throws IOException {
        try {
            return TemporaryFile.create(plan.base());
        } catch (FileSystemException e) {
            throw new OutputException(plan.base(), e);
        }
    }

    private void createDirectories() throws IOException {
        for (OutputPlan.Part part : plan.parts()) {
            Path directory = part.target().getParent();
            if (directory == null || Files.isDirectory(directory)) {
                continue;
            }
            if (part.target().equals(plan.base())) {
                throw new IOException("directory of the output must exist, but was missing (" + part.target() + ")");
            }
            Files.createDirectories(directory);
        }
        Files.createDirectories(plan.base().toAbsolutePath().getParent());
    }

    private void prepare(boolean isResuming) throws IOException {
        boolean isInterrupted = Files.exists(plan.state());
        if (isInterrupted && !isResuming && !setup.isReplacing()) {
            throw new UsageException("output must not be half written, but was (" + plan.state()
                    + "); go on by --resume or start again by " + OverwriteOption.NAME);
        }
        if (isInterrupted && isResuming) {
            EvaluationState earlier = EvaluationState.read(plan.state());
            String differences = earlier.differences(state.settings()).orElse("");
            UsageException.require(
                    differences.isEmpty(),
                    "inputs and options must be those of the interrupted evaluation",
                    "different in " + differences + "; give the same or start again by " + OverwriteOption.NAME);
            state = earlier;
            return;
        }
        for (OutputPlan.Part part : plan.parts()) {
            if (!setup.isReplacing() && Files.exists(part.target())) {
                throw new UsageException("output must not exist, but did (" + part.target() + "); replace it by "
                        + OverwriteOption.NAME);
            }
        }
        // The state first: where there is none, nothing is worth keeping.
        Files.deleteIfExists(plan.state());
        for (OutputPlan.Part part : plan.parts()) {
            PartialOutput.discard(part.target());
        }
        writeState();
    }

    private void writeState() throws IOException {
        state.write(plan.state());
        listener.reached(EvaluationStep.STATE_WRITTEN);
    }

    private void evaluate(OutputPlan.Part part) throws IOException, InterruptedException {
        if (!state.isWhole()) {
            try (PartialOutput output = PartialOutput.open(part.target(), state.bytes());
                    FilesSource source = new FilesSource(
                            part.inputs(), settings, state.position().file())) {
                write(part, output, source);
            }
        }
        PartialOutput.publish(part.target(), part.isParquet(), setup.isReplacing());
        listener.reached(EvaluationStep.PUBLISHED);
        state = state.nextPart();
        if (state.part() < plan.parts().size()) {
            writeState();
        }
    }

    private void write(OutputPlan.Part part, PartialOutput output, FilesSource source)
            throws IOException, InterruptedException {
        if (state.bytes() == 0) {
            String header = setup.format().header();
            output.write(
                    header.isEmpty()
                            ? new byte[0]
                            : part.compression().compress(header.getBytes(StandardCharsets.UTF_8)));
        }
        ChunkEvaluation evaluation = new ChunkEvaluation(
                setup.evaluator(), setup.format(), part.compression(), names(part), state.position());
        Checkpoints checkpoints = new Checkpoints(part, output);
        new EvaluationJob(source, checkpoints, state.counts(), setup.progress()).run(evaluation, setup.pipeline());
        checkpoints.finish();
    }

    private List<String> names(OutputPlan.Part part) {
        return setup.names() && part.target().equals(plan.base())
                ? part.inputs().stream().map(InputFiles.InputFile::shownPath).toList()
                : List.of();
    }

    /** Writes chunks, and the state after some of them. */
    private final class Checkpoints implements EvaluationJob.ChunkOutput {
        private final OutputPlan.Part part;
        private final PartialOutput output;
        private ChunkEvaluation.Position position;
        private long rows;
        private long items;
        private long lastNanos = System.nanoTime();

        Checkpoints(OutputPlan.Part part, PartialOutput output) {
            this.part = part;
            this.output = output;
            position = state.position();
        }

        @Override
        public void write(EvaluatedChunk chunk) throws IOException {
            rows = chunk.items() + (chunk.file() == position.file() ? rows : 0);
            position = new ChunkEvaluation.Position(chunk.file(), rows);
            output.write(chunk.bytes());
            listener.reached(EvaluationStep.CHUNK_WRITTEN);
            items += chunk.bytes().length == 0 ? 0 : chunk.items();
            if (items >= setup.checkpointRows() || (items > 0 && System.nanoTime() - lastNanos >= MAX_NANOS)) {
                long durable = force();
                state = state.at(position, durable);
                writeState();
                items = 0;
                lastNanos = System.nanoTime();
            }
        }

        private long force() throws IOException {
            long durable = output.force();
            listener.reached(EvaluationStep.BYTES_FORCED);
            return durable;
        }

        void finish() throws IOException {
            // An empty file would be none of a compression.
            output.writeIfEmpty(part.compression().compress(new byte[0]));
            long durable = force();
            state = state.whole(position, durable);
            writeState();
        }

        @Override
        public void flush() throws IOException {
            output.flush();
        }
    }

    /** Deletes what a failed evaluation leaves if nothing of it is durable. */
    private void discardIfEmpty(Exception failure) {
        if (state.part() > 0 || state.bytes() > 0) {
            isUnfinished = true;
            return;
        }
        try {
            PartialOutput.discard(plan.parts().get(0).target());
            Files.deleteIfExists(plan.state());
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Returns whether the evaluation failed and can be continued. */
    boolean isUnfinished() {
        return isUnfinished;
    }
}
