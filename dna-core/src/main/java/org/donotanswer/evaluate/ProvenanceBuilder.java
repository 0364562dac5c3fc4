package org.donotanswer.evaluate;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Provenance}. Library version and platform default to those of this process; every value may be set
 * once. Not thread-safe.
 */
public final class ProvenanceBuilder {
    private final String name;
    private final String version;
    private @Nullable String libraryVersion;
    private @Nullable Long seed;
    private final SortedMap<String, String> data = new TreeMap<>();
    private final SortedMap<String, String> parameters = new TreeMap<>();
    private final SortedMap<String, Double> figures = new TreeMap<>();
    private final SortedMap<String, String> platform = new TreeMap<>();

    ProvenanceBuilder(String name, String version) {
        this.name = Objects.requireNonNull(name, "name");
        this.version = Objects.requireNonNull(version, "version");
    }

    /**
     * Sets the version of the library, if it is not this library's own.
     *
     * @throws IllegalStateException if it was set before
     */
    public ProvenanceBuilder libraryVersion(String value) {
        libraryVersion = BuilderChecks.setOnce("libraryVersion", libraryVersion, value);
        return this;
    }

    /**
     * Sets the seed of all random numbers.
     *
     * @throws IllegalStateException if it was set before
     */
    public ProvenanceBuilder seed(long value) {
        seed = BuilderChecks.setOnce("seed", seed, value);
        return this;
    }

    /**
     * Adds the checksum of an input.
     *
     * @param sha256 64 lower-case hexadecimal digits
     * @throws IllegalStateException if that input was added before
     */
    public ProvenanceBuilder data(String name, String sha256) {
        put("data " + name, data, name, sha256);
        return this;
    }

    /**
     * Adds a hyper-parameter or option.
     *
     * @throws IllegalStateException if that parameter was added before
     */
    public ProvenanceBuilder parameter(String name, String value) {
        put("parameter " + name, parameters, name, value);
        return this;
    }

    /**
     * Adds a measured figure.
     *
     * @throws IllegalStateException if that figure was added before
     */
    public ProvenanceBuilder figure(String name, double value) {
        put("figure " + name, figures, name, value);
        return this;
    }

    /**
     * Adds a fact about the platform, for example the version of a native library; "java", "os" and "arch" need not be
     * added.
     *
     * @throws IllegalStateException if that fact was added before
     */
    public ProvenanceBuilder platform(String name, String value) {
        put("platform " + name, platform, name, value);
        return this;
    }

    /**
     * Returns the provenance.
     *
     * @throws IllegalArgumentException if a name or version is blank, a checksum malformed, or a figure not finite
     */
    public Provenance build() {
        SortedMap<String, String> here = new TreeMap<>(Map.of(
                "java", System.getProperty("java.vm.version", "unknown"),
                "os", System.getProperty("os.name", "unknown"),
                "arch", System.getProperty("os.arch", "unknown")));
        here.putAll(platform);
        return new Provenance(
                name,
                version,
                libraryVersion == null ? LibraryVersion.current() : libraryVersion,
                seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
                data,
                parameters,
                figures,
                here);
    }

    private static <V> void put(String what, Map<String, V> map, String key, V value) {
        Objects.requireNonNull(key, "name");
        map.put(key, BuilderChecks.setOnce(what, map.get(key), value));
    }
}
