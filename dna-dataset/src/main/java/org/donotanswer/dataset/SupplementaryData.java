package org.donotanswer.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Data beside the benchmark, in which every question is risky: harmless exchanges, further risky instructions, and pairs
 * of answers ranked by people. A directory may lack some of the files; {@link #checksums()} tells which it has.
 *
 * <pre>benign_exchanges.jsonl        everyday instructions, answered by LLMs
 *benign_hard_exchanges.jsonl   harmless questions with alarming words, answered by people
 *risky_instructions.jsonl      risky instructions without answers
 *hh_harmless_pairs.jsonl       red-team conversations with two last answers</pre>
 *
 * <p>Everything is in the order of its file. Immutable, hence thread-safe.
 */
public final class SupplementaryData {
    private static final String BENIGN = "benign_exchanges.jsonl";
    private static final String BENIGN_HARD = "benign_hard_exchanges.jsonl";
    private static final String RISKY = "risky_instructions.jsonl";
    private static final String PAIRS = "hh_harmless_pairs.jsonl";

    private final Map<String, String> checksums = new LinkedHashMap<>();
    private final List<BenignExchange> benignExchanges;
    private final List<BenignExchange> hardBenignExchanges;
    private final List<RiskyInstruction> riskyInstructions;
    private final List<PreferencePair> preferencePairs;

    private SupplementaryData(Path directory) throws IOException {
        benignExchanges = read(directory, BENIGN, SupplementaryData::benignExchange);
        hardBenignExchanges = read(directory, BENIGN_HARD, SupplementaryData::benignExchange);
        riskyInstructions = read(directory, RISKY, SupplementaryData::riskyInstruction);
        preferencePairs = read(directory, PAIRS, SupplementaryData::preferencePair);
        if (checksums.isEmpty()) {
            throw new DatasetFormatException(
                    "directory must hold one of " + List.of(BENIGN, BENIGN_HARD, RISKY, PAIRS)
                            + ", but was without any",
                    directory,
                    0,
                    null);
        }
    }

    /** What makes a value of a line. */
    private interface Parser<T> {
        T parse(JsonLines.Line line) throws DatasetFormatException;
    }

    /**
     * Returns the data in a directory.
     *
     * @throws DatasetFormatException if a line is broken or lacks a field, or the directory has none of the files
     * @throws IOException if a file cannot be read
     */
    public static SupplementaryData load(Path directory) throws IOException {
        Objects.requireNonNull(directory, "directory");
        if (!Files.exists(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        return new SupplementaryData(directory);
    }

    private <T> List<T> read(Path directory, String name, Parser<T> parser) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        JsonLines lines = JsonLines.read(file);
        List<T> values = new ArrayList<>();
        for (JsonLines.Line line : lines.lines()) {
            values.add(parser.parse(line));
        }
        checksums.put(name, lines.sha256());
        return List.copyOf(values);
    }

    private static BenignExchange benignExchange(JsonLines.Line line) throws DatasetFormatException {
        String author = line.nonBlank("llm");
        try {
            return new BenignExchange(
                    line.nonBlank("source"), author, line.nonBlank("instruction"), line.nonBlank("response"));
        } catch (IllegalArgumentException e) {
            throw line.error(e.getMessage(), "llm");
        }
    }

    private static RiskyInstruction riskyInstruction(JsonLines.Line line) throws DatasetFormatException {
        return new RiskyInstruction(line.nonBlank("source"), line.nonBlank("instruction"));
    }

    private static PreferencePair preferencePair(JsonLines.Line line) throws DatasetFormatException {
        List<PreferencePair.Turn> turns = new ArrayList<>();
        for (JsonNode turn : line.array("conversation")) {
            String role = line.text(turn.get("role"), "role");
            turns.add(new PreferencePair.Turn(role(line, role), line.text(turn.get("text"), "text")));
        }
        return new PreferencePair(line.nonBlank("source"), turns, line.text("preferred"), line.text("other"));
    }

    private static PreferencePair.Role role(JsonLines.Line line, String role) throws DatasetFormatException {
        return switch (role) {
            case "user" -> PreferencePair.Role.USER;
            case "assistant" -> PreferencePair.Role.ASSISTANT;
            default ->
                throw line.error(
                        "role must be user or assistant, but was " + DatasetFormatException.clip(role), "role");
        };
    }

    /** Returns everyday exchanges. */
    public List<BenignExchange> benignExchanges() {
        return benignExchanges;
    }

    /** Returns harmless exchanges whose instructions have alarming words. */
    public List<BenignExchange> hardBenignExchanges() {
        return hardBenignExchanges;
    }

    /** Returns risky instructions. */
    public List<RiskyInstruction> riskyInstructions() {
        return riskyInstructions;
    }

    /** Returns pairs of answers of which one is the less harmful. */
    public List<PreferencePair> preferencePairs() {
        return preferencePairs;
    }

    /** Returns the SHA-256 checksum of every file that was read, by its name. */
    public Map<String, String> checksums() {
        return Collections.unmodifiableMap(checksums);
    }

    /** Returns the numbers of values; the values hold text. */
    @Override
    public String toString() {
        return "SupplementaryData[" + benignExchanges.size() + " benign, " + hardBenignExchanges.size()
                + " hard benign, " + riskyInstructions.size() + " risky, " + preferencePairs.size() + " pairs]";
    }
}
