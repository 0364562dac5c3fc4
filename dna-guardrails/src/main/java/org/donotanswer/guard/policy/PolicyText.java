package org.donotanswer.guard.policy;

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
import org.donotanswer.guard.internal.OptionalDependency;

/**
 * Reads and writes policies as text and files. Jackson may be missing: only reading and YAML need it. Stateless, hence
 * thread-safe.
 */
final class PolicyText {
    /** How messages call the document. */
    static final String SUBJECT = "policy";

    /** Much more than rules and texts for all names take; a longer file is not a policy. */
    private static final int MAX_BYTES = 1 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private PolicyText() {}

    /** Reads a file according to its extension. */
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

    /** Writes a file according to its extension. */
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
        try {
            return PolicyJsonReader.parse(withoutMark(json), source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoClassDefFoundError e) {
            throw OptionalDependency.JACKSON.missing("a policy in JSON", e);
        }
    }

    static SafetyPolicy parseYaml(String yaml, String source) {
        requireShort(yaml);
        try {
            return PolicyYaml.parse(withoutMark(yaml), source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoClassDefFoundError e) {
            throw OptionalDependency.JACKSON_YAML.missing("a policy in YAML", e);
        }
    }

    static String yaml(Map<String, Object> members) {
        try {
            return PolicyYaml.write(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoClassDefFoundError e) {
            throw OptionalDependency.JACKSON_YAML.missing("a policy in YAML", e);
        }
    }

    private static void requireShort(String text) {
        if (text.length() > MAX_BYTES) {
            throw new PolicyFormatException(
                    "policy must have at most " + MAX_BYTES + " chars, but had " + text.length());
        }
    }

    private static String withoutMark(String text) {
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }
}
