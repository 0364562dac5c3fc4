package org.donotanswer.bench.quality;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.internal.Sha256;

/**
 * A trainer whose models are directories, which take long to make. Each fold has a directory of its own:
 *
 * <pre>fold.json            the settings, and a checksum of the examples
 *classifier/          what the training writes, from which it resumes
 *predictions.jsonl    the predictions of the model, without texts; with them, a fold is done</pre>
 *
 * <p>A fold that was begun with other settings or examples is an error. Thread-safe if the trainer is.
 */
public final class FoldDirectories implements ModelTrainer {
    private static final int MAX_NAME_LENGTH = 80;

    private final FoldTrainer trainer;
    private final Map<String, String> settings;
    private final Path directory;

    /** Trains models in directories, or continues to. */
    @FunctionalInterface
    public interface FoldTrainer {
        /**
         * Returns the model in the directory, after it was trained if need be.
         *
         * @param fold the name of the fold, for messages
         * @param directory new, or what an earlier call with the same arguments left
         * @throws IOException if the model cannot be trained, written or read
         * @throws InterruptedException if the thread is interrupted
         */
        SafetyEvaluator train(String fold, List<TrainingExample> examples, long seed, Path directory)
                throws IOException, InterruptedException;
    }

    private FoldDirectories(FoldTrainer trainer, Map<String, String> settings, Path directory) {
        this.trainer = trainer;
        this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        this.directory = directory;
    }

    /**
     * Returns a trainer.
     *
     * @param settings what the models depend on beside the examples and the seed, by name
     * @param directory the directory of all folds
     */
    public static FoldDirectories of(FoldTrainer trainer, Map<String, String> settings, Path directory) {
        return new FoldDirectories(trainer, settings, directory);
    }

    @Override
    public SafetyEvaluator train(List<TrainingExample> examples, long seed) {
        return train("fold", examples, seed);
    }

    /**
     * Returns an evaluator that writes its predictions to the fold's file when it is closed.
     *
     * @throws UncheckedIOException if the fold was begun with other settings or examples, or cannot be trained, read or
     *     written
     * @throws IllegalStateException if the thread is interrupted
     */
    @Override
    public SafetyEvaluator train(String fold, List<TrainingExample> examples, long seed) {
        try {
            Path home = directory(fold);
            Files.createDirectories(home);
            Map<String, String> wanted = new LinkedHashMap<>(settings);
            wanted.put("examples", Fingerprint.ofTraining("", examples, seed));
            SettingsFile.begin(home.resolve("fold.json"), "fold", wanted);
            return RecordedEvaluator.open(
                    home.resolve("predictions.jsonl"), () -> trained(fold, examples, seed, home.resolve("classifier")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SafetyEvaluator trained(String fold, List<TrainingExample> examples, long seed, Path home) {
        try {
            return trainer.train(fold, examples, seed, home);
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(e.getMessage() + " (fold " + fold + ")", e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Returns the directory of a fold. Names that no file can have are replaced, so that no two are alike. */
    private Path directory(String fold) {
        Path found = directory;
        for (String part : fold.split("/", -1)) {
            String name = part.replaceAll("[^A-Za-z0-9._-]", "_");
            boolean isSafe = name.equals(part) && name.length() <= MAX_NAME_LENGTH && !name.startsWith(".");
            String sum = Sha256.of(part.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
            found = found.resolve(
                    isSafe ? name : "_" + name.substring(0, Math.min(name.length(), MAX_NAME_LENGTH)) + "-" + sum);
        }
        return found;
    }
}
