package org.donotanswer.encoder;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.Provenance;

/**
 * A fine-tuned encoder with its heads: what fine-tuning changed, in a file of some megabytes, on top of a pretrained encoder
 * that an artifact of Maven Central brings. It contains no text, only weights. Immutable, hence thread-safe.
 *
 * <p>The weights are merged when they are asked for. The encoder's file, of 90 or 133 MB outside the heap, is read again if
 * the memory was wanted in between.
 */
public final class EncoderModel {
    private final EncoderModelFile file;
    private final EncoderBase base;
    private SoftReference<CheckpointWeights> baseWeights;

    private EncoderModel(EncoderModelFile file, EncoderBase base, CheckpointWeights baseWeights) {
        this.file = file;
        this.base = base;
        this.baseWeights = new SoftReference<>(baseWeights);
    }

    /**
     * Returns the model shipped with the library.
     *
     * @throws IllegalStateException if the encoder's artifact is not on the class path; its message says what to add
     * @throws ModelFormatException if the encoder is another than the model was trained from
     * @throws IOException if it cannot be read from the class path
     */
    public static EncoderModel shipped() throws IOException {
        return read(EncoderModelFile.openResource(), EncoderModelFile.RESOURCE);
    }

    /**
     * Returns the model stored in a file, which must not be changed while the model is in use.
     *
     * @throws IllegalStateException if the encoder's artifact is not on the class path; its message says what to add
     * @throws ModelFormatException if the file is damaged, of another kind or of a newer version, or the encoder is another
     *     than the model was trained from, as the message states
     * @throws IOException if the file cannot be read
     */
    public static EncoderModel load(Path file) throws IOException {
        return read(CheckpointWeights.openFile(Objects.requireNonNull(file, "file")), name(file));
    }

    private static EncoderModel read(CheckpointWeights weights, String where) throws IOException {
        EncoderMetadata metadata = EncoderMetadata.parse(weights.metadata(), where);
        EncoderBase base = EncoderBase.named(metadata.base())
                .orElseThrow(() -> new ModelFormatException("base must be an encoder that this version knows, but was '"
                        + metadata.base() + "' (" + where + ")"));
        return of(metadata, weights, base);
    }

    /** Returns the model in a file on a base. */
    static EncoderModel load(Path file, EncoderBase base) throws IOException {
        CheckpointWeights weights = CheckpointWeights.openFile(file);
        return of(EncoderMetadata.parse(weights.metadata(), name(file)), weights, base);
    }

    private static EncoderModel of(EncoderMetadata metadata, CheckpointWeights weights, EncoderBase base)
            throws IOException {
        CheckpointWeights baseWeights = base.weights(metadata.baseSha256());
        return new EncoderModel(EncoderModelFile.of(metadata, weights, baseWeights), base, baseWeights);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    /** Returns the encoder that was fine-tuned. */
    public EncoderArtifact base() {
        return base.artifact();
    }

    /** Returns the checksum of the encoder's file. */
    String baseSha256() {
        return file.metadata().baseSha256();
    }

    /** Returns the data and the settings that the model was trained with, and its figures. */
    public Provenance provenance() {
        return file.metadata().provenance();
    }

    /** Returns the heads in the order of their outputs. */
    public List<HeadKind> heads() {
        return file.metadata().heads();
    }

    /** Returns what the logits of each head are divided by before anything else. */
    public Map<HeadKind, Double> temperatures() {
        return file.metadata().temperatures();
    }

    /** Returns how an exchange is read. */
    public ReadingWindows windows() {
        return file.metadata().windows();
    }

    /** Returns how the logits become probabilities. */
    public SecondStage secondStage() {
        return file.metadata().secondStage();
    }

    /** Returns how they do in the norm of the Do-Not-Answer benchmark's annotators. */
    public SecondStage benchmarkStage() {
        return file.metadata().benchmarkStage();
    }

    /**
     * Returns the names of the tensors, sorted: those of Hugging Face's {@code BertModel}, {@code pooler.dense.weight} and
     * {@code .bias}, {@code classifier.weight} and {@code .bias}.
     */
    public Set<String> tensorNames() {
        return file.shapes().keySet();
    }

    /**
     * Returns the size of each dimension of a tensor; matrices are [outputs, inputs].
     *
     * @throws IllegalArgumentException if there is no such tensor
     */
    public List<Long> shape(String name) {
        List<Long> shape = file.shapes().get(Objects.requireNonNull(name, "name"));
        if (shape == null) {
            throw new IllegalArgumentException("name must be that of a tensor, but was " + name);
        }
        return shape;
    }

    /**
     * Returns the weights of a tensor in row-major order, in a new array.
     *
     * @throws IllegalArgumentException if there is no such tensor
     * @throws IOException if the encoder must be read again and cannot
     */
    public float[] tensor(String name) throws IOException {
        shape(name);
        return file.isWhole(name) ? file.wholeTensor(name) : file.tensor(name, baseWeights());
    }

    private synchronized CheckpointWeights baseWeights() throws IOException {
        CheckpointWeights weights = baseWeights.get();
        if (weights == null) {
            weights = base.weights(baseSha256());
            baseWeights = new SoftReference<>(weights);
        }
        return weights;
    }

    /** Lets the memory of the encoder's weights go: for whoever has copied them and needs them no more. */
    synchronized void releaseBase() {
        baseWeights.clear();
    }

    /** Returns the name and version of the model. */
    @Override
    public String toString() {
        return "EncoderModel[" + provenance().name() + " " + provenance().version() + "]";
    }
}
