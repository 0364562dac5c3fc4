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
import org.donotanswer.harness.run.RunManifest;
import org.donotanswer.internal.Sha256;

/**
 * Makes a run of responses that someone has: the published {@code response_<llm>.csv} with the columns id, question and
 * response, or JSON lines with these members, where the question may be called instruction or be left out, and finish,
 * inputTokens, outputTokens and model may be there as {@link ResponseExport} writes them.
 */
public final class ResponseImport {
    /** What the manifest of such a run names as its source. */
    public static final String SOURCE = "import";

    private static final String ID = "id";
    private static final String QUESTION = "question";
    private static final String RESPONSE = "response";
    private static final int BATCH = 1_000;
    private static final Pattern WHITESPACE = Pattern.compile("[\\s\\p{Z}]+");

    private ResponseImport() {}

    /**
     * What came of an import.
     *
     * @param responses how many responses the run has now
     * @param added how many of them are new
     */
    public record ImportResult(int responses, int added) {}

    /**
     * Reads a file into a run, which is begun if there is none; responses that are there from an earlier, broken off import
     * of the file are left as they are. Nothing is written unless the whole file is sound.
     *
     * @throws IllegalArgumentException if the name of the file ends in neither .csv nor .jsonl
     * @throws BadInputException if a row is broken, its id is unknown or there twice, or its question is not that of the id
     * @throws org.donotanswer.harness.run.ManifestMismatchException if the directory has another run
     * @throws IOException if the file cannot be read, or the run not be written
     */
    public static ImportResult read(Path file, Llm llm, InstructionSet instructions, Path directory)
            throws IOException {
        List<CollectedResponse> responses = read(file, instructions);
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("responses", Sha256.of(file));
        RunManifest manifest = new RunManifest(
                llm, SOURCE, instructions.checksum(), instructions.size(), settings, ChatSettings.libraryVersion());
        RunDirectory run = RunDirectory.openOrCreate(directory, manifest);
        try (ResponseLog log = run.appendResponses()) {
            Set<String> there = new HashSet<>(run.responses().keySet());
            List<CollectedResponse> missing = responses.stream()
                    .filter(response -> !there.contains(response.id()))
                    .toList();
            for (int i = 0; i < missing.size(); i += BATCH) {
                log.append(missing.subList(i, Math.min(missing.size(), i + BATCH)));
            }
            return new ImportResult(responses.size(), missing.size());
        }
    }

    private static List<CollectedResponse> read(Path file, InstructionSet instructions) throws IOException {
        List<CollectedResponse> responses = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        RowReader.read(file, List.of(ID, RESPONSE), row -> {
            String id = row.visible(ID);
            Instruction instruction = known(id, instructions.byId(), row);
            if (!seen.add(id)) {
                throw row.error("id must be unique, but was repeated", ID);
            }
            requireSame(row, instruction);
            responses.add(new CollectedResponse(
                    id,
                    instruction.specificHarm(),
                    instruction.benign(),
                    Exchange.of(instruction.text(), row.text(RESPONSE)),
                    finish(row),
                    new TokenUsage(tokens(row, "inputTokens"), tokens(row, "outputTokens")),
                    row.find("model").filter(name -> !name.isBlank())));
        });
        if (responses.isEmpty()) {
            throw new BadInputException("file must have a response, but was without", file.toString(), 1, null);
        }
        return responses;
    }

    private static Instruction known(String id, Map<String, Instruction> byId, RowReader.Row row) throws IOException {
        Instruction instruction = byId.get(id);
        if (instruction == null) {
            throw row.error("id must be that of a question, but was of none", ID);
        }
        return instruction;
    }

    private static void requireSame(RowReader.Row row, Instruction instruction) throws IOException {
        for (String name : List.of(QUESTION, InstructionSet.INSTRUCTION)) {
            Optional<String> found = row.find(name);
            if (found.isPresent() && !normalized(found.get()).equals(normalized(instruction.text()))) {
                throw row.error(name + " must be that of the id, but was another text", name);
            }
        }
    }

    /** As the dataset compares the questions of its files. */
    private static String normalized(String text) {
        return WHITESPACE.matcher(text).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }

    private static Optional<Finish> finish(RowReader.Row row) throws IOException {
        String name = row.find("finish").orElse("");
        if (name.isBlank()) {
            return Optional.empty();
        }
        for (Finish finish : Finish.values()) {
            if (finish.name().equals(name)) {
                return Optional.of(finish);
            }
        }
        throw row.error("finish must be the name of a Finish, but was another", "finish");
    }

    private static long tokens(RowReader.Row row, String name) throws IOException {
        String count = row.find(name).orElse("0");
        if (!count.matches("[0-9]{1,18}")) {
            throw row.error(name + " must be a number of tokens, but was not", name);
        }
        return Long.parseLong(count);
    }
}
