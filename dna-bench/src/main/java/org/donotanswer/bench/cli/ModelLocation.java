package org.donotanswer.bench.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The location of a model: a file or directory, or a repository of the Hugging Face hub. Immutable, hence thread-safe. */
sealed interface ModelLocation {
    /** The prefix of the name of a repository. */
    String HUB = "hf:";

    /** The syntax of a repository in help and messages. */
    String SYNTAX = "hf:OWNER/NAME[@REVISION]";

    /** A file or directory. */
    record Local(Path path) implements ModelLocation {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A repository of the hub at a branch, a tag or a commit. */
    record Hosted(String repository, String revision) implements ModelLocation {
        private static final Pattern FORM = Pattern.compile(HUB + "([^@\\s]+/[^@\\s]+?)(?:@(\\S+))?");

        @Override
        public String toString() {
            return HUB + repository + "@" + revision;
        }
    }

    /** Returns whether this is a file, which a checkpoint is not. */
    default boolean isFile() {
        return this instanceof Local local && Files.isRegularFile(local.path());
    }

    /**
     * Parses a location.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static ModelLocation of(String text) {
        if (!text.startsWith(HUB)) {
            try {
                return new Local(Path.of(text));
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("must be a path or " + SYNTAX + ", but was '" + text + "'", e);
            }
        }
        Matcher matcher = Hosted.FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be " + SYNTAX + ", but was '" + text + "'");
        }
        return new Hosted(matcher.group(1), matcher.group(2) == null ? "main" : matcher.group(2));
    }
}
