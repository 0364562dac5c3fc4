package org.donotanswer.classifier.transformer;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.donotanswer.classifier.weights.CheckpointWeights;

/**
 * A checkpoint's architecture with its weights, ready to run. Thread-safe, but the engine starts its own threads for
 * each thread that calls this model, so callers go through a {@link BatchQueue}.
 */
final class CheckpointModel implements SequenceClassifier {
    private final Architecture architecture;
    private final Kernels kernels;
    private final int threads;
    private final int labels;
    private final PtNDManager manager;
    private final PtSymbolBlock program;
    private final IValue weights;
    private final List<String> unusedTensors;
    /** The memory of weights that the engine uses in place. Native references do not keep it from being unmapped. */
    private volatile List<ByteBuffer> aliased;

    private final AtomicBoolean closed = new AtomicBoolean();

    private CheckpointModel(
            Architecture architecture,
            Kernels kernels,
            int threads,
            int labels,
            PtNDManager manager,
            PtSymbolBlock program,
            IValue weights,
            List<ByteBuffer> aliased,
            List<String> unusedTensors) {
        this.unusedTensors = unusedTensors;
        this.architecture = architecture;
        this.kernels = kernels;
        this.threads = threads;
        this.labels = labels;
        this.manager = manager;
        this.program = program;
        this.weights = weights;
        this.aliased = aliased;
    }

    /**
     * Returns the model of an architecture with the given weights, which may be closed afterwards.
     *
     * @param preferred used unless packed products are wrong on this processor (see {@link PackedCheck}); plain ones are then
     * @param threads the maximum number of threads per operation, or 0 for the engine's default
     * @throws org.donotanswer.classifier.weights.CheckpointException if a weight is missing or has the wrong
     *     shape
     * @throws IllegalStateException if this processor does not support the precision
     */
    static CheckpointModel load(
            Architecture architecture, int labels, CheckpointWeights weights, Kernels preferred, int threads)
            throws IOException {
        Kernels kernels = preferred;
        TorchScriptProgram program = architecture.program(kernels);
        WeightMatching.Matched matched = WeightMatching.match(architecture, program.weights(), weights);
        Map<String, ByteBuffer> values = matched.values();
        PtNDManager manager = Torch.manager(); // starts the engine, if nothing has yet
        Torch.prepareThread(threads);
        boolean loaded = false;
        IValue packed = null;
        try {
            if (kernels.packed() && !PackedCheck.passes(kernels, program.matrices())) {
                kernels = new Kernels(kernels.precision(), false);
                program = architecture.program(kernels);
            }
            PtSymbolBlock script = JniUtils.loadModule(
                    manager, new ByteArrayInputStream(TorchScriptArchive.of(program.source())), false, false);
            packed = pack(manager, script, program, values);
            List<ByteBuffer> aliased = new ArrayList<>();
            program.aliased().forEach(name -> aliased.add(values.get(name)));
            CheckpointModel model = new CheckpointModel(
                    architecture,
                    kernels,
                    threads,
                    labels,
                    manager,
                    script,
                    packed,
                    List.copyOf(aliased),
                    matched.unused());
            if (kernels.precision().isHalf()) {
                model.selfTest();
            }
            loaded = true;
            return model;
        } catch (EngineException e) {
            if (kernels.precision().isHalf()) {
                throw new IllegalStateException(
                        "precision must be supported by this processor, but was " + kernels.precision(), e);
            }
            throw e;
        } finally {
            if (!loaded) {
                if (packed != null) {
                    packed.close();
                }
                manager.close();
            }
        }
    }

