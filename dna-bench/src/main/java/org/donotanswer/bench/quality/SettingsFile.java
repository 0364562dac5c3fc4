package org.donotanswer.bench.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.donotanswer.harness.io.Output;

/** The settings with which something began that may be resumed, in a file beside it. Stateless, hence thread-safe. */
public final class SettingsFile {
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};

    private SettingsFile() {}

    /**
     * Writes the settings, or compares them with those that are there. One that is missing is as one that is empty.
     *
     * @param begun what began with them, in messages
     * @param settings by name
     * @throws IOException if they differ, or the file cannot be read or written
     */
    public static void begin(Path file, String begun, Map<String, String> settings) throws IOException {
        if (!Files.exists(file)) {
            try (Output output = Output.replacing(file)) {
                output.stream().write((JSON.writeValueAsString(settings) + "\n").getBytes(StandardCharsets.UTF_8));
                output.commit();
            }
            return;
        }
        Map<String, String> found = read(file);
        TreeSet<String> names = new TreeSet<>(found.keySet());
        names.addAll(settings.keySet());
        names.removeIf(name -> Objects.equals(settings.getOrDefault(name, ""), found.getOrDefault(name, "")));
        if (!names.isEmpty()) {
            throw new IOException("settings must be those with which the " + begun + " began, but differ in "
                    + String.join(", ", names) + " (" + file + "); use another directory or the same settings");
        }
    }

    private static Map<String, String> read(Path file) throws IOException {
        try {
            // A file that says null has no settings.
            return Objects.requireNonNullElse(JSON.readValue(file.toFile(), MAP), Map.of());
        } catch (JsonProcessingException | CharConversionException e) {
            throw new IOException(
                    "settings must be a JSON object of strings, but were not (" + file + "); use another directory", e);
        }
    }
}
