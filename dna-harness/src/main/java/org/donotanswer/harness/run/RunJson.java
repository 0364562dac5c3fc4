package org.donotanswer.harness.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.JsonRecord;
import org.donotanswer.internal.Utf8;
import org.donotanswer.taxonomy.SpecificHarm;

/** The JSON of a run's files. Stateless, hence thread-safe. */
final class RunJson {
    private static final JsonMapper MAPPER = new JsonMapper();

    private RunJson() {}

    static String text(RunManifest manifest) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("formatVersion", RunManifest.FORMAT_VERSION);
        json.put("llm", manifest.llm().name());
        json.put("source", manifest.source());
        json.put("questions", manifest.questions());
        json.put("questionCount", manifest.questionCount());
        json.put("settings", manifest.settings());
        json.put("libraryVersion", manifest.libraryVersion());
        return indented(json);
    }

    static RunManifest readManifest(Path file) throws IOException {
        return read(file).as(json -> {
            SortedMap<String, String> settings = new TreeMap<>();
            json.node()
                    .path("settings")
                    .properties()
                    .forEach(entry ->
                            settings.put(entry.getKey(), entry.getValue().asText()));
            return new RunManifest(
                    Llm.of(json.string("llm")),
                    json.string("source"),
                    json.string("questions"),
                    json.node().path("questionCount").asInt(),
                    settings,
                    json.string("libraryVersion"));
        });
    }

    static String text(ReviewManifest reviewer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("formatVersion", RunManifest.FORMAT_VERSION);
        json.put("name", reviewer.name());
        json.put("evaluator", reviewer.evaluator());
        json.put("provenance", reviewer.provenance().toJson());
        return indented(json);
    }

    static ReviewManifest readReviewManifest(Path file) throws IOException {
        return read(file)
                .as(json -> new ReviewManifest(json.string("name"), json.string("evaluator"), provenance(json)));
    }

    private static Provenance provenance(JsonRecord json) throws BadInputException {
        JsonNode provenance = json.node().path("provenance");
        if (!provenance.isObject()) {
            throw json.error("provenance must be an object, but was " + JsonRecord.type(provenance));
        }
        return Provenance.fromJson(JsonRecord.toMap(provenance));
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
        response.thinking().ifPresent(thinking -> json.put("thinking", thinking));
        return line(json);
    }

    /** Earlier versions stored thinking as part of the response. */
    static CollectedResponse response(JsonRecord line) throws IOException {
        return line.as(json -> new CollectedResponse(
                        json.string("id"),
                        json.constant(SpecificHarm.class, "specificHarm"),
                        json.node().path("benign").asBoolean(),
                        Exchange.of(json.string("instruction"), json.string("response")),
                        json.constant(Finish.class, "finish"),
                        new TokenUsage(
                                json.node().path("inputTokens").asLong(),
                                json.node().path("outputTokens").asLong()),
                        json.optionalString("model"),
                        json.optionalString("thinking"))
                .dividingThinking());
    }

    static String line(String id, Assessment assessment) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.putAll(assessment.toJson());
        return line(json);
    }

    static Assessment assessment(JsonRecord line) throws IOException {
        return line.as(json -> Assessment.fromJson(JsonRecord.toMap(json.node())));
    }

    private static JsonRecord read(Path file) throws IOException {
        JsonRecord json = JsonRecord.read(file);
        json.requireFormatVersion(RunManifest.FORMAT_VERSION);
        return json;
    }

    private static String line(Map<String, Object> json) {
        try {
            String line = MAPPER.writeValueAsString(json);
            return Utf8.isWellFormed(line) ? line : escapeSurrogates(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("value must have a JSON form, but had none", e);
        }
    }

    /** An unpaired surrogate cannot be encoded in UTF-8, but can be escaped in JSON, where it only occurs in strings. */
    private static String escapeSurrogates(String line) {
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

    private static String indented(Map<String, Object> json) {
        try {
            return MAPPER.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("value must have a JSON form, but had none", e);
        }
    }
}
