package org.donotanswer.classifier.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.Provenance;

/**
 * A compact model of safety in one file: linear models of hashed features with a small second stage. It holds no text,
 * only weights at hashes. Train one with
 * {@code EmbeddedTrainer} in the package {@code training}; use it through an {@link EmbeddedEvaluator}. Immutable, hence thread-safe.
 */
public final class EmbeddedModel {
    private final ModelParameters parameters;
    private final Provenance provenance;

    private EmbeddedModel(ModelParameters parameters, Provenance provenance) {
        this.parameters = parameters;
        this.provenance = provenance;
    }

    /** Returns a model with parameters that a trainer has learnt. */
    public static EmbeddedModel of(ModelParameters parameters, Provenance provenance) {
        return new EmbeddedModel(
                Objects.requireNonNull(parameters, "parameters"), Objects.requireNonNull(provenance, "provenance"));
    }

    /**
     * Returns the model in a file.
     *
     * @throws ModelFormatException if the file is damaged, of another kind or of a newer version; the message says which
     * @throws IOException if the file cannot be read
     */
    public static EmbeddedModel load(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        return ModelFile.read(file);
    }

    /**
     * Returns the model that comes with the library.
     *
     * @throws IOException if it cannot be read from the class path
     */
    public static EmbeddedModel shipped() throws IOException {
        try (InputStream stream = EmbeddedModel.class.getResourceAsStream(ModelFile.RESOURCE)) {
            if (stream == null) {
                throw new ModelFormatException(
                        "class path must have the embedded model, but was without it (" + ModelFile.RESOURCE + ")");
            }
            return ModelFile.read(stream.readAllBytes(), ModelFile.RESOURCE);
        }
    }

    /**
     * Writes the model to a file, under a temporary name first. The bytes depend on nothing but the model.
     *
     * @throws IOException if the file cannot be written
     */
    public void save(Path file) throws IOException {
        Objects.requireNonNull(file, "file");
        ModelFile.write(this, file);
    }

    /** Returns what the model was trained on, and how. */
    public Provenance provenance() {
        return provenance;
    }

    ModelParameters parameters() {
        return parameters;
    }
}
