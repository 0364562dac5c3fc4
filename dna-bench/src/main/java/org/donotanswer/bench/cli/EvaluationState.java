package org.donotanswer.bench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.donotanswer.harness.io.Output;
import org.jspecify.annotations.Nullable;

/**
 * How far an evaluation of files has got, in a file beside the output. Immutable but for its counts, hence not thread-safe.
 *
 * @param version of this format
 * @param settings what must be the same when the evaluation is continued, by name
 * @param part the index of the output that is being written
 * @param position where the next exchange of that output is
 * @param bytes how many bytes of the output are durable and before the position
 * @param isWhole whether these are all, so that the output only needs its name
 * @param counts the counts of what is before the position, in all outputs
 */
record EvaluationState(
        int version,
        Map<String, String> settings,
        int part,
        ChunkEvaluation.Position position,
        long bytes,
        boolean isWhole,
        EvaluationCounts counts) {
    /** The end of the name of the file. */
    static final String EXTENSION = ".state";

    private static final int VERSION = 1;
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final ObjectReader READER = MAPPER.readerFor(EvaluationState.class);
    private static final ObjectWriter WRITER = MAPPER.writerWithDefaultPrettyPrinter();
    private static final int MAX_LISTED = 5;

    /** Returns the state before anything is evaluated. */
    static EvaluationState beginning(Map<String, String> settings) {
        return new EvaluationState(
                VERSION, settings, 0, ChunkEvaluation.Position.BEGINNING, 0, false, new EvaluationCounts());
    }

    EvaluationState at(ChunkEvaluation.Position next, long durable) {
        return new EvaluationState(version, settings, part, next, durable, false, counts);
    }

    EvaluationState whole(ChunkEvaluation.Position next, long durable) {
        return new EvaluationState(version, settings, part, next, durable, true, counts);
    }

    EvaluationState nextPart() {
        return new EvaluationState(version, settings, part + 1, ChunkEvaluation.Position.BEGINNING, 0, false, counts);
    }

    /**
     * Reads a state.
     *
     * @throws IOException if it cannot be read, or is none of this version
     */
    static EvaluationState read(Path file) throws IOException {
        try {
            EvaluationState state = READER.readValue(Files.readAllBytes(file));
            if (state != null && state.isUsable()) {
                return state;
            }
        } catch (JsonProcessingException | CharConversionException e) {
            // A file that a failing disk left full of zeros is taken for UTF-32.
            throw unusable(file, e);
        }
        throw unusable(file, null);
    }

    private boolean isUsable() {
        return version == VERSION
                && settings != null
                && counts != null
                && position != null
                && position.file() >= 0
                && position.rows() >= 0
                && part >= 0
                && bytes >= 0;
    }

    private static IOException unusable(Path file, @Nullable Exception cause) {
        return new IOException(
                "state must be one of this version, but was not (" + file + "); start again by --overwrite", cause);
    }

    /** Writes the state durably. */
    void write(Path file) throws IOException {
        try (Output output = Output.replacing(file)) {
            output.stream().write(WRITER.writeValueAsBytes(this));
            output.commitToDisk();
        }
    }

    /** Returns the names of settings that are different, in one line; empty if there are none. */
    Optional<String> differences(Map<String, String> others) {
        TreeSet<String> names = new TreeSet<>(settings.keySet());
        names.addAll(others.keySet());
        names.removeIf(name -> Objects.equals(settings.get(name), others.get(name)));
        if (names.isEmpty()) {
            return Optional.empty();
        }
        String listed = String.join(", ", names.stream().limit(MAX_LISTED).toList());
        return Optional.of(
                names.size() > MAX_LISTED ? listed + " and " + (names.size() - MAX_LISTED) + " more" : listed);
    }
}
