package org.donotanswer.bench.encoder;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.harness.io.Output;

/**
 * The directory of a training, which continues from what it finds there:
 *
 * <pre>settings.json           the settings, and the checksums of the data
 *base/                   the pretrained encoder
 *fold-N/classifier/      the encoder of a fold, or the state of its training
 *fold-N/embedded.dna     the embedded model of the fold
 *fold-N/exchanges.jsonl  what both say of the examples that the fold left out
 *final/pass-N/           the encoder after pass N over all sources, from 1; the last is the result
 *final/embedded.dna      the embedded model that was trained on the same examples
 *final/exchanges.jsonl   what both say of the examples that were held out of that training</pre>
 *
 * Immutable, hence thread-safe.
 */
record WorkDirectory(Path directory) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};
    private static final String CONFIG = "config.json";

    /**
     * Writes the settings, or compares them with those that are there.
     *
     * @throws IOException if they differ, or a file cannot be read or written
     */
    void begin(Map<String, String> settings) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("settings.json");
        if (!Files.exists(file)) {
            try (Output output = Output.replacing(file)) {
                output.stream().write((JSON.writeValueAsString(settings) + "\n").getBytes(StandardCharsets.UTF_8));
                output.commit();
            }
            return;
        }
        // A file that says null has no settings.
        Map<String, String> found = Objects.requireNonNullElse(JSON.readValue(file.toFile(), MAP), Map.of());
        TreeSet<String> names = new TreeSet<>(found.keySet());
        names.addAll(settings.keySet());
        names.removeIf(name -> settings.getOrDefault(name, "").equals(found.getOrDefault(name, "")));
        if (!names.isEmpty()) {
            throw new IOException("settings must be those with which the training began, but differ in "
                    + String.join(", ", names) + " (" + file + "); use another directory or the same settings");
        }
    }

    /** Returns the directory of a fold, which is made if there is none. */
    Path fold(int fold) throws IOException {
        return Files.createDirectories(directory.resolve("fold-" + fold));
    }

    /** Returns the directory of the training on all sources, which is made if there is none. */
    Path whole() throws IOException {
        return Files.createDirectories(directory.resolve("final"));
    }

    /** Returns whether a training has ended. */
    static boolean isTrained(Path classifier) {
        return Files.exists(classifier.resolve(CONFIG)) && !Files.exists(classifier.resolve(FineTuner.STATE_DIRECTORY));
    }
}
