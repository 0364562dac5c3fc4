package org.donotanswer.guard.internal;

/** The optional dependencies of this module, to report one that is missing. */
public enum OptionalDependency {
    /** Reads and writes JSON. */
    JACKSON("com.fasterxml.jackson.core:jackson-databind", "com.fasterxml.jackson.databind"),
    /** Reads and writes YAML. */
    JACKSON_YAML("com.fasterxml.jackson.dataformat:jackson-dataformat-yaml", "com.fasterxml.jackson.dataformat.yaml"),
    /** Caches. */
    CAFFEINE("com.github.ben-manes.caffeine:caffeine", "com.github.benmanes.caffeine");

    private final String artifact;
    private final String module;

    OptionalDependency(String artifact, String module) {
        this.artifact = artifact;
        this.module = module;
    }

    /** Returns the exception for a feature that needs this dependency. */
    public IllegalStateException missing(String feature, LinkageError cause) {
        return new IllegalStateException(
                feature + " requires " + artifact + ", but it was not found (add the artifact and, to a modular"
                        + " application, \"requires " + module + "\")",
                cause);
    }
}
