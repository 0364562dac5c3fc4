package org.donotanswer.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The directories of data in tests, each given by a system property, or else a subdirectory of {@code shared} beside the
 * repository, whose root is the system property {@code dna.root}. Without {@code dna.root}, all others are looked for beside
 * that of {@code dna.data}.
 */
public final class RealDataDirectories {
    private static final RealDataDirectories OF_THIS_RUN = new RealDataDirectories(System::getProperty);

    /** A directory. */
    public enum Kind {
        /** The published Do-Not-Answer files. */
        DO_NOT_ANSWER("dna.data", "do-not-answer"),
        /** The supplementary data. */
        MORE_DATA("dna.extra", "more-data"),
        /** Public safety data of many sources. */
        SAFETY_DATA("dna.safety", "safety-data"),
        /** Groups of contrasting exchanges. */
        CONTRAST_DATA("dna.contrast", "contrast-data"),
        /** Data on prompt injection. */
        INJECTION_DATA("dna.injection", "injection-data");

        private final String property;
        private final String name;

        Kind(String property, String name) {
            this.property = property;
            this.name = name;
        }
    }

    private final UnaryOperator<String> properties;

    RealDataDirectories(UnaryOperator<String> properties) {
        this.properties = properties;
    }

    /** Returns the directory of the published Do-Not-Answer files; for tests marked {@link RealData}. */
    public static Path doNotAnswer() {
        return OF_THIS_RUN.find(Kind.DO_NOT_ANSWER).orElseThrow();
    }

    /** Returns the directory of the supplementary data; for tests marked {@link RealData}. */
    public static Path moreData() {
        return OF_THIS_RUN.find(Kind.MORE_DATA).orElseThrow();
    }

    /** Returns the directory of public safety data; for tests marked {@link RealData} with that kind. */
    public static Path safetyData() {
        return OF_THIS_RUN.find(Kind.SAFETY_DATA).orElseThrow();
    }

    /** Returns the directory of contrast groups; for tests marked {@link RealData} with that kind. */
    public static Path contrastData() {
        return OF_THIS_RUN.find(Kind.CONTRAST_DATA).orElseThrow();
    }

    /** Returns the directory of data on prompt injection; for tests marked {@link RealData} with that kind. */
    public static Path injectionData() {
        return OF_THIS_RUN.find(Kind.INJECTION_DATA).orElseThrow();
    }

    static RealDataDirectories ofThisRun() {
        return OF_THIS_RUN;
    }

    Optional<Path> find(Kind kind) {
        return candidate(kind).map(Path::normalize).filter(Files::isDirectory);
    }

    /** Returns a phrase for each missing directory. */
    List<String> missing(Collection<Kind> kinds) {
        List<String> missing = new ArrayList<>();
        for (Kind kind : kinds) {
            if (find(kind).isEmpty()) {
                missing.add(kind.property + " (" + describe(candidate(kind)) + ")");
            }
        }
        return missing;
    }

    private Optional<Path> candidate(Kind kind) {
        Optional<Path> given = property(kind.property);
        if (given.isPresent()) {
            return given;
        }
        return kind == Kind.DO_NOT_ANSWER
                ? property("dna.root").map(root -> root.resolve("../shared").resolve(kind.name))
                : candidate(Kind.DO_NOT_ANSWER).map(data -> data.resolveSibling(kind.name));
    }

    private Optional<Path> property(String name) {
        return Optional.ofNullable(properties.apply(name))
                .filter(value -> !value.isBlank())
                .map(value -> Path.of(value).toAbsolutePath().normalize());
    }

    private static String describe(Optional<Path> candidate) {
        return candidate.map(path -> path.normalize() + " is not a directory").orElse("not set, nor is dna.root");
    }
}
