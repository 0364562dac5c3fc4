package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.internal.NameSuggestion;

/**
 * The encoder or classifier that a training starts from. Immutable, hence thread-safe.
 *
 * @param location where it is; a name of {@link #ENCODERS} alone is that encoder, whether there is such a directory or not
 */
record BaseModel(ModelLocation location) {
    /** How the help describes what a base may be. */
    static final String SYNTAX = "a directory in the layout of Hugging Face; " + ModelLocation.SYNTAX
            + ", a repository of its hub; or an encoder that comes with dna: minilm, bge-small or e5-small";

    private static final Map<String, EncoderArtifact> ENCODERS = encoders();
    private static final String CONFIG = "config.json";

    private static Map<String, EncoderArtifact> encoders() {
        Map<String, EncoderArtifact> encoders = new LinkedHashMap<>();
        encoders.put("minilm", EncoderArtifact.MINILM_L6);
        encoders.put("bge-small", EncoderArtifact.BGE_SMALL);
        encoders.put("e5-small", EncoderArtifact.E5_SMALL);
        return encoders;
    }

    /** Returns the encoder of the class path that it is, if so. */
    Optional<EncoderArtifact> encoder() {
        return Optional.ofNullable(ENCODERS.get(location.toString()));
    }

    /**
     * Checks what can be checked without reading it.
     *
     * @throws UsageException if only the configuration is wanted of what has no other purpose than its weights
     */
    void check(boolean fromScratch) {
        UsageException.require(
                !fromScratch
                        || (location instanceof ModelLocation.Local && encoder().isEmpty()),
                "--from-scratch must go with a directory as the base",
                "with " + location);
    }

    /**
     * Returns the directory of the base, after it was downloaded or written if need be.
     *
     * @param written where to write an encoder of the class path
     */
    Path locate(FineTuningEngine engine, Path written, Streams streams) throws IOException, InterruptedException {
        if (encoder().isPresent()) {
            Path directory = written.resolve(location.toString());
            // The configuration is written last.
            if (!Files.exists(directory.resolve(CONFIG))) {
                delete(directory);
                Files.createDirectories(written);
                engine.writeBase(encoder().get(), directory);
            }
            return directory;
        }
        if (location instanceof ModelLocation.Hosted hosted) {
            return ModelOpener.download(hosted, streams);
        }
        Path path = ((ModelLocation.Local) location).path();
        if (!Files.exists(path.resolve(CONFIG))) {
            throw new NoSuchFileException(
                    path.toString(),
                    null,
                    "base must be a directory with a " + CONFIG + ", " + ModelLocation.SYNTAX + ", minilm,"
                            + " bge-small or e5-small"
                            + NameSuggestion.suggestion(path.toString(), ENCODERS.keySet()));
        }
        return path;
    }

    /** Deletes a directory with all that it holds, if it exists. */
    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> entries = Files.walk(directory)) {
                for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(entry);
                }
            }
        }
    }

    @Override
    public String toString() {
        return location.toString();
    }
}
