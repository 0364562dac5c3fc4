package org.donotanswer.classifier.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.Provenance;

/**
 * A compact safety model in one file: linear models of hashed features with a small second stage. It contains no text,
 * only weights by hash. {@code EmbeddedTrainer} in the package {@code training} trains a model; {@link EmbeddedEvaluator}
 * evaluates with it. Immutable, hence thread-safe.
 */
public final class EmbeddedModel {
    private final ModelParameters parameters;
    private final Provenance provenance;

    private EmbeddedModel(ModelParameters parameters, Provenance provenance) {
        this.parameters = parameters;
        this.provenance = provenance;
    }

    /** Returns a model with trained parameters. Meant for the trainer. */
    public static EmbeddedModel of(ModelParameters parameters, Provenance provenance) {
        return new EmbeddedModel(
                Objects.requireNonNull(parameters, "parameters"), Objects.requireNonNull(provenance, "provenance"));
    }

    /**
     * Returns the model stored in a file.
     *
     * @throws ModelFormatException if the file is damaged, of another kind or of a newer version, as the message states
     * @throws IOException if the file cannot be read
     */
    public static EmbeddedModel load(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        return ModelFile.read(file);
    }

    /**
     * Returns the model shipped with the library.
     *
     * @throws IOException if it cannot be read from the class path
     */
    public static EmbeddedModel shipped() throws IOException {
        try (InputStream stream = EmbeddedModel.class.getResourceAsStream(ModelFile.RESOURCE)) {
            if (stream == null) {
                throw new ModelFormatException(
                        "class path must contain the embedded model, but did not (" + ModelFile.RESOURCE + ")");
            }
            return ModelFile.read(stream.readAllBytes(), ModelFile.RESOURCE);
        }
    }

    /**
     * Writes the model to a stream, as {@link #save} does to a file.
     *
     * @param out not closed
     * @throws IOException if the stream cannot be written
     */
    public void writeTo(OutputStream out) throws IOException {
        out.write(ModelFile.bytes(this));
    }

    /**
     * Writes the model to a file, replacing it atomically. The bytes depend on the model alone.
     *
     * @throws IOException if the file cannot be written
     */
    public void save(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        ModelFile.write(this, file);
    }

    /**
     * Returns how many bytes each part takes in the model's file, by its name: the weights of features of responses (actions,
     * refusals), of instructions (risk, harm type and as context), and of harm; and all else.
     */
    public Map<String, Integer> partBytes() {
        try {
            return Collections.unmodifiableMap(ModelPayload.partBytes(this));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the data and hyperparameters that the model was trained with. */
    public Provenance provenance() {
        return provenance;
    }

    /** Returns the name and version of the model. */
    @Override
    public String toString() {
        return "EmbeddedModel[" + provenance.name() + " " + provenance.version() + "]";
    }

    ModelParameters parameters() {
        return parameters;
    }
}
