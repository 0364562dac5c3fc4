package org.donotanswer.bench.evaluation;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;

/**
 * A value of {@code --input}: a file, a directory, or a pattern. On Windows, where a backslash separates names and a pattern
 * is no valid path, both separators are understood. Immutable, hence thread-safe.
 *
 * @param text as it was given
 * @param base the file or directory itself; of a pattern, the directory before the first part with a special character
 * @param rest the pattern below that directory, with slashes; empty if it is none
 */
record InputArgument(String text, Path base, String rest) {
    private static final String PATTERN_CHARACTERS = "*?{[";

    /**
     * Returns what a value stands for. One with special characters is a pattern, unless there is a file of that very name.
     *
     * @throws NoSuchFileException if there is no such file or directory
     */
    static InputArgument of(String text) throws NoSuchFileException {
        boolean isSpecial = text.chars().anyMatch(c -> PATTERN_CHARACTERS.indexOf(c) >= 0);
        if (isSpecial && !exists(text)) {
            int split = baseLength(text, File.separatorChar);
            String rest = text.substring(split);
            // Elsewhere, a backslash is a character of names like others.
            rest = File.separatorChar == '\\' ? rest.replace('\\', '/') : rest.replace("\\", "\\\\");
            return new InputArgument(text, Path.of(text.substring(0, split)), rest);
        }
        if (!exists(text)) {
            throw new NoSuchFileException(text);
        }
        return new InputArgument(text, Path.of(text), "");
    }

    private static boolean exists(String text) {
        try {
            return Files.exists(Path.of(text));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * Returns how long the part of a pattern is that names a directory, with the separator at its end.
     *
     * @param separator that of the platform; a slash is one as well
     */
    static int baseLength(String pattern, char separator) {
        int special = 0;
        while (PATTERN_CHARACTERS.indexOf(pattern.charAt(special)) < 0) {
            special++;
        }
        return Math.max(pattern.lastIndexOf('/', special), pattern.lastIndexOf(separator, special)) + 1;
    }

    boolean isPattern() {
        return !rest.isEmpty();
    }

    boolean isDirectory() {
        return !isPattern() && Files.isDirectory(base);
    }

    /** Returns whether it may stand for several files, whether it does or not. */
    boolean mayBeSeveral() {
        return isPattern() || isDirectory();
    }

    /** Returns what matches paths below the base. */
    PathMatcher matcher() {
        return FileSystems.getDefault().getPathMatcher("glob:" + rest);
    }

    /** Returns the files of a directory or pattern. */
    InputWalk walk() throws IOException {
        return InputWalk.of(base);
    }
}
