package org.donotanswer.harness.table;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.JsonRecord;
import org.donotanswer.harness.io.StrictJson;
import org.jspecify.annotations.Nullable;

/** The JSON of records: numbers as they are written, and NaN, which pandas and Python write, for nothing. */
final class RecordJson {
    /** Reads text that is one value. */
    static final JsonMapper MAPPER = builder().build();

    /** Reads values from text that goes on. */
    static final JsonMapper STREAM_MAPPER =
            builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private RecordJson() {}

    private static JsonMapper.Builder builder() {
        return StrictJson.builder()
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature())
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
    }

    /** Returns a row of an object. */
    static TableRow row(ObjectNode object, Place place, Map<TableColumn, String> given) {
        List<String> names = new ArrayList<>(object.size());
        object.fieldNames().forEachRemaining(names::add);
        return new TableRow(place, ColumnNames.of(names, given), new Members(object, place));
    }

    /** Returns whether a node is nothing: missing, null or NaN. */
    static boolean isNothing(@Nullable JsonNode node) {
        return node == null || node.isNull() || (node.isFloatingPointNumber() && Double.isNaN(node.doubleValue()));
    }

    private static boolean holdsText(@Nullable JsonNode node) {
        if (node == null || node.isValueNode()) {
            return node != null && node.isTextual() && !node.textValue().isBlank();
        }
        for (JsonNode child : node) {
            if (holdsText(child)) {
                return true;
            }
        }
        return false;
    }

    /** The members of an object. */
    record Members(ObjectNode object, Place place) implements Fields {
        @Override
        public Optional<String> text(String name) throws BadInputException {
            JsonNode node = object.get(name);
            if (isNothing(node)) {
                return Optional.empty();
            }
            Optional<String> parts = ChatText.ofParts(node);
            if (parts.isEmpty() && !node.isValueNode()) {
                throw place.error(name + " must be a string, but was " + JsonRecord.type(node), name);
            }
            return parts.isPresent() ? parts : Optional.of(node.asText());
        }

        @Override
        public boolean holdsText(String name) {
            return RecordJson.holdsText(object.get(name));
        }

        @Override
        public @Nullable JsonNode json(String name) {
            return object.get(name);
        }

        /** The members may hold text. */
        @Override
        public String toString() {
            return "Members[" + place + "]";
        }
    }
}