    private static IValue pack(
            PtNDManager manager, PtSymbolBlock script, TorchScriptProgram program, Map<String, ByteBuffer> values) {
        try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
            List<PtNDArray> raw = new ArrayList<>();
            program.weights()
                    .forEach((name, shape) -> raw.add(Torch.floats(
                            scope,
                            values.get(name),
                            new Shape(shape.stream().mapToLong(Long::longValue).toArray()))));
            try (IValue list = IValue.listFrom(raw.toArray(PtNDArray[]::new))) {
                return IValueUtils.runMethod(script, TorchScriptProgram.PACK, list);
            }
        }
    }

    /** Runs every form of the pass: some processors can pack half-precision matrices but not multiply them. */
    private void selfTest() {
        int tokens = Math.min(2, architecture.maxTokens());
        TokenSequence sequence = new TokenSequence(new long[tokens], new long[tokens]);
        run(Architecture.FULL, List.of(sequence));
        run(Architecture.PADDED, List.of(sequence));
        int longer = architecture.maxTokens() > architecture.maxBatchedLength()
                ? architecture.maxBatchedLength() + 1
                : tokens;
        if (!architecture.functionFor(longer).equals(Architecture.FULL)) {
            run(List.of(new TokenSequence(new long[longer], new long[longer])));
        }
    }

    PtNDManager manager() {
        return manager;
    }

    Architecture architecture() {
        return architecture;
    }

    /** Returns the names of the checkpoint's tensors that the architecture does not have. */
    List<String> unusedTensors() {
        return unusedTensors;
    }

    Kernels kernels() {
        return kernels;
    }

    @Override
    public int labels() {
        return labels;
    }

    /**
     * Returns the logits of each sequence. Sequences that are too long for a batch are run one at a time.
     *
     * @throws IllegalStateException if this model is closed
     */
    @Override
    public float[][] logits(List<TokenSequence> batch) {
        if (closed.get()) {
            throw new IllegalStateException("CheckpointModel is closed");
        }
        Torch.prepareThread(threads);
        float[][] logits = new float[batch.size()][];
        List<Integer> together = new ArrayList<>();
        for (int row = 0; row < logits.length; row++) {
            if (batch.get(row).length() > architecture.maxBatchedLength()) {
                logits[row] = run(List.of(batch.get(row)))[0];
            } else {
                together.add(row);
            }
        }
        if (!together.isEmpty()) {
            float[][] rest = run(together.stream().map(batch::get).toList());
            for (int i = 0; i < rest.length; i++) {
                logits[together.get(i)] = rest[i];
            }
        }
        return logits;
    }

    private float[][] run(List<TokenSequence> sequences) {
        PaddedBatch batch = PaddedBatch.of(sequences, architecture.padTokenId());
        if (batch.isPadded()) {
            return run(Architecture.PADDED, batch);
        }
        return run(batch.rows() == 1 ? architecture.functionFor(batch.longest()) : Architecture.FULL, batch);
    }

    /** Returns the logits that the given function of the program computes. */
    float[][] run(String function, List<TokenSequence> sequences) {
        return run(function, PaddedBatch.of(sequences, architecture.padTokenId()));
    }

    private float[][] run(String function, PaddedBatch batch) {
        List<ByteBuffer> memory = aliased;
        // A model with a single token type has no embedding for the second text of a pair.
        long[] types = architecture.tokenTypes() > 1 ? batch.types() : new long[batch.types().length];
        try (PtNDManager scope = (PtNDManager) manager.newSubManager();
                IValue idsValue = IValue.from(Torch.longs(scope, batch.ids(), batch.shape()));
                IValue typesValue = IValue.from(Torch.longs(scope, types, batch.shape()));
                IValue lengthsValue = IValue.from(Torch.longs(scope, batch.lengths(), new Shape(batch.rows())));
                IValue result = IValueUtils.runMethod(program, function, idsValue, typesValue, lengthsValue, weights)) {
            return batch.rowsOf(result.toTensor(scope).toFloatArray()); // [B, labels]
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /**
     * Releases the packed weights and the program; nothing may be running. Mapped and converted memory is released by
     * the garbage collector. Further calls have no effect.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            weights.close();
            program.close();
            manager.close();
            aliased = List.of();
        }
    }
}
