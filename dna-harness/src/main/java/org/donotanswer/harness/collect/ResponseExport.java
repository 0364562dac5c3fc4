package org.donotanswer.harness.collect;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.donotanswer.dataset.csv.CsvWriter;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunReader;
import org.donotanswer.internal.Utf8;

/**
 * Writes the responses of a run, sorted by id, numbers first: as CSV in the published layout of
 * {@code response_<llm>.csv}, or as JSON lines with all values. Stateless, hence thread-safe.
 */
public final class ResponseExport {
    private static final List<String> COLUMNS = List.of("id", "question", "response");

    private ResponseExport() {}

    /**
     * Where a response is in its run.
     *
     * @param number its id, if that is a number; otherwise greater than all numbers
     * @param id empty if the number says it
     * @param position its position in the file
     */
    private record Place(long number, String id, long position) {
        private static final Comparator<Place> BY_ID =
                Comparator.comparingLong(Place::number).thenComparing(Place::id);

        static Place of(String id, long position) {
            return id.matches("0|[1-9][0-9]{0,17}")
                    ? new Place(Long.parseLong(id), "", position)
                    : new Place(Long.MAX_VALUE, id, position);
        }
    }

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
        try (RunReader<CollectedResponse> responses = run.readResponses()) {
            // Only their places are sorted, as the texts may not fit into memory.
            List<Place> places = new ArrayList<>();
            for (CollectedResponse response = responses.next(); response != null; response = responses.next()) {
                places.add(Place.of(response.id(), responses.position()));
            }
            places.sort(Place.BY_ID);
            return format == RowFormat.CSV ? writeCsv(places, responses, out) : writeLines(places, responses, out);
        }
    }

    private static ExportResult writeLines(List<Place> places, RunReader<CollectedResponse> responses, OutputStream out)
            throws IOException {
        for (Place place : places) {
            out.write((responses.at(place.position()).toJsonLine() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return new ExportResult(places.size(), 0);
    }

    private static ExportResult writeCsv(List<Place> places, RunReader<CollectedResponse> responses, OutputStream out)
            throws IOException {
        CsvWriter writer = CsvWriter.verbatim(out, COLUMNS);
        int changed = 0;
        for (Place place : places) {
            CollectedResponse response = responses.at(place.position());
            String text = response.exchange().response();
            boolean wellFormed = Utf8.isWellFormed(text);
            changed += wellFormed ? 0 : 1;
            writer.write(List.of(
                    response.id(), response.exchange().instruction(), wellFormed ? text : Utf8.wellFormed(text)));
        }
        return new ExportResult(places.size(), changed);
    }
}
