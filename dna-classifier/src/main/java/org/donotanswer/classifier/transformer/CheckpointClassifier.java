package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.donotanswer.classifier.weights.CheckpointWeights;

/**
 * The bare model of a checkpoint: token ids in, logits out. For callers with their own tokenizer, and for benchmarks;
 * to evaluate exchanges, use {@link TransformerEvaluator}. Not thread-safe.
 */
public final class CheckpointClassifier implements AutoCloseable {
    /** More would take gigabytes for a single layer. */
    private static final int MAX_BATCH_TOKENS = 1 << 16;

    private final CheckpointModel model;
    private boolean closed;

    private CheckpointClassifier(CheckpointModel model) {
        this.model = model;
    }

    /**
     * Loads the configuration and weights of a checkpoint; a tokenizer is not needed.
     *
     * @param threads the maximum number of threads per operation, or 0 for the number of cores
     * @throws org.donotanswer.classifier.weights.CheckpointException if a file of it is missing or malformed
     * @throws IOException if a file cannot be read
     * @throws IllegalStateException if this processor does not support the precision, or DJL or PyTorch is missing
     */
    public static CheckpointClassifier open(Path directory, Precision precision, int threads) throws IOException {
        NativeLibraries.require();
        CheckpointConfig config = CheckpointConfig.read(directory);
        Architecture architecture = Architecture.of(config);
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            boolean packed = Torch.hasOneDnn();
            return new CheckpointClassifier(
                    precision == Precision.AUTO
                            ? PrecisionProbe.fastest(architecture, config.labelCount(), weights, packed, threads)
                            : CheckpointModel.load(
                                    architecture,
                                    config.labelCount(),
                                    weights,
                                    new Kernels(precision, packed),
                                    threads));
        }
    }

    /**
     * Returns the logits of the sequences, [sequences][labels]. They are run as one batch, padded to the longest.
     *
     * @param inputIds token ids, including special tokens, without padding: [sequences][tokens]
     * @throws IllegalArgumentException if a sequence is empty or too long, an id is not in the vocabulary, or the batch
     *     has more than 65,536 tokens including padding
     * @throws IllegalStateException if this classifier is closed
     */
    public float[][] logits(long[][] inputIds) {
        if (closed) {
            throw new IllegalStateException("CheckpointClassifier is closed");
        }
        long longest =
                Arrays.stream(inputIds).mapToLong(ids -> ids.length).max().orElse(0);
        if (longest * inputIds.length > MAX_BATCH_TOKENS) {
            throw new IllegalArgumentException("batch must have at most " + MAX_BATCH_TOKENS
                    + " tokens including padding, but was " + inputIds.length + " sequences of up to " + longest);
        }
        List<TokenSequence> batch = new ArrayList<>(inputIds.length);
        for (long[] ids : inputIds) {
            if (ids.length < 1 || ids.length > maxTokens()) {
                throw new IllegalArgumentException(
                        "sequence must have 1 to " + maxTokens() + " tokens, but had " + ids.length);
            }
            for (long id : ids) {
                if (id < 0 || id >= model.architecture().vocabularySize()) {
                    throw new IllegalArgumentException("token id must be in 0.."
                            + (model.architecture().vocabularySize() - 1) + ", but was " + id);
                }
            }
            batch.add(new TokenSequence(ids.clone(), new long[ids.length]));
        }
        return batch.isEmpty() ? new float[0][] : model.logits(batch);
    }

    /** Returns the maximum number of tokens of a sequence. */
    public int maxTokens() {
        return model.architecture().maxTokens();
    }

    /** Returns the number of logits per sequence. */
    public int labels() {
        return model.labels();
    }

    /** Returns the precision of the computation. */
    public Precision precision() {
        return model.kernels().precision();
    }

    /** Releases the model. Further calls have no effect. */
    @Override
    public void close() {
        closed = true;
        model.close();
    }
}
