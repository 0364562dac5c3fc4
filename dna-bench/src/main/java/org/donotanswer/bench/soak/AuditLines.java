package org.donotanswer.bench.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * The lines of an audit log. Immutable, hence thread-safe.
 *
 * @param verdicts the number of lines with a verdict
 * @param lost how many verdicts the other lines report as lost
 */
record AuditLines(long verdicts, long lost) {
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * Reads a file.
     *
     * @throws SoakMismatchException if a line is not complete
     */
    static AuditLines read(Path file) throws IOException {
        long verdicts = 0;
        long lost = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode json = parse(line);
                if (json.has("lost")) {
                    lost += json.get("lost").longValue();
                } else {
                    verdicts++;
                }
            }
        }
        return new AuditLines(verdicts, lost);
    }

    private static JsonNode parse(String line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            Instant time = Instant.parse(json.path("time").asText());
            SoakMismatchException.require(time.isAfter(Instant.EPOCH), "audit log has a line without time");
            return json;
        } catch (JsonProcessingException | DateTimeException e) {
            throw new SoakMismatchException("audit log has a broken line");
        }
    }
}
