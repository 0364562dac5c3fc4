package org.donotanswer.classifier.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.WeightSource;
import org.jspecify.annotations.Nullable;

/**
 * A transformer with classification heads whose weights can be trained: it computes losses, gradients and steps of AdamW
 * on PyTorch. What to train on, and when, is up to its caller. Not thread-safe; several in one process are independent.
 *
 * <p>Dimensions: B sequences, N outputs of all heads together.
 */
public final class TrainableClassifier implements AutoCloseable {
    private static final String METHOD = "module_method:";

    private final ClassifierSetup setup;
    private final TrainableModel model;
    private final @Nullable CheckpointTokenizer tokenizer;
    private final int threads;
    private final PtNDManager manager;
    private final PtSymbolBlock training;
    private final PtSymbolBlock inference;

    private final TrainingWeights weights;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TrainableClassifier(ClassifierSetup setup, TrainableModel model, @Nullable CheckpointTokenizer tokenizer)
            throws IOException {
        this.setup = setup;
        this.model = model;
        this.tokenizer = tokenizer;
        threads = setup.threads();
        manager = Torch.manager();
        Torch.prepareThread(threads);
        training = script(model.program().trainingSource());
        inference = script(model.program().inferenceSource());
        weights = new TrainingWeights(model, manager, threads);
    }

    private PtSymbolBlock script(String source) throws IOException {
        return JniUtils.loadModule(manager, new ByteArrayInputStream(TorchScriptArchive.of(source)), false, false);
    }

    /** Opens the classifier of a setup. */
    static TrainableClassifier open(ClassifierSetup setup) throws IOException {
        TrainableModel model = ClassifierStart.prepare(setup);
        CheckpointTokenizer tokenizer = tokenizer(setup, model);
        boolean opened = false;
        try {
            TrainableClassifier classifier = new TrainableClassifier(setup, model, tokenizer);
            opened = true;
            return classifier;
        } finally {
            if (!opened && tokenizer != null) {
                tokenizer.close();
            }
        }
    }

    /** Returns the tokenizer of the base; null if it has none, so that only token ids can be given. */
    private static @Nullable CheckpointTokenizer tokenizer(ClassifierSetup setup, TrainableModel model)
            throws IOException {
        if (!Files.exists(setup.base().resolve(TokenizerFile.NAME))) {
            return null;
        }
        int limit = model.architecture().maxTokens();
        int maxTokens = setup.maxTokens().orElse(limit);
        if (maxTokens > limit) {
            throw new IllegalArgumentException(
                    "maxTokens must be at most " + limit + ", the positions of the base, but was " + maxTokens);
        }
        CheckpointTokenizer tokenizer = CheckpointTokenizer.open(
                setup.base(),
                TokenizerOptions.builder()
                        .maxTokens(maxTokens)
                        .format(setup.format())
                        .windows(setup.windows(), setup.windowOverlap())
                        .build());
        int vocabulary = model.architecture().vocabularySize();
        if (tokenizer.vocabularySize() > vocabulary) {
            int found = tokenizer.vocabularySize();
            tokenizer.close();
            throw new CheckpointException("number of tokens of tokenizer.json must be at most vocab_size (" + vocabulary
                    + "), but was " + found + " (" + setup.base() + ")");
        }
        return tokenizer;
    }

    /** Returns the tokens of an exchange, cut to the maximum number of tokens of each window. */
    public EncodedText encode(String instruction, String response) {
        requireOpen();
        return tokenizer().encode(instruction, response);
    }

    /** Returns whether an exchange has the text that the classifier reads. */
    public boolean reads(String instruction, String response) {
        return switch (setup.format()) {
            case RESPONSE_ONLY -> !response.isBlank();
            case INSTRUCTION_ONLY -> !instruction.isBlank();
            case PAIR, SEPARATED_STRING -> !instruction.isBlank() || !response.isBlank();
        };
    }

    private CheckpointTokenizer tokenizer() {
        if (tokenizer == null) {
            throw new IllegalStateException("base must have tokenizer.json, but had none (" + setup.base() + ")");
        }
        return tokenizer;
    }

    /** Returns the maximum number of tokens of a sequence, including special tokens. */
    public int maxTokens() {
        return tokenizer().maxTokens();
    }

    /** Returns the heads in the order of their outputs; empty if they are those of the base. */
    public List<HeadKind> heads() {
        return setup.heads();
    }

