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
import org.donotanswer.internal.Sha256;

/**
 * Creates a run from existing responses: CSV or JSON lines with the columns {@code id} and {@code response} and, optionally,
 * {@code question} or {@code instruction}, {@code finish}, {@code inputTokens}, {@code outputTokens} and {@code model}. Reads
 * the published {@code response_<llm>.csv} and what {@link ResponseExport} writes. Thinking before an answer, as in
 * {@code <think>..</think>}, is kept beside it and never judged. Stateless, hence thread-safe.
 */
public final class ResponseImport {
    /** The source in the manifests of imported runs. */
    public static final String SOURCE = "import";

    private static final String ID = "id";
    private static final String QUESTION = "question";
    private static final String RESPONSE = "response";
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
     * Imports a file into a run, which is created if it does not exist. An import of the file that was interrupted is
     * continued. Nothing is written unless the whole file is valid.
     *
     * @throws IllegalArgumentException if the name of the file ends in neither .csv nor .jsonl
     * @throws org.donotanswer.harness.run.ManifestMismatchException if the directory holds another run
     * @throws IOException if the file cannot be read, the run cannot be written, or a row is malformed, has an unknown or
     *     repeated id, or an instruction that differs from that of the id
     */
    public static ImportResult read(Path file, Llm llm, InstructionSet instructions, Path directory)
            throws IOException {
        List<CollectedResponse> responses = read(file, instructions);
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("responses", Sha256.of(file));
        RunDirectory run = RunDirectory.openOrCreate(directory, instructions.manifest(llm, SOURCE, settings));
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
                            row.find("model").filter(name -> !name.isBlank()),
                            row.find("thinking").filter(text -> !text.isBlank()))
                    .dividingThinking());
        });
        if (responses.isEmpty()) {
            throw new BadInputException("file must have a response, but had none", file.toString(), 1, null);
        }
        return responses;
    }

    private static Instruction known(String id, Map<String, Instruction> byId, RowReader.Row row) throws IOException {
        Instruction instruction = byId.get(id);
        if (instruction == null) {
            throw row.error("id must be that of an instruction, but was unknown", ID);
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

    /** Normalizes like the comparison of questions in the dataset. */
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
