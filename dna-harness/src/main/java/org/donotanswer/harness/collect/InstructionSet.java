package org.donotanswer.harness.collect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.donotanswer.dataset.Completeness;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.run.RunManifest;
import org.donotanswer.harness.table.RawRow;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableRow;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.internal.Sha256;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * The instructions of a run: the questions of the benchmark or your own. Immutable, hence thread-safe.
 *
 * @param byId the instructions by id, in the order of the file
 * @param checksum the SHA-256 of the file
 */
public record InstructionSet(Map<String, Instruction> byId, String checksum) {
    /** Columns with labels for which an instruction has no place. */
    private static final Set<TableColumn> UNUSED = EnumSet.of(
            TableColumn.HARM_TYPE, TableColumn.HARMFUL, TableColumn.REFUSAL, TableColumn.ACTION, TableColumn.RESPONSE);

    /**
     * Copies and checks the values.
     *
     * @throws IllegalArgumentException if there are none, or an instruction is mapped from another id
     */
    public InstructionSet {
        byId = Collections.unmodifiableMap(new LinkedHashMap<>(byId));
        if (byId.isEmpty()) {
            throw new IllegalArgumentException("instructions must not be empty, but were");
        }
        byId.forEach((id, instruction) -> {
            if (!id.equals(instruction.id())) {
                throw new IllegalArgumentException("id must be " + instruction.id() + ", but was " + id);
            }
        });
    }

    /**
     * Reads the questions of the benchmark from a directory with the published layout.
     *
     * @throws IOException if they cannot be read
     */
    public static InstructionSet ofBenchmark(Path directory) throws IOException {
        // The responses may be incomplete or missing, as they are not needed.
        DoNotAnswer data = DoNotAnswer.load(directory, Completeness.PARTIAL);
        Map<String, Instruction> byId = new LinkedHashMap<>();
        data.questions().forEach(question -> byId.put(String.valueOf(question.id()), Instruction.of(question)));
        // The first file is that of the questions.
        return new InstructionSet(byId, data.checksums().values().iterator().next());
    }

    /**
     * Reads your own instructions, as {@link #read(Path, TableSettings)} with everything by content.
     *
     * @throws IOException if the file cannot be read, has no rows, or a row is malformed or repeats an id
     */
    public static InstructionSet read(Path file) throws IOException {
        return read(file, TableSettings.DEFAULT);
    }

    /**
     * Reads your own instructions, as {@link #read(Path, TableSettings, Consumer)} without asking for unused columns.
     *
     * @throws IOException if the file cannot be read, has no rows, or a row is malformed or repeats an id
     */
    public static InstructionSet read(Path file, TableSettings settings) throws IOException {
        return read(file, settings, column -> {});
    }

    /**
     * Reads your own instructions from a file with the columns {@link TableColumn#ID}, {@link TableColumn#INSTRUCTION} and,
     * optionally, {@link TableColumn#BENIGN} or its opposite, {@link TableColumn#RISKY}, and {@link TableColumn#SPECIFIC_HARM}
     * (the name of a constant or a published label). A chat must be one turn of the user.
     *
     * @param unused told of each column with labels that the file has and a run has no place for, once
     * @throws IOException if the file cannot be read, has no rows, or a row is malformed or repeats an id
     */
    public static InstructionSet read(Path file, TableSettings settings, Consumer<TableColumn> unused)
            throws IOException {
        Map<String, Instruction> byId = new LinkedHashMap<>();
        Set<TableColumn> found = EnumSet.noneOf(TableColumn.class);
        try (TableReader table = TableReader.open(file, settings)) {
            table.check(
                    List.of(TableColumn.ID, TableColumn.INSTRUCTION),
                    List.of(TableColumn.BENIGN, TableColumn.RISKY, TableColumn.SPECIFIC_HARM));
            for (RawRow raw = table.next(); raw != null; raw = table.next()) {
                TableRow row = raw.parse();
                if (row.earlierTurns() > 0) {
                    throw row.error(
                            "chat must have one turn of the user and no other before it, but had " + row.earlierTurns()
                                    + " more",
                            TableColumn.MESSAGES);
                }
                Instruction instruction = instruction(row, row.visibleInstruction());
                if (byId.putIfAbsent(instruction.id(), instruction) != null) {
                    throw row.error("id must be unique, but was repeated", TableColumn.ID);
                }
                UNUSED.stream().filter(row::has).filter(found::add).forEach(unused);
            }
        }
        if (byId.isEmpty()) {
            throw new BadInputException("file must have an instruction, but had none", file.toString(), 1, null);
        }
        return new InstructionSet(byId, Sha256.of(file));
    }

    /** Returns the instruction of a row, with a text from elsewhere. */
    static Instruction instruction(TableRow row, String text) throws IOException {
        boolean benign = benign(row);
        Optional<SpecificHarm> harm = SpecificHarmLabel.read(row);
        if (benign && harm.isPresent()) {
            throw row.error("benign instruction must have no harm, but had " + harm.get(), TableColumn.SPECIFIC_HARM);
        }
        return new Instruction(row.visible(TableColumn.ID), text, harm, benign);
    }

    private static boolean benign(TableRow row) throws IOException {
        Optional<Boolean> benign = row.flag(TableColumn.BENIGN);
        Optional<Boolean> risky = row.flag(TableColumn.RISKY);
        if (benign.isPresent() && benign.equals(risky)) {
            throw row.error("instruction must be either risky or benign, but was both or neither", TableColumn.RISKY);
        }
        return benign.orElse(risky.isPresent() && !risky.get());
    }

    /** Returns the manifest of a run with these instructions. */
    RunManifest manifest(Llm llm, String source, SortedMap<String, String> settings) {
        String libraryVersion = Provenance.builder("dna", "1").build().libraryVersion();
        return new RunManifest(llm, source, checksum, size(), settings, libraryVersion);
    }

    /** Returns the number of instructions. */
    public int size() {
        return byId.size();
    }

    /** Returns the number of instructions and the checksum, without texts. */
    @Override
    public String toString() {
        return "InstructionSet[" + size() + " instructions, checksum=" + checksum + "]";
    }
}
