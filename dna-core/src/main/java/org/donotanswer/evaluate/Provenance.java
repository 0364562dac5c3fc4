package org.donotanswer.evaluate;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What something trained or measured was made of, and how: enough to reproduce it. Immutable, hence thread-safe.
 *
 * <p>Machine and Java version are recorded because elementary functions may differ between them in the last digit.
 *
 * @param name the name of the thing described, not blank
 * @param version its version, not blank
 * @param libraryVersion the version of this library, not blank
 * @param seed the seed of all random numbers; empty if none were drawn or the seed is not known
 * @param data the SHA-256 of each input, as 64 lower-case hexadecimal digits, by the input's name; sorted
 * @param parameters the hyper-parameters and options by name; sorted
 * @param figures the measured figures by name, finite; sorted
 * @param platform the versions of Java and native libraries, operating system and architecture by name; sorted
 */
public record Provenance(
        String name,
        String version,
        String libraryVersion,
        OptionalLong seed,
        SortedMap<String, String> data,
        SortedMap<String, String> parameters,
        SortedMap<String, Double> figures,
        SortedMap<String, String> platform) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * Copies and checks the values.
     *
     * @throws IllegalArgumentException if a name or version is blank, a checksum malformed, or a figure not finite
     */
    public Provenance {
        requireText("name", name);
        requireText("version", version);
        requireText("libraryVersion", libraryVersion);
        Objects.requireNonNull(seed, "seed");
        data = copyOf("data", data);
        parameters = copyOf("parameters", parameters);
        figures = copyOf("figures", figures);
        platform = copyOf("platform", platform);
        data.forEach((key, checksum) -> {
            if (!SHA256.matcher(checksum).matches()) {
                throw new IllegalArgumentException(
                        "SHA-256 of " + key + " must be 64 lower-case hexadecimal digits, but was '" + checksum + "'");
            }
        });
        figures.forEach((key, figure) -> {
            if (!Double.isFinite(figure)) {
                throw new IllegalArgumentException("figure " + key + " must be finite, but was " + figure);
            }
        });
    }

    private static void requireText(String name, String value) {
        if (Objects.requireNonNull(value, name).isBlank()) {
            throw new IllegalArgumentException(name + " must not be blank, but was '" + value + "'");
        }
    }

    private static <V> SortedMap<String, V> copyOf(String name, Map<String, V> values) {
        SortedMap<String, V> copy = new TreeMap<>();
        Objects.requireNonNull(values, name)
                .forEach((key, value) -> copy.put(
                        Objects.requireNonNull(key, name), Objects.requireNonNull(value, () -> name + "." + key)));
        return Collections.unmodifiableSortedMap(copy);
    }

    /** Returns a builder for something with the given name and version that this process makes with this library. */
    public static ProvenanceBuilder builder(String name, String version) {
        return new ProvenanceBuilder(name, version);
    }

    /** Returns the JSON form: an ordered, unmodifiable map of strings, numbers and nested maps. */
    @JsonValue
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("version", version);
        json.put("libraryVersion", libraryVersion);
        seed.ifPresent(value -> json.put("seed", value));
        json.put("data", data);
        json.put("parameters", parameters);
        json.put("figures", figures);
        json.put("platform", platform);
        return Collections.unmodifiableMap(json);
    }

    /**
     * Returns the provenance with the given JSON form, equal to the one that produced it.
     *
     * @throws IllegalArgumentException if the map is not the JSON form of a provenance
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Provenance fromJson(Map<String, ?> json) {
        JsonMembers members = new JsonMembers(json);
        SortedMap<String, Double> figures = new TreeMap<>();
        members.object("figures", Number.class, "a number")
                .forEach((key, number) -> figures.put(key, number.doubleValue()));
        return new Provenance(
                members.requiredText("name"),
                members.requiredText("version"),
                members.requiredText("libraryVersion"),
                members.integer("seed"),
                new TreeMap<>(members.object("data", String.class, "a string")),
                new TreeMap<>(members.object("parameters", String.class, "a string")),
                figures,
                new TreeMap<>(members.object("platform", String.class, "a string")));
    }
}
