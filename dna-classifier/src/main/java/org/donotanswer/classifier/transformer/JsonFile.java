package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * Reads a JSON file of a checkpoint as Python does: NaN and infinite numbers are allowed, and the last of several
 * entries of the same name counts. A byte order mark is skipped. Stateless, hence thread-safe.
 */
final class JsonFile {
    /** Field names are not interned, as the words of a vocabulary are field names. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    private JsonFile() {}

    /**
     * Returns the content of a file.
     *
     * @throws CheckpointException if it is too large, empty, or not JSON in UTF-8; its message does not quote the file
     * @throws IOException if the file cannot be read
     */
    static JsonNode read(Path file, long maxBytes) throws IOException {
        Path name = file.getFileName();
        long size = Files.size(file);
        if (size > maxBytes) {
            throw new CheckpointException(
                    "size of " + name + " must be at most " + maxBytes + " bytes, but was " + size + " (" + file + ")");
        }
        JsonNode root;
        try (InputStream in = Files.newInputStream(file)) {
            root = MAPPER.readTree(in);
        } catch (CharConversionException e) {
            throw new CheckpointException(
                    name + " must be JSON in UTF-8, but was in another encoding (" + file + ")", e);
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            throw new CheckpointException(name + " must be JSON, but was malformed" + line + " (" + file + ")", e);
        }
        if (root.isMissingNode()) {
            throw new CheckpointException(name + " must be JSON, but was empty (" + file + ")");
        }
        return root;
    }

    /** Returns the text of JSON, in ASCII. */
    static String write(JsonNode root) throws IOException {
        return MAPPER.writeValueAsString(root);
    }
}
