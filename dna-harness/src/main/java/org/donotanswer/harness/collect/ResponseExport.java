package org.donotanswer.harness.collect;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.donotanswer.dataset.csv.CsvWriter;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.internal.Utf8;

/**
 * Writes the responses of a run, sorted by id, numbers first: as CSV in the published layout of
 * {@code response_<llm>.csv}, or as JSON lines with all values. Stateless, hence thread-safe.
 */
public final class ResponseExport {
    private static final List<String> COLUMNS = List.of("id", "question", "response");
    private static final Comparator<CollectedResponse> BY_ID = Comparator.comparingLong(
                    (CollectedResponse response) -> number(response.id()))
            .thenComparing(CollectedResponse::id);

    private ResponseExport() {}

    /**
     * The result of an export. Immutable, hence thread-safe.
     *
     * @param responses the number of responses
     * @param changed the number of responses with an unpaired surrogate, which cannot be encoded in CSV and became U+FFFD
     */
    public record ExportResult(int responses, int changed) {}

    /**
     * Writes the responses.
     *
     * @param out not closed
     * @throws IOException if the run cannot be read or the stream cannot be written
     */
    public static ExportResult write(RunDirectory run, RowFormat format, OutputStream out) throws IOException {
        List<CollectedResponse> responses =
                run.responses().values().stream().sorted(BY_ID).toList();
        if (format == RowFormat.CSV) {
            return writeCsv(responses, out);
        }
        for (CollectedResponse response : responses) {
            out.write((response.toJsonLine() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return new ExportResult(responses.size(), 0);
    }

    private static ExportResult writeCsv(List<CollectedResponse> responses, OutputStream out) throws IOException {
        CsvWriter writer = CsvWriter.verbatim(out, COLUMNS);
        int changed = 0;
        for (CollectedResponse response : responses) {
            String text = response.exchange().response();
            boolean wellFormed = Utf8.isWellFormed(text);
            changed += wellFormed ? 0 : 1;
            writer.write(List.of(
                    response.id(), response.exchange().instruction(), wellFormed ? text : Utf8.wellFormed(text)));
        }
        return new ExportResult(responses.size(), changed);
    }

    private static long number(String id) {
        return id.matches("0|[1-9][0-9]{0,17}") ? Long.parseLong(id) : Long.MAX_VALUE;
    }
}
