package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.donotanswer.harness.io.FileCompression;

/**
 * The files that the values of {@code --input} stand for: a file for itself, a directory for the files of records below it,
 * and a pattern for the files that match it, both sorted by path. A file that is meant twice is read once. Immutable, hence
 * thread-safe.
 *
 * @param files the files in the order in which they are read, at least one
 * @param mayBeSeveral whether the values may stand for several files, whether they do or not
 * @param passedOver how many files of directories have a name that is not one of a file of records
 */
record InputFiles(List<InputFile> files, boolean mayBeSeveral, long passedOver) {
    private static final List<String> EXTENSIONS =
            List.of(".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".tab", ".txt", ".parquet");
    private static final String PATTERN_CHARACTERS = "*?{[";

    InputFiles {
        files = List.copyOf(files);
    }

    /**
     * A file to read. Immutable, hence thread-safe.
     *
     * @param path where it is
     * @param name its path below the directory, or the part of the pattern without special characters, that it was found in,
     *     with slashes; otherwise the last part of its path
     */
    record InputFile(Path path, String name) {
        /**
         * Returns what is different once the file was changed.
         *
         * @throws IOException if it cannot be looked up
         */
        String stamp() throws IOException {
            return Files.size(path) + " bytes, " + Files.getLastModifiedTime(path);
        }

        String shownPath() {
            return path.toString().replace('\\', '/');
        }

        static InputFile below(Path directory, Path path) {
            return new InputFile(path, directory.relativize(path).toString().replace('\\', '/'));
        }
    }

    /** Returns the paths of the files, with slashes, for assessments that say which file they are of; otherwise empty. */
    List<String> namesIfSeveral() {
        return mayBeSeveral ? files.stream().map(InputFile::shownPath).toList() : List.of();
    }

    /**
     * Looks the files up.
     *
     * @throws NoSuchFileException if a file does not exist
     * @throws IOException if a directory or a pattern stands for no file, or cannot be read
     */
    static InputFiles of(List<String> inputs) throws IOException {
        Map<Path, InputFile> found = new LinkedHashMap<>();
        boolean mayBeSeveral = inputs.size() > 1;
        long passedOver = 0;
        for (String input : inputs) {
            if (isPattern(input)) {
                mayBeSeveral = true;
                add(matching(input), found);
                continue;
            }
            Path path = Path.of(input);
            if (!Files.exists(path)) {
                throw new NoSuchFileException(input);
            }
            if (!Files.isDirectory(path)) {
                add(List.of(new InputFile(path, String.valueOf(path.getFileName()))), found);
                continue;
            }
            mayBeSeveral = true;
            List<Path> all = walk(path, file -> isVisible(path, file));
            List<InputFile> readable = all.stream()
                    .filter(InputFiles::isNamedAsRecords)
                    .map(file -> InputFile.below(path, file))
                    .toList();
            if (readable.isEmpty()) {
                throw new IOException("input directory must have files named " + String.join(", ", EXTENSIONS)
                        + ", with or without .gz or .zst, but had none (" + input + ")");
            }
            passedOver += all.size() - readable.size();
            add(readable, found);
        }
        return new InputFiles(new ArrayList<>(found.values()), mayBeSeveral, passedOver);
    }

    /** Returns whether a value is a pattern; a file of that very name is none. */
    private static boolean isPattern(String input) {
        return input.chars().anyMatch(c -> PATTERN_CHARACTERS.indexOf(c) >= 0) && !Files.exists(Path.of(input));
    }

    private static void add(Collection<InputFile> files, Map<Path, InputFile> found) throws IOException {
        for (InputFile file : files) {
            found.putIfAbsent(file.path().toRealPath(), file);
        }
    }

    private static List<InputFile> matching(String pattern) throws IOException {
        Path base = base(pattern);
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.replace("\\", "\\\\"));
        List<InputFile> files = Files.isDirectory(base)
                ? walk(base, file -> matcher.matches(file) && isVisible(base, file)).stream()
                        .map(file -> InputFile.below(base, file))
                        .toList()
                : List.of();
        if (files.isEmpty()) {
            throw new IOException("input pattern must match files, but matched none (" + pattern + ")");
        }
        return files;
    }

    /** Returns the directory before the first part of a pattern with a special character. */
    private static Path base(String pattern) {
        int special = 0;
        while (PATTERN_CHARACTERS.indexOf(pattern.charAt(special)) < 0) {
            special++;
        }
        int slash = pattern.lastIndexOf('/', special);
        return Path.of(slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash));
    }

    private static List<Path> walk(Path directory, Predicate<Path> filter) throws IOException {
        try (Stream<Path> paths = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            return paths.filter(Files::isRegularFile).filter(filter).sorted().toList();
        }
    }

    /** Returns whether no part of the path below the directory is hidden, as those are that Spark and Git leave. */
    private static boolean isVisible(Path directory, Path file) {
        for (Path part : directory.relativize(file)) {
            if (part.toString().startsWith(".") || part.toString().startsWith("_")) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNamedAsRecords(Path file) {
        String name = String.valueOf(file.getFileName());
        String plain = FileCompression.ofName(name).withoutExtension(name).toLowerCase(Locale.ROOT);
        return EXTENSIONS.stream().anyMatch(plain::endsWith);
    }
}
