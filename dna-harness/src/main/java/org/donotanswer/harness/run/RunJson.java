package org.donotanswer.harness.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.io.StrictJson;
import org.donotanswer.internal.Utf8;
import org.donotanswer.taxonomy.SpecificHarm;

/** The JSON of a run's files. Errors name file and line, and quote no text. Thread-safe. */
final class RunJson {
    private static final String FORMAT = "formatVersion";
    private static final JsonMapper MAPPER = StrictJson.mapper();

    private RunJson() {}

    static String text(RunManifest manifest) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(FORMAT, RunManifest.FORMAT_VERSION);
        json.put("llm", manifest.llm().name());
        json.put("source", manifest.source());
        json.put("questions", manifest.questions());
        json.put("questionCount", manifest.questionCount());
        json.put("settings", manifest.settings());
        json.put("libraryVersion", manifest.libraryVersion());
        return pretty(json);
    }

    static RunManifest manifest(byte[] bytes, Path file) throws IOException {
        JsonNode node = versioned(bytes, file);
        SortedMap<String, String> settings = new TreeMap<>();
        node.path("settings")
                .properties()
                .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
        return checked(
                file,
                1,
                () -> new RunManifest(
                        Llm.of(string(node, "llm", file, 1)),
                        string(node, "source", file, 1),
                        string(node, "questions", file, 1),
                        node.path("questionCount").asInt(),
                        settings,
                        string(node, "libraryVersion", file, 1)));
    }

    static String text(ReviewManifest reviewer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(FORMAT, RunManifest.FORMAT_VERSION);
        json.put("name", reviewer.name());
        json.put("evaluator", reviewer.evaluator());
        json.put("provenance", reviewer.provenance().toJson());
        return pretty(json);
    }

    static ReviewManifest reviewManifest(byte[] bytes, Path file) throws IOException {
        JsonNode node = versioned(bytes, file);
        return checked(
                file,
                1,
                () -> new ReviewManifest(
                        string(node, "name", file, 1),
                        string(node, "evaluator", file, 1),
                        Provenance.fromJson(map(node.path("provenance")))));
    }

    static String line(CollectedResponse response) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", response.id());
        response.specificHarm().ifPresent(harm -> json.put("specificHarm", harm.name()));
        if (response.benign()) {
            json.put("benign", true);
        }
        json.put("instruction", response.exchange().instruction());
        json.put("response", response.exchange().response());
        response.finish().ifPresent(finish -> json.put("finish", finish.name()));
        json.put("inputTokens", response.usage().input());
        json.put("outputTokens", response.usage().output());
        response.model().ifPresent(model -> json.put("model", model));
        return compact(json);
    }

    static CollectedResponse response(JsonNode node, Path file, long line) throws IOException {
        return checked(
                file,
                line,
                () -> new CollectedResponse(
                        id(node, file, line),
                        constant(SpecificHarm.class, node, "specificHarm", file, line),
                        node.path("benign").asBoolean(),
                        Exchange.of(string(node, "instruction", file, line), string(node, "response", file, line)),
                        constant(Finish.class, node, "finish", file, line),
                        new TokenUsage(
                                node.path("inputTokens").asLong(),
                                node.path("outputTokens").asLong()),
                        node.hasNonNull("model") ? Optional.of(string(node, "model", file, line)) : Optional.empty()));
    }

    static String line(String id, Assessment assessment) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.putAll(assessment.toJson());
        return compact(json);
    }

    static Assessment assessment(JsonNode node, Path file, long line) throws IOException {
        return checked(file, line, () -> Assessment.fromJson(map(node)));
    }

    static String id(JsonNode node, Path file, long line) throws BadInputException {
        return string(node, "id", file, line);
    }

    /** Returns the object of a line. */
    static JsonNode object(LineReader.Line line, Path file) throws BadInputException {
        if (line.text() == null) {
            throw new BadInputException("line " + line.problem(), file.toString(), line.number(), null);
        }
        return object(line.text(), file, line.number());
    }

    private static JsonNode object(String text, Path file, long line) throws BadInputException {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            // Its message quotes the text.
            throw new BadInputException("line must be a JSON object, but was broken", file.toString(), line, null);
        }
        if (!node.isObject()) {
            throw new BadInputException(
                    "line must be a JSON object, but was "
                            + node.getNodeType().name().toLowerCase(Locale.ROOT),
                    file.toString(),
                    line,
                    null);
        }
        return node;
    }

    private static JsonNode versioned(byte[] bytes, Path file) throws IOException {
        JsonNode node = object(new String(bytes, StandardCharsets.UTF_8), file, 1);
        if (node.path(FORMAT).asInt(-1) != RunManifest.FORMAT_VERSION) {
            throw new BadInputException(
                    FORMAT + " must be " + RunManifest.FORMAT_VERSION + ", but was "
                            + node.path(FORMAT).asText("missing"),
                    file.toString(),
                    1,
                    null);
        }
        return node;
    }

    private static String string(JsonNode node, String name, Path file, long line) throws BadInputException {
        JsonNode value = node.get(name);
        if (value == null || !value.isTextual()) {
            throw new BadInputException(
                    name + " must be a string, but was "
                            + (value == null
                                    ? "missing"
                                    : value.getNodeType().name().toLowerCase(Locale.ROOT)),
                    file.toString(),
                    line,
                    null);
        }
        return value.textValue();
    }

    private static <E extends Enum<E>> Optional<E> constant(
            Class<E> type, JsonNode node, String name, Path file, long line) throws BadInputException {
        if (!node.hasNonNull(name)) {
            return Optional.empty();
        }
        String value = string(node, name, file, line);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(value)) {
                return Optional.of(constant);
            }
        }
        throw new BadInputException(
                name + " must be the name of a " + type.getSimpleName() + ", but was another",
                file.toString(),
                line,
                null);
    }

    private static Map<String, Object> map(JsonNode node) {
        return MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {});
    }

    /** Makes a value of what was read. */
    @FunctionalInterface
    private interface Maker<T> {
        T make() throws IOException;
    }

    private static <T> T checked(Path file, long line, Maker<T> maker) throws IOException {
        try {
            return maker.make();
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), file.toString(), line, null);
        }
    }

    private static String compact(Map<String, Object> json) {
        try {
            String line = MAPPER.writeValueAsString(json);
            return Utf8.isWellFormed(line) ? line : escaped(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("value must have a JSON form, but was without one", e);
        }
    }

    /** A surrogate without its other half has no form in UTF-8, but one in JSON, where it stands in strings only. */
    private static String escaped(String line) {
        StringBuilder escaped = new StringBuilder(line.length() + 64);
        line.codePoints().forEach(c -> {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                escaped.append("\\u").append(HexFormat.of().withUpperCase().toHexDigits((char) c));
            } else {
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }

    private static String pretty(Map<String, Object> json) {
        try {
            return MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("value must have a JSON form, but was without one", e);
        }
    }
}
