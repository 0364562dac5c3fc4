package org.donotanswer.bench.evaluation;

import java.io.IOException;
import java.util.List;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.io.OrderedPipeline;
import org.donotanswer.harness.io.OutputException;
import org.donotanswer.harness.io.Progress;
import org.jspecify.annotations.Nullable;

/** Evaluates a source of exchanges and writes the assessments in their order. Used once; not thread-safe. */
public final class EvaluationJob
        implements OrderedPipeline.Source<ExchangeSource.RawItem>, OrderedPipeline.Sink<EvaluatedChunk> {
    /** From there on, ids are not compared, so that the memory is bounded: 64 MB. */
    static final int MAX_COMPARED_IDS = 1 << 21;

    private final ExchangeSource source;
    private final ChunkOutput out;
    private final EvaluationCounts counts;
    private final Progress progress;

    private int file;
    private IdIndex seen = new IdIndex();
    private int seenIds;

    /** Where chunks are written. Implementations need not be thread-safe. */
    interface ChunkOutput {
        /**
         * Writes a chunk; the counts include it by now.
         *
         * @throws OutputException if that fails
         */
        void write(EvaluatedChunk chunk) throws IOException;

        /**
         * Flushes what was written, as the next chunk may take a while.
         *
         * @throws OutputException if that fails
         */
        void flush() throws IOException;
    }

    /**
     * Creates a job.
     *
     * @param counts those of earlier jobs, to which this one adds
     */
    public EvaluationJob(ExchangeSource source, ChunkOutput out, EvaluationCounts counts, Progress progress) {
        this.source = source;
        this.out = out;
        this.counts = counts;
        this.progress = progress;
    }

    /**
     * Runs the job.
     *
     * @throws BadInputException if the source is malformed as a whole
     * @throws OutputException if the output cannot be written
     * @throws IOException if the source cannot be read
     */
    public void run(ChunkEvaluation evaluation, OrderedPipeline pipeline) throws IOException, InterruptedException {
        pipeline.runChunks(this, chunk -> List.of(evaluation.evaluate(chunk)), this);
    }

    @Override
    public ExchangeSource.@Nullable RawItem next() throws IOException {
        return source.next();
    }

    @Override
    public boolean ready() throws IOException {
        return source.ready();
    }

    @Override
    public long size(ExchangeSource.RawItem raw) {
        return raw.size();
    }

    @Override
    public boolean endsChunk() {
        return source.endsChunk();
    }

    /** An id need only be unique in its file. */
    @Override
    public void write(EvaluatedChunk chunk) throws IOException {
        if (chunk.file() != file) {
            file = chunk.file();
            seen = new IdIndex();
            seenIds = 0;
        }
        counts.add(chunk.counts());
        for (int i = 0; i < chunk.ids().size() && seenIds < MAX_COMPARED_IDS; i++) {
            boolean isNew = seen.add(chunk.ids().get(i));
            seenIds += isNew ? 1 : 0;
            if (!isNew && i >= chunk.oldIds()) {
                counts.addRepeated();
            }
        }
        if (seenIds == MAX_COMPARED_IDS) {
            counts.stopComparing();
        }
        out.write(chunk);
        progress.stepBy(chunk.items());
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
