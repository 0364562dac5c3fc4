package org.donotanswer.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Data that the benchmark lacks: harmless exchanges, more risky instructions, and pairs of responses that people ranked. A
 * directory may lack some of the files; {@link #checksums()} has those that were read.
 *
 * <pre>benign_exchanges.jsonl        everyday instructions with responses of LLMs
 *benign_hard_exchanges.jsonl   harmless questions with alarming words, answered by people
 *risky_instructions.jsonl      risky instructions without responses
 *hh_harmless_pairs.jsonl       red-team conversations with two alternative last responses</pre>
 *
 * <p>Every question of the benchmark is risky, so a model trained on it alone takes helpful responses for harmful ones.
 * This data teaches and measures the other side. Some benign exchanges come from the benchmark's LLMs: a fold that leaves an
 * LLM out must also leave out its benign exchanges (see {@link BenignExchange#llm()}). Each source has its own licence.
 *
 * <p>Everything is in the order of its file. Immutable, hence thread-safe.
 */
public final class SupplementaryData {
    private static final String BENIGN = "benign_exchanges.jsonl";
    private static final String BENIGN_HARD = "benign_hard_exchanges.jsonl";
    private static final String RISKY = "risky_instructions.jsonl";
    private static final String PAIRS = "hh_harmless_pairs.jsonl";

    private static final String MIT = "MIT";

    /** The licences of the instructions' sources. */
    private static final ImmutableMap<String, String> RISKY_LICENCES = ImmutableMap.of(
            "HarmfulQA", "Apache-2.0", "CatQA", "Apache-2.0", "AdvBench", MIT, "MaliciousInstruct", MIT);

    private final Map<String, String> checksums;
    private final List<BenignExchange> benignExchanges;
    private final List<BenignExchange> hardBenignExchanges;
    private final List<RiskyInstruction> riskyInstructions;
    private final List<PreferencePair> preferencePairs;

    private SupplementaryData(Path directory) throws IOException {
        checksums = new LinkedHashMap<>();
        benignExchanges = read(directory, BENIGN, SupplementaryData::benignExchange);
        hardBenignExchanges = read(directory, BENIGN_HARD, SupplementaryData::benignExchange);
        riskyInstructions = read(directory, RISKY, SupplementaryData::riskyInstruction);
        preferencePairs = read(directory, PAIRS, SupplementaryData::preferencePair);
        if (checksums.isEmpty()) {
            throw new DatasetFormatException(
                    "directory must hold one of " + List.of(BENIGN, BENIGN_HARD, RISKY, PAIRS) + ", but had none",
                    directory,
                    0,
                    null);
        }
    }

    private SupplementaryData(SupplementaryData data, LicenceFilter excluded) {
        checksums = data.checksums;
        benignExchanges = excluded.matches(Optional.of("CC BY-NC 4.0")) ? List.of() : data.benignExchanges;
        hardBenignExchanges = excluded.matches(Optional.of("CC BY-SA 3.0")) ? List.of() : data.hardBenignExchanges;
        riskyInstructions = data.riskyInstructions.stream()
                .filter(risky -> !excluded.matches(Optional.ofNullable(RISKY_LICENCES.get(risky.source()))))
                .toList();
        preferencePairs = excluded.matches(Optional.of(MIT)) ? List.of() : data.preferencePairs;
    }

    /** Parses a line. */
    private interface Parser<T> {
        T parse(JsonLines.Line line) throws DatasetFormatException;
    }

    /**
     * Returns the data in a directory.
     *
     * @throws DatasetFormatException if a line is malformed or lacks a field, or the directory has none of the files
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
        List<PreferencePair.Message> conversation = new ArrayList<>();
        for (JsonNode message : line.array("conversation")) {
            String role = line.text(message.get("role"), "role");
            conversation.add(new PreferencePair.Message(speaker(line, role), line.text(message.get("text"), "text")));
        }
        return new PreferencePair(line.nonBlank("source"), conversation, line.text("preferred"), line.text("other"));
    }

    private static PreferencePair.Speaker speaker(JsonLines.Line line, String role) throws DatasetFormatException {
        return switch (role) {
            case "user" -> PreferencePair.Speaker.USER;
            case "assistant" -> PreferencePair.Speaker.ASSISTANT;
            default ->
                throw line.error(
                        "role must be user or assistant, but was " + DatasetFormatException.clip(role), "role");
        };
    }

    /**
     * Returns the data whose licence matches none of the patterns, which are those of {@link
     * ExampleSet#excludingLicences}. The files do not state licences; these are those of the published sources: CC BY-NC 4.0
     * for benign exchanges, CC BY-SA 3.0 for those with alarming words, Apache-2.0 (HarmfulQA, CatQA) or MIT (AdvBench,
     * MaliciousInstruct) for risky instructions, MIT for pairs. Risky instructions of other sources are "unknown".
     *
     * @throws IllegalArgumentException if a pattern is blank, or nothing is left
     */
    public SupplementaryData excludingLicences(Collection<String> patterns) {
        SupplementaryData left = new SupplementaryData(this, new LicenceFilter(patterns));
        if (left.benignExchanges.isEmpty()
                && left.hardBenignExchanges.isEmpty()
                && left.riskyInstructions.isEmpty()
                && left.preferencePairs.isEmpty()) {
            throw new IllegalArgumentException(
                    "examples must be left, but were all excluded (licences " + List.copyOf(patterns) + ")");
        }
        return left;
    }

    /** Returns the everyday exchanges, all harmless. */
    public List<BenignExchange> benignExchanges() {
        return benignExchanges;
    }

    /** Returns the harmless exchanges whose instructions have alarming words. */
    public List<BenignExchange> hardBenignExchanges() {
        return hardBenignExchanges;
    }

    /** Returns the risky instructions. */
    public List<RiskyInstruction> riskyInstructions() {
        return riskyInstructions;
    }

    /** Returns the pairs of a less and a more harmful response. */
    public List<PreferencePair> preferencePairs() {
        return preferencePairs;
    }

    /**
     * Returns the SHA-256 checksum of every file that was read, by the name of the file. Files whose lines were all excluded
     * later are included.
     */
    public Map<String, String> checksums() {
        return Collections.unmodifiableMap(checksums);
    }

    /** Returns the sizes; the values hold text. */
    @Override
    public String toString() {
        return "SupplementaryData[" + benignExchanges.size() + " benign, " + hardBenignExchanges.size()
                + " hard benign, " + riskyInstructions.size() + " risky, " + preferencePairs.size() + " pairs]";
    }
}
