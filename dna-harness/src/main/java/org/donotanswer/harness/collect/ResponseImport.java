package org.donotanswer.harness.collect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ResponseLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.table.LabelValues;
import org.donotanswer.harness.table.RawRow;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableRow;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.internal.Sha256;

/**
 * Creates a run from existing responses: a file with the columns {@link TableColumn#ID} and {@link TableColumn#RESPONSE} and,
 * optionally, {@link TableColumn#INSTRUCTION}, {@code finish}, {@code inputTokens}, {@code outputTokens}, {@code model}
 * and {@link TableColumn#THINKING}. Reads the published {@code response_<llm>.csv} and what {@link ResponseExport} writes. Thinking before an answer, as in
 * {@code <think>..</think>}, is kept beside it and never judged. Stateless, hence thread-safe.
 */
public final class ResponseImport {
    /** The source in the manifests of imported runs. */
    public static final String SOURCE = "import";

    private static final int BATCH_SIZE = 1_000;
    private static final Pattern WHITESPACE = Pattern.compile("[\\s\\p{Z}]+");

    private ResponseImport() {}

    /**
     * The result of an import. Immutable, hence thread-safe.
     *
     * @param responses the number of responses in the run
     * @param added the number of new ones
     * @param withThinking the number of those before which there was thinking
     */
    public record ImportResult(int responses, int added, int withThinking) {}

    /**
     * Imports a file, as {@link #read(Path, Llm, InstructionSet, Path, TableSettings)} with everything by content.
     *
     * @throws org.donotanswer.harness.run.ManifestMismatchException if the directory holds another run
     * @throws IOException as there
     */
    public static ImportResult read(Path file, Llm llm, InstructionSet instructions, Path directory)
            throws IOException {
        return read(file, llm, instructions, directory, TableSettings.DEFAULT);
    }

    /**
     * Imports a file into a run, which is created if it does not exist. An import of the file that was interrupted is
     * continued. Nothing is written unless the whole file is valid.
     *
     * @throws org.donotanswer.harness.run.ManifestMismatchException if the directory holds another run
     * @throws IOException if the file cannot be read, the run cannot be written, or a row is malformed, has an unknown or
     *     repeated id, or an instruction that differs from that of the id
     */
    public static ImportResult read(
            Path file, Llm llm, InstructionSet instructions, Path directory, TableSettings settings)
            throws IOException {
        List<CollectedResponse> responses = read(file, instructions, settings);
        SortedMap<String, String> source = new TreeMap<>();
        source.put("responses", Sha256.of(file));
        RunDirectory run = RunDirectory.openOrCreate(directory, instructions.manifest(llm, SOURCE, source));
        try (ResponseLog log = run.appendResponses()) {
            Set<String> imported = new HashSet<>(run.responses().keySet());
            List<CollectedResponse> missing = responses.stream()
                    .filter(response -> !imported.contains(response.id()))
                    .toList();
            for (int i = 0; i < missing.size(); i += BATCH_SIZE) {
                log.append(missing.subList(i, Math.min(missing.size(), i + BATCH_SIZE)));
            }
            return new ImportResult(responses.size(), missing.size(), (int) responses.stream()
                    .filter(response -> response.thinking().isPresent())
                    .count());
        }
    }

    private static List<CollectedResponse> read(Path file, InstructionSet instructions, TableSettings settings)
            throws IOException {
        List<CollectedResponse> responses = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        try (TableReader table = TableReader.open(file, settings)) {
            table.check(List.of(TableColumn.ID, TableColumn.RESPONSE), List.of(TableColumn.INSTRUCTION));
            for (RawRow raw = table.next(); raw != null; raw = table.next()) {
                TableRow row = raw.parse();
                Instruction instruction = known(row, instructions.byId());
                if (!seen.add(instruction.id())) {
                    throw row.error("id must be unique, but was repeated", TableColumn.ID);
                }
                requireSame(row, instruction);
                responses.add(response(row, instruction));
            }
        }
        if (responses.isEmpty()) {
            throw new BadInputException("file must have a response, but had none", file.toString(), 1, null);
        }
        return responses;
    }

    private static CollectedResponse response(TableRow row, Instruction instruction) throws IOException {
        return new CollectedResponse(
                        instruction.id(),
                        instruction.specificHarm(),
                        instruction.benign(),
                        Exchange.of(instruction.text(), row.response()),
                        finish(row),
                        new TokenUsage(tokens(row, TableColumn.INPUT_TOKENS), tokens(row, TableColumn.OUTPUT_TOKENS)),
                        row.label(TableColumn.MODEL),
                        row.text(TableColumn.THINKING).filter(text -> !text.isBlank()))
                .dividingThinking();
    }

    /** Returns the instruction of the row's id, to which a program may have given decimals. */
    private static Instruction known(TableRow row, Map<String, Instruction> byId) throws IOException {
        String id = row.visible(TableColumn.ID);
        Instruction instruction = byId.getOrDefault(id, byId.getOrDefault(LabelValues.plain(id), byId.get(id + ".0")));
        if (instruction == null) {
            throw row.error("id must be that of an instruction, but was unknown", TableColumn.ID);
        }
        return instruction;
    }

    private static void requireSame(TableRow row, Instruction instruction) throws IOException {
        Optional<String> found = row.instruction();
        if (found.isPresent() && !normalized(found.get()).equals(normalized(instruction.text()))) {
            throw row.error("instruction must be that of the id, but was another text", TableColumn.INSTRUCTION);
        }
    }

    /** Normalizes like the comparison of questions in the dataset. */
    private static String normalized(String text) {
        return WHITESPACE.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }

    private static Optional<Finish> finish(TableRow row) throws IOException {
        Optional<String> name = row.label(TableColumn.FINISH);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        for (Finish finish : Finish.values()) {
            if (finish.name().equals(name.get())) {
                return Optional.of(finish);
            }
        }
        throw row.error("finish must be the name of a Finish, but was another", TableColumn.FINISH);
    }

    private static long tokens(TableRow row, TableColumn column) throws IOException {
        String count = LabelValues.plain(row.label(column).orElse("0"));
        if (!count.matches("[0-9]{1,18}")) {
            throw row.error(column.label() + " must be a number of tokens, but was not", column);
        }
        return Long.parseLong(count);
    }
}
