package org.donotanswer.classifier.finetune;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.donotanswer.classifier.transformer.TrainableClassifier;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.SafetensorsWriter;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.internal.TemporaryFile;

/**
 * The state of a training in a directory: {@code state.json} says how far it is and names the files with the weights. Those
 * are written under new names first and the old ones deleted last, so that a process that is killed anywhere leaves a whole
 * state. Not thread-safe.
 */
final class TrainingState {
    private static final String FILE = "state.json";
    private static final String FINISHED = ".finished";
    static final int VERSION = 1;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final Path directory;

    /**
     * How far a training is.
     *
     * @param version of the format
     * @param fingerprint tells trainings apart
     * @param step the number of steps that were taken
     * @param epochLoss the sum of the losses of the epoch's steps
     * @param epochs the figures of the epochs that ended
     * @param bestEpoch the number of the best epoch, 0 if none ended
     * @param weights the name of the file with weights and moments
     * @param best the name of the file with the weights of the best epoch; empty if none ended
     */
    record Point(
            int version,
            String fingerprint,
            int step,
            double epochLoss,
            List<EpochFigures> epochs,
            int bestEpoch,
            String weights,
            String best) {
        private static final Pattern WEIGHTS = Pattern.compile("state-\\d+\\.safetensors");
        private static final Pattern BEST = Pattern.compile("(?:best-\\d+\\.safetensors)?");

        private static void requireFile(String name, String file, Pattern pattern) {
            if (!pattern.matcher(file).matches()) {
                throw new IllegalArgumentException(name + " must be a file of the state, but was another");
            }
        }

        Point {
            Objects.requireNonNull(fingerprint, "fingerprint");
            epochs = List.copyOf(epochs);
            requireFile("weights", weights, WEIGHTS);
            requireFile("best", best, BEST);
        }
    }

    TrainingState(Path directory) {
        this.directory = directory;
    }

    /**
     * Returns the point at which a training was saved; empty if there is none.
     *
     * @throws IOException if the state cannot be read, or is of another training
     */
    Optional<Point> read(String fingerprint) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Point point;
        try {
            point = JSON.readValue(file.toFile(), Point.class);
        } catch (JsonProcessingException | CharConversionException e) {
            throw new CheckpointException("state of the training must be JSON, but was malformed (" + file + ")", e);
        }
        if (point == null) {
            throw new CheckpointException("state of the training must be a JSON object, but was null (" + file + ")");
        }
        if (point.version() != VERSION) {
            throw new CheckpointException(
                    "version of the state must be " + VERSION + ", but was " + point.version() + " (" + file + ")");
        }
        if (!point.fingerprint().equals(fingerprint)) {
            throw new CheckpointException("state must be of the same base, data and settings, but was of others ("
                    + file + "); to start anew, delete " + directory);
        }
        return Optional.of(point);
    }

    /** Restores the weights and moments of a point. */
    void restore(TrainableClassifier classifier, Point point) throws IOException {
        classifier.restore(tensors(point.weights()), true);
    }

    /** Restores the weights of the best epoch. */
    void restoreBest(TrainableClassifier classifier, Point point) throws IOException {
        classifier.restore(tensors(point.best()), false);
    }

    private Map<String, float[]> tensors(String file) throws IOException {
        Map<String, float[]> tensors = new LinkedHashMap<>();
        try (CheckpointWeights weights = CheckpointWeights.openFile(directory.resolve(file))) {
            for (String name : weights.names()) {
                tensors.put(name, weights.tensor(name).toFloats());
            }
        }
        return tensors;
    }

    /** Saves the weights of the best epoch so far, and returns the name of the file. */
    String saveBest(TrainableClassifier classifier, int epoch) throws IOException {
        String name = "best-" + epoch + ".safetensors";
        write(name, classifier.trainedWeights());
        return name;
    }

    /** Returns the name of the file with the weights and moments after a step. */
    static String weightsFile(int step) {
        return "state-" + step + ".safetensors";
    }

    /** Saves a point with the classifier's weights and moments, and deletes the files of earlier points. */
    void save(TrainableClassifier classifier, Point point) throws IOException {
        write(point.weights(), classifier.state());
        try (TemporaryFile temporary = TemporaryFile.create(directory.resolve(FILE))) {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(point));
            while (bytes.hasRemaining()) {
                temporary.channel().write(bytes);
            }
            temporary.replace();
        }
        deleteAllBut(List.of(FILE, point.weights(), point.best()));
    }

    private void write(String name, Map<String, WeightSource> tensors) throws IOException {
        SafetensorsWriter.write(directory.resolve(name), tensors, Map.of());
    }

    private void deleteAllBut(List<String> kept) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "{best,state}-*.safetensors")) {
            for (Path file : files) {
                if (!kept.contains(String.valueOf(file.getFileName()))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /**
     * Deletes the directory with all that it holds. It gets another name first, so that a process that is killed leaves either
     * a whole state or none.
     */
    void delete() throws IOException {
        Path finished = directory.resolveSibling(directory.getFileName() + FINISHED);
        deleteAll(finished);
        Files.move(directory, finished, StandardCopyOption.ATOMIC_MOVE);
        deleteAll(finished);
    }

    private static void deleteAll(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> entries;
        try (Stream<Path> all = Files.walk(directory)) {
            entries = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : entries) {
            Files.deleteIfExists(entry);
        }
    }
}
