package org.donotanswer.encoder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.Provenance;

/**
 * What a model's file says beside its tensors, in the header's {@code __metadata__}. Immutable, hence thread-safe.
 *
 * @param base the Maven coordinates of the encoder
 * @param baseSha256 the checksum of the encoder's file
 * @param heads in the order of the outputs, each once
 * @param temperatures for each head what its logits are divided by, above 0
 * @param benchmarkStage the second stage in the benchmark's norm
 */
record EncoderMetadata(
        String base,
        String baseSha256,
        List<HeadKind> heads,
        ReadingWindows windows,
        Map<HeadKind, Double> temperatures,
        SecondStage secondStage,
        SecondStage benchmarkStage,
        Provenance provenance) {
    static final String VERSION = "1";

    private static final String FORMAT_VERSION = "format_version";
    private static final String BASE = "base";
    private static final String BASE_SHA256 = "base_sha256";
    private static final String HEADS = "heads";
    private static final String WINDOWS = "windows";
    private static final String TEMPERATURES = "temperatures";
    private static final String SECOND_STAGE = "second_stage";
    private static final String BENCHMARK_STAGE = "benchmark_stage";
    private static final String PROVENANCE = "provenance";
    private static final List<String> ENTRIES = List.of(
            FORMAT_VERSION, BASE, BASE_SHA256, HEADS, WINDOWS, TEMPERATURES, SECOND_STAGE, BENCHMARK_STAGE, PROVENANCE);

    private static final String MAX_TOKENS = "max_tokens";
    private static final String OVERLAP = "overlap";
    private static final String MAX_WINDOWS = "max_windows";

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<List<String>> NAMES = new TypeReference<>() {};
    private static final TypeReference<Map<String, Double>> NUMBERS = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    EncoderMetadata {
        if (!SHA256.matcher(baseSha256).matches()) {
            throw new IllegalArgumentException(
                    BASE_SHA256 + " must be 64 lower-case hexadecimal digits, but was '" + baseSha256 + "'");
        }
        heads = List.copyOf(heads);
        if (heads.isEmpty() || Set.copyOf(heads).size() < heads.size()) {
            throw new IllegalArgumentException(HEADS + " must be of different kinds, but were " + heads);
        }
        Map<HeadKind, Double> copy = new EnumMap<>(HeadKind.class);
        for (HeadKind head : heads) {
            Double temperature = temperatures.get(head);
            if (temperature == null || !(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "temperature of " + head.configName() + " must be above 0, but was " + temperature);
            }
            copy.put(head, temperature);
        }
        if (copy.size() < temperatures.size()) {
            throw new IllegalArgumentException(
                    TEMPERATURES + " must be of heads of the model, but were of " + temperatures.keySet());
        }
        temperatures = Collections.unmodifiableMap(copy);
    }

    /** Returns the number of outputs of all heads together. */
    int outputs() {
        return heads.stream().mapToInt(HeadKind::outputs).sum();
    }

    /** Returns the entries of the header, all of them JSON but the first three. */
    Map<String, String> entries() {
        Map<String, Integer> windowing = new LinkedHashMap<>();
        windowing.put(MAX_TOKENS, windows.maxTokens());
        windowing.put(OVERLAP, windows.overlap());
        windowing.put(MAX_WINDOWS, windows.maxWindows());
        Map<String, Double> named = new LinkedHashMap<>();
        heads.forEach(head -> named.put(head.configName(), temperatures.get(head)));
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put(FORMAT_VERSION, VERSION);
        entries.put(BASE, base);
        entries.put(BASE_SHA256, baseSha256);
        entries.put(HEADS, json(heads.stream().map(HeadKind::configName).toList()));
        entries.put(WINDOWS, json(windowing));
        entries.put(TEMPERATURES, json(named));
        entries.put(SECOND_STAGE, json(secondStage.toJson()));
        entries.put(BENCHMARK_STAGE, json(benchmarkStage.toJson()));
        entries.put(PROVENANCE, json(provenance.toJson()));
        return entries;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns what the entries of a header say.
     *
     * @param where the file, for messages
     * @throws ModelFormatException if an entry is missing, unknown or malformed, or the format is of another version
     */
    static EncoderMetadata parse(Map<String, String> entries, String where) throws ModelFormatException {
        String version = entries.getOrDefault(FORMAT_VERSION, "missing");
        if (!version.equals(VERSION)) {
            throw invalid(FORMAT_VERSION, "must be " + VERSION, printable(version), where);
        }
        TreeSet<String> names = new TreeSet<>(entries.keySet());
        ENTRIES.forEach(names::remove);
        if (!names.isEmpty()) {
            throw invalid("entries of __metadata__", "must be " + ENTRIES, "also " + printable(names.first()), where);
        }
        for (String name : ENTRIES) {
            if (!entries.containsKey(name)) {
                throw invalid(name, "must be in __metadata__", "missing", where);
            }
        }
        try {
            return parsed(entries, where);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(printable(String.valueOf(e.getMessage())) + " (" + where + ")", e);
        }
    }

    private static EncoderMetadata parsed(Map<String, String> entries, String where) throws ModelFormatException {
        List<HeadKind> heads = new ArrayList<>();
        for (String name : read(HEADS, entries, NAMES, where)) {
            heads.add(head(HEADS, String.valueOf(name), where));
        }
        Map<HeadKind, Double> temperatures = new EnumMap<>(HeadKind.class);
        for (Map.Entry<String, Double> entry :
                read(TEMPERATURES, entries, NUMBERS, where).entrySet()) {
            temperatures.put(head(TEMPERATURES, entry.getKey(), where), entry.getValue());
        }
        return new EncoderMetadata(
                entries.getOrDefault(BASE, ""),
                entries.getOrDefault(BASE_SHA256, ""),
                heads,
                windows(read(WINDOWS, entries, OBJECT, where), where),
                temperatures,
                SecondStage.fromJson(read(SECOND_STAGE, entries, OBJECT, where)),
                SecondStage.fromJson(read(BENCHMARK_STAGE, entries, OBJECT, where)),
                Provenance.fromJson(read(PROVENANCE, entries, OBJECT, where)));
    }

    private static ReadingWindows windows(Map<String, Object> json, String where) throws ModelFormatException {
        if (!(json.size() == 3
                && json.get(MAX_TOKENS) instanceof Integer maxTokens
                && json.get(OVERLAP) instanceof Integer overlap
                && json.get(MAX_WINDOWS) instanceof Integer maxWindows)) {
            throw invalid(
                    WINDOWS,
                    "must have the integers " + MAX_TOKENS + ", " + OVERLAP + " and " + MAX_WINDOWS,
                    printable(json.toString()),
                    where);
        }
        return new ReadingWindows(maxTokens, overlap, maxWindows);
    }

    private static HeadKind head(String entry, String name, String where) throws ModelFormatException {
        for (HeadKind kind : HeadKind.values()) {
            if (kind.configName().equals(name)) {
                return kind;
            }
        }
        throw invalid(entry, "must be of known heads", "of '" + printable(name) + "'", where);
    }

    private static <T> T read(String name, Map<String, String> entries, TypeReference<T> type, String where)
            throws ModelFormatException {
        try {
            return Optional.ofNullable(JSON.readValue(entries.get(name), type))
                    .orElseThrow(() -> new IllegalArgumentException(name + " must not be null, but was"));
        } catch (JsonProcessingException e) {
            throw new ModelFormatException(name + " must be JSON of its form, but was malformed (" + where + ")", e);
        }
    }

    private static ModelFormatException invalid(String subject, String requirement, String value, String where) {
        return new ModelFormatException(subject + " " + requirement + ", but was " + value + " (" + where + ")");
    }

    /** Returns text from a file as one short line that cannot disturb a terminal. */
    private static String printable(String text) {
        String start = text.length() <= 160 ? text : text.substring(0, 160) + "...";
        return start.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    }
}