    /** Returns what a user should know of the start, one sentence each, such as which weights start at random. */
    public List<String> remarks() {
        return model.remarks();
    }

    /** Returns the number of outputs of all heads together. */
    public int outputs() {
        return model.outputs();
    }

    /** Returns the names of the weights that are trained, in the order of the program. */
    public List<String> trainedNames() {
        return weights.trainedNames();
    }

    /** Returns the number of weights that are trained, over all tensors. */
    public long trainedElements() {
        return weights.trainedElements();
    }

    /**
     * Sets the seed of the dropout of all calls that follow. Calls that follow the same seed drop the same elements.
     */
    public void seed(long seed) {
        JniUtils.setSeed(seed);
    }

    /**
     * Adds the gradients of the loss to the sums, and returns the loss: minus the sum over sequences and outputs of
     * {@code target * log(probability)}, where each head's probabilities are a softmax over its outputs. Weights of
     * classes, sources and heads, label smoothing and the mean over a batch are part of the targets.
     *
     * @param batch B sequences, at least one
     * @param targets [B][N]; zero for the outputs of a head without label
     */
    public double addGradients(List<TokenSequence> batch, float[][] targets) {
        requireOpen();
        PaddedBatch padded = PaddedBatch.of(batch, model.architecture().padTokenId());
        Torch.prepareThread(threads);
        try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
            NDList inputs = inputs(scope, padded);
            PtNDArray target = Torch.floats(scope, bytes(targets), new Shape(padded.rows(), model.outputs()));
            target.setName("targets");
            inputs.add(target);
            inputs.addAll(weights.all());
            inputs.addAll(weights.sums());
            PtNDArray method = (PtNDArray) scope.create(0f);
            method.setName(METHOD + TrainingProgram.GRADIENTS);
            inputs.add(method);
            // Gradients are recorded in training mode only. The results belong to the manager of the first input.
            Torch.prepareTraining(true);
            try (NDList result = IValueUtils.forward(training, inputs, true)) {
                return result.get(0).getFloat();
            } finally {
                Torch.prepareTraining(false);
            }
        }
    }

    private NDList inputs(PtNDManager scope, PaddedBatch padded) {
        long[] types = model.architecture().tokenTypes() > 1 ? padded.types() : new long[padded.types().length];
        NDList inputs = new NDList();
        PtNDArray ids = Torch.longs(scope, padded.ids(), padded.shape());
        ids.setName("ids");
        PtNDArray typeIds = Torch.longs(scope, types, padded.shape());
        typeIds.setName("types");
        PtNDArray lengths = Torch.longs(scope, padded.lengths(), new Shape(padded.rows()));
        lengths.setName("lengths");
        inputs.add(ids);
        inputs.add(typeIds);
        inputs.add(lengths);
        return inputs;
    }

    private static ByteBuffer bytes(float[][] rows) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(rows.length * rows[0].length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) {
            for (float value : row) {
                bytes.putFloat(value);
            }
        }
        return bytes.flip();
    }

    /** Returns the norm of all summed gradients together (the 2-norm of the vector of all of them). */
    public double gradientNorm() {
        return norm(weights.sums());
    }

    /** Returns the norm of all weights that are trained; it is not finite if one of them is not. */
    public double weightNorm() {
        return norm(weights.trained());
    }

    private double norm(List<PtNDArray> arrays) {
        requireOpen();
        Torch.prepareThread(threads);
        try (IValue list = list(arrays);
                IValue norm = IValueUtils.runMethod(inference, TrainingProgram.NORM, list);
                NDArray value = norm.toTensor(manager)) {
            return value.getFloat();
        }
    }

    /**
     * Changes the weights by one step of AdamW, and sets the sums of the gradients to zero.
     *
     * @param step the number of this step, from 1
     * @param rate the learning rate
     * @param factor by which the gradients are multiplied first, for example to clip their norm
     */
    public void update(AdamW optimizer, long step, double rate, double factor) {
        requireOpen();
        Torch.prepareThread(threads);
        double correction1 = 1 - Math.pow(optimizer.beta1(), (double) step);
        double correction2 = 1 - Math.pow(optimizer.beta2(), (double) step);
        double[] scales = {
            factor,
            1 - rate * optimizer.weightDecay(),
            1 - optimizer.beta1(),
            optimizer.beta2(),
            1 - optimizer.beta2(),
            Math.sqrt(correction2),
            optimizer.epsilon(),
            -rate / correction1
        };
        List<IValue> arguments = new ArrayList<>();
        try {
            for (List<PtNDArray> list : List.of(weights.trained(), weights.sums(), weights.first(), weights.second())) {
                arguments.add(list(list));
            }
            for (double scale : scales) {
                arguments.add(IValue.from(scale));
            }
            IValueUtils.runMethod(inference, TrainingProgram.UPDATE, arguments.toArray(IValue[]::new))
                    .close();
        } finally {
            arguments.forEach(IValue::close);
        }
    }

    /** Returns the summed gradients of the weights that are trained, by name. */
    Map<String, float[]> gradients() {
        requireOpen();
        return weights.gradients();
    }

    /** Returns the number of the engine's arrays that exist for this classifier. */
    int heldArrays() {
        return manager.getManagedArrays().size();
    }

    /** Returns the logits of each sequence, without dropout: [B][N]. */
    public float[][] logits(List<TokenSequence> batch) {
        requireOpen();
        PaddedBatch padded = PaddedBatch.of(batch, model.architecture().padTokenId());
        Torch.prepareThread(threads);
        try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
            NDList inputs = inputs(scope, padded);
            try (IValue ids = IValue.from((PtNDArray) inputs.get(0));
                    IValue types = IValue.from((PtNDArray) inputs.get(1));
                    IValue lengths = IValue.from((PtNDArray) inputs.get(2));
                    IValue list = list(weights.all());
                    IValue result =
                            IValueUtils.runMethod(inference, TrainingProgram.LOGITS, ids, types, lengths, list)) {
                return padded.rowsOf(result.toTensor(scope).toFloatArray());
            }
        }
    }

    private static IValue list(List<PtNDArray> arrays) {
        return IValue.listFrom(arrays.toArray(PtNDArray[]::new));
    }

    /**
     * Returns the state of the training as tensors: the weights that are trained under their names, and the two moments of
     * AdamW under {@code first.NAME} and {@code second.NAME}. They are read when they are written.
     */
    public Map<String, WeightSource> state() {
        requireOpen();
        return weights.state();
    }

    /** Returns the weights that are trained, by name. They are read when they are written. */
    public Map<String, WeightSource> trainedWeights() {
        requireOpen();
        return weights.trainedByName();
    }

    /**
     * Sets tensors that {@link #state} or {@link #trainedWeights} returned.
     *
     * @throws IllegalArgumentException if a tensor is missing or has another number of elements
     */
    public void restore(Map<String, float[]> state, boolean withMoments) {
        requireOpen();
        weights.restore(state, withMoments);
    }

    /**
     * Returns all weights of the classifier under the reference's names, with low-rank changes added to their matrices: what
     * belongs into {@code model.safetensors}. They are read when they are written.
     */
    public Map<String, WeightSource> mergedWeights() {
        requireOpen();
        return weights.merged();
    }

    /** Returns the content of {@code config.json} of the classifier: that of the base, with its own class, labels and heads. */
    public String config() throws IOException {
        return JsonFile.write(model.config());
    }

    TrainableModel model() {
        return model;
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("TrainableClassifier is closed");
        }
    }

    /** Releases all memory of the engine. Further calls have no effect. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            training.close();
            inference.close();
            manager.close();
            if (tokenizer != null) {
                tokenizer.close();
            }
        }
    }

    /**
     * The optimizer's constants. Immutable, hence thread-safe.
     *
     * @param weightDecay for all weights but biases and those of layer normalisation
     */
    public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) {
        /** PyTorch's defaults for all but the weight decay, which is .01. */
        public static final AdamW DEFAULT = new AdamW(0.9, 0.999, 1e-8, 0.01);

        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a constant is out of range
         */
        public AdamW {
            requireIn("beta1", beta1, 0, 1);
            requireIn("beta2", beta2, 0, 1);
            requireIn("weightDecay", weightDecay, 0, 10);
            if (!(epsilon > 0 && epsilon <= 1)) {
                throw new IllegalArgumentException("epsilon must be above 0 and at most 1, but was " + epsilon);
            }
        }

        private static void requireIn(String name, double value, double min, double max) {
            if (!(value >= min && value < max)) {
                throw new IllegalArgumentException(
                        name + " must be at least " + min + " and below " + max + ", but was " + value);
            }
        }
    }
}
