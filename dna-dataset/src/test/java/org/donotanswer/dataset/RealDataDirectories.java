package org.donotanswer.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The directories of the published data in tests: the system properties {@code dna.data} and {@code dna.extra}, or else
 * subdirectories of {@code shared} beside the repository, whose root is the system property {@code dna.root}.
 */
public final class RealDataDirectories {
    private static final RealDataDirectories OF_THIS_RUN = new RealDataDirectories(System::getProperty);

    private final UnaryOperator<String> properties;

    RealDataDirectories(UnaryOperator<String> properties) {
        this.properties = properties;
    }

    /** Returns the directory of the published Do-Not-Answer files; for tests marked {@link RealData}. */
    public static Path doNotAnswer() {
        return OF_THIS_RUN.findDoNotAnswer().orElseThrow();
    }

    /** Returns the directory of the supplementary data; for tests marked {@link RealData}. */
    public static Path moreData() {
        return OF_THIS_RUN.findMoreData().orElseThrow();
    }

    static RealDataDirectories ofThisRun() {
        return OF_THIS_RUN;
    }

    Optional<Path> findDoNotAnswer() {
        return existing(doNotAnswerCandidate());
    }

    Optional<Path> findMoreData() {
        return existing(moreDataCandidate());
    }

    /** Returns a phrase for each missing directory. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (findDoNotAnswer().isEmpty()) {
            missing.add("dna.data (" + describe(doNotAnswerCandidate()) + ")");
        }
        if (findMoreData().isEmpty()) {
            missing.add("dna.extra (" + describe(moreDataCandidate()) + ")");
        }
        return missing;
    }

    private Optional<Path> doNotAnswerCandidate() {
        return property("dna.data").or(() -> property("dna.root").map(root -> root.resolve("../shared/do-not-answer")));
    }

    private Optional<Path> moreDataCandidate() {
        return property("dna.extra").or(() -> doNotAnswerCandidate().map(data -> data.resolveSibling("more-data")));
    }

    private Optional<Path> property(String name) {
        return Optional.ofNullable(properties.apply(name))
                .filter(value -> !value.isBlank())
                .map(value -> Path.of(value).toAbsolutePath().normalize());
    }

    private static Optional<Path> existing(Optional<Path> candidate) {
        return candidate.map(Path::normalize).filter(Files::isDirectory);
    }

    private static String describe(Optional<Path> candidate) {
        return candidate.map(path -> path.normalize() + " is not a directory").orElse("not set, nor is dna.root");
    }
}
