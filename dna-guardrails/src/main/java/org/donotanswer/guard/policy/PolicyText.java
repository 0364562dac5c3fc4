package org.donotanswer.guard.policy;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Reads and writes policies as text, in files and without. */
final class PolicyText {
    /** What messages call the document. */
    static final String SUBJECT = "policy";

    /** Far more than all names with rules and texts; a longer file is another file. */
    private static final int MAX_BYTES = 1 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    // NaN is read for the message to say that it is not in [0, 1].
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private PolicyText() {}

    /** Reads a file by the end of its name. */
    static SafetyPolicy read(Path file) throws IOException {
        boolean yaml = isYaml(file);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        String source = file.getFileName().toString();
        if (bytes.length > MAX_BYTES) {
            throw new PolicyFormatException(
                    "policy must have at most " + MAX_BYTES + " bytes, but was longer (" + source + ")");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PolicyFormatException("policy must be in UTF-8, but was not (" + source + ")", e);
        }
        return yaml ? parseYaml(text, source) : parseJson(text, source);
    }

    /** Writes a file by the end of its name. */
    static void write(SafetyPolicy policy, Path file) throws IOException {
        Files.writeString(file, isYaml(file) ? policy.toYaml() : policy.toJson() + "\n");
    }

    private static boolean isYaml(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".json")) {
            return false;
        }
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            return true;
        }
        throw new IllegalArgumentException("policy file must end in .json, .yaml or .yml, but was " + file);
    }

    static SafetyPolicy parseJson(String json, String source) {
        requireShort(json);
        try (JsonParser parser = MAPPER.createParser(withoutMark(json))) {
            PolicyDocumentReader document = new PolicyDocumentReader(parser, () -> false, source, SUBJECT);
            try {
                return new PolicyReader(document).read();
            } catch (JsonProcessingException e) {
                throw malformed(document, "JSON", e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SafetyPolicy parseYaml(String yaml, String source) {
        requireShort(yaml);
        try {
            return PolicyYaml.parse(withoutMark(yaml), source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoClassDefFoundError e) {
            throw noYaml(e);
        }
    }

    static String yaml(Map<String, Object> members) {
        try {
            return PolicyYaml.write(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoClassDefFoundError e) {
            throw noYaml(e);
        }
    }

    static PolicyFormatException malformed(PolicyDocumentReader document, String syntax, JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        // Where an unclosed object began, the parser says with a note on its own settings.
        String problem = e.getOriginalMessage().replaceAll(" \\(start marker at .*", "");
        return document.malformed(syntax, problem, location.getLineNr(), location.getColumnNr(), e);
    }

    private static IllegalStateException noYaml(NoClassDefFoundError cause) {
        return new IllegalStateException(
                "class path must have a reader of YAML, but was without one (add the artifact "
                        + "com.fasterxml.jackson.dataformat:jackson-dataformat-yaml, or give the policy in JSON)",
                cause);
    }

    private static void requireShort(String text) {
        if (text.length() > MAX_BYTES) {
            throw new PolicyFormatException(
                    "policy must have at most " + MAX_BYTES + " chars, but was with " + text.length());
        }
    }

    private static String withoutMark(String text) {
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }
}
