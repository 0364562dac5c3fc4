package org.donotanswer.bench.cli;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.Output;
import org.donotanswer.internal.Sha256;

/**
 * The assessments of one evaluator in a file that a later command continues: a line for each exchange, without texts. The file
 * is replaced as a whole. Not thread-safe.
 */
final class TeacherLog {
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};
    private static final String EXCHANGE = "exchange";
    private static final int NAME_DIGITS = 16;

    private final Path file;
    private final Map<String, Assessment> assessments = new LinkedHashMap<>();

    private TeacherLog(Path file) {
        this.file = file;
    }

    /**
     * Opens the log of an evaluator in a directory, which is created if it does not exist.
     *
     * @throws IOException if the log exists and cannot be read, or the directory cannot be created
     */
    static TeacherLog open(Path directory, SafetyEvaluator evaluator) throws IOException {
        Files.createDirectories(directory);
        String identity = evaluator.name() + "\n"
                + JSON.writeValueAsString(evaluator.provenance().toJson());
        String digest = Sha256.of(identity.getBytes(StandardCharsets.UTF_8));
        TeacherLog log = new TeacherLog(directory.resolve("teacher-" + digest.substring(0, NAME_DIGITS) + ".jsonl"));
        if (Files.exists(log.file)) {
            log.read();
        }
        return log;
    }

    private void read() throws IOException {
        try (var lines = JSON.readerFor(MAP).<Map<String, Object>>readValues(file.toFile())) {
            while (lines.hasNextValue()) {
                Map<String, Object> line = lines.nextValue();
                if (line == null) {
                    throw new IOException("line must be a JSON object, but was null");
                }
                assessments.put(String.valueOf(line.get(EXCHANGE)), Assessment.fromJson(line));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("labels must be readable, but were not: delete the file (" + file + ")", e);
        }
    }

    /** Returns the assessment of an exchange if it is known. */
    Optional<Assessment> find(Exchange exchange) {
        return Optional.ofNullable(assessments.get(key(exchange)));
    }

    /** Adds assessments and writes the file. */
    void add(List<Exchange> exchanges, List<Assessment> found) throws IOException {
        for (int i = 0; i < found.size(); i++) {
            assessments.put(key(exchanges.get(i)), found.get(i));
        }
        try (Output output = Output.replacing(file)) {
            for (Map.Entry<String, Assessment> entry : assessments.entrySet()) {
                Map<String, Object> line = new LinkedHashMap<>(Map.of(EXCHANGE, entry.getKey()));
                line.putAll(entry.getValue().toJson());
                output.stream().write((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            output.commit();
        }
    }

    private static String key(Exchange exchange) {
        String text = exchange.instruction().length() + "\n" + exchange.instruction() + exchange.response();
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
