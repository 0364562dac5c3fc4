package org.donotanswer.harness.collect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ResponseLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.internal.Sha256;

/**
 * Creates a run from existing responses: a file with the columns {@link TableColumn#ID} and {@link TableColumn#RESPONSE} and,
 * optionally, {@link TableColumn#INSTRUCTION}, {@code finish}, {@code inputTokens}, {@code outputTokens}, {@code model}
 * and {@link TableColumn#THINKING}. Reads the published {@code response_<llm>.csv} and what {@link ResponseExport} writes. Thinking before an answer, as in
 * {@code <think>..</think>}, is kept beside it and never judged. The file is
 * read twice, with one batch of responses in memory at a time. Stateless, hence thread-safe.
 */
public final class ResponseImport {
    /** The source in the manifests of imported runs. */
    public static final String SOURCE = "import";

    private static final int BATCH_SIZE = 1_000;

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
        if (!Files.exists(file) || Files.isRegularFile(file) || Files.isDirectory(file)) {
            return read(file, file, llm, instructions, directory, settings);
        }
        // A pipe, for example, can be read only once.
        Path copy = Files.createTempFile("dna-import-", null);
        try {
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            return read(file, copy, llm, instructions, directory, settings);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static ImportResult read(
            Path file, Path content, Llm llm, InstructionSet instructions, Path directory, TableSettings settings)
            throws IOException {
        int responses;
        int withThinking = 0;
        // The whole file, before anything is written.
        try (ResponseTable table = ResponseTable.open(file, content, instructions, settings)) {
            for (CollectedResponse response = table.next(); response != null; response = table.next()) {
                withThinking += response.thinking().isPresent() ? 1 : 0;
            }
            responses = table.count();
        }
        if (responses == 0) {
            throw new BadInputException("file must have a response, but had none", file.toString(), 1, null);
        }
        SortedMap<String, String> source = new TreeMap<>();
        source.put("responses", Sha256.of(content));
        RunDirectory run = RunDirectory.openOrCreate(directory, instructions.manifest(llm, SOURCE, source));
        try (ResponseLog log = run.appendResponses();
                ResponseTable table = ResponseTable.open(file, content, instructions, settings)) {
            int added = append(table, run.responseIds(), log);
            return new ImportResult(responses, added, withThinking);
        }
    }

    /** Appends the responses that are not imported yet, and returns how many these were. */
    private static int append(ResponseTable table, IdIndex imported, ResponseLog log) throws IOException {
        int added = 0;
        List<CollectedResponse> batch = new ArrayList<>();
        for (CollectedResponse response = table.next(); response != null; response = table.next()) {
            if (imported.find(response.id()) < 0) {
                batch.add(response);
                added++;
            }
            if (batch.size() == BATCH_SIZE) {
                log.append(batch);
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            log.append(batch);
        }
        return added;
    }
}
