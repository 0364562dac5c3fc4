package org.donotanswer.bench.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.io.StrictJson;
import org.donotanswer.internal.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Reads exchanges from JSON lines: {@code {"id": "7", "instruction": "...", "response": "..."}}. Blank lines are skipped. The
 * id may be a number and defaults to the number of the line; the instruction is optional. Not thread-safe.
 */
final class JsonLinesSource implements ExchangeSource {
    private static final JsonMapper MAPPER = StrictJson.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final LineReader lines;

    JsonLinesSource(InputStream in) {
        this.lines = new LineReader(in);
    }

    @Override
    public @Nullable RawItem next() throws IOException {
        LineReader.Line line = lines.next();
        while (line != null && line.text() != null && line.text().isBlank()) {
            line = lines.next();
        }
        return line == null ? null : new RawLine(line);
    }

    @Override
    public boolean ready() throws IOException {
        return lines.ready();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private record RawLine(LineReader.Line line) implements RawItem {
        @Override
        public long size() {
            return line.text() == null ? 0 : line.text().length();
        }

        @Override
        public InputItem parse() {
            return line.text() == null ? broken("line " + line.problem(), null) : parse(line.text());
        }

        private InputItem parse(String text) {
            JsonNode node;
            try {
                node = MAPPER.readTree(text);
            } catch (JsonProcessingException e) {
                // Its message quotes the text.
                return broken("line must be a JSON object, but was broken", null);
            }
            if (!node.isObject()) {
                return broken("line must be a JSON object, but was " + type(node), null);
            }
            JsonNode id = node.get("id");
            if (!isMissing(id) && !isId(id)) {
                return broken("id must be a string or a number, but was " + type(id), null);
            }
            JsonNode instruction = node.get("instruction");
            if (!isMissing(instruction) && !instruction.isTextual()) {
                return broken("instruction must be a string, but was " + type(instruction), id);
            }
            JsonNode response = node.get("response");
            if (response == null || !response.isTextual()) {
                return broken("response must be a string, but was " + type(response), id);
            }
            String shown = isMissing(instruction) ? "" : instruction.textValue();
            return new InputItem.Valid(id(id), Exchange.of(shown, response.textValue()));
        }

        private static boolean isMissing(@Nullable JsonNode node) {
            return node == null || node.isNull();
        }

        private static boolean isId(JsonNode id) {
            return id.isNumber() || (id.isTextual() && Utf8.isWellFormed(id.textValue()));
        }

        private static String type(@Nullable JsonNode node) {
            if (node == null) {
                return "missing";
            }
            return node.isTextual() ? "malformed" : node.getNodeType().name().toLowerCase(Locale.ROOT);
        }

        private String id(@Nullable JsonNode id) {
            return isMissing(id) ? String.valueOf(line.number()) : id.asText();
        }

        private InputItem broken(String problem, @Nullable JsonNode id) {
            String detail = problem + " (line " + line.number() + ")";
            return new InputItem.Invalid(id(id), Unscored.of(UnscoredReason.INVALID_INPUT, detail));
        }
    }
}
