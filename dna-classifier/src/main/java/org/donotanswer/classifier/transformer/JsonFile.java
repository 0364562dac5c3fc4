package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.donotanswer.classifier.weights.CheckpointException;

/** Reads a JSON file of a checkpoint. Stateless, hence thread-safe. */
final class JsonFile {
    private JsonFile() {}

    /**
     * Returns the content of a file.
     *
     * @throws CheckpointException if it is too large, empty, or not JSON in UTF-8; its message does not quote the file
     * @throws IOException if the file cannot be read
     */
    static JsonNode read(Path file, long maxBytes, ObjectMapper mapper) throws IOException {
        Path name = file.getFileName();
        long size = Files.size(file);
        if (size > maxBytes) {
            throw new CheckpointException(
                    "size of " + name + " must be at most " + maxBytes + " bytes, but was " + size + " (" + file + ")");
        }
        JsonNode root;
        try {
            root = mapper.readTree(Files.readAllBytes(file));
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
}
