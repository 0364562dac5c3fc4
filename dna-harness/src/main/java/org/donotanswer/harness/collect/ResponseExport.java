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
 * Writes the responses of a run by id, numbers first: as CSV in the published layout of {@code response_<llm>.csv}, every
 * text as it is, or as JSON lines with all that is known of each.
 */
public final class ResponseExport {
    private static final List<String> COLUMNS = List.of("id", "question", "response");
    private static final Comparator<CollectedResponse> BY_ID = Comparator.comparingLong(
                    (CollectedResponse response) -> number(response.id()))
            .thenComparing(CollectedResponse::id);

    private ResponseExport() {}

    /**
     * What was written.
     *
     * @param responses how many
     * @param changed how many of them had a surrogate without its other half, for which CSV has no form: U+FFFD stands for
     *     it
     */
    public record ExportResult(int responses, int changed) {}

    /** Writes the responses; the stream is left open. */
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
            boolean sound = Utf8.isWellFormed(text);
            changed += sound ? 0 : 1;
            writer.write(
                    List.of(response.id(), response.exchange().instruction(), sound ? text : Utf8.wellFormed(text)));
        }
        return new ExportResult(responses.size(), changed);
    }

    private static long number(String id) {
        return id.matches("0|[1-9][0-9]{0,17}") ? Long.parseLong(id) : Long.MAX_VALUE;
    }
}
