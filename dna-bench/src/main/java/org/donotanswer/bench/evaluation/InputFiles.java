package org.donotanswer.bench.evaluation;

import java.io.IOException;
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
import java.util.Optional;
import org.donotanswer.bench.UsageException;
import org.donotanswer.harness.io.FileCompression;

/**
 * The files that the values of {@code --input} stand for: a file for itself, a directory for the files of records below it,
 * and a pattern for the files that match it, both sorted by path. A file that is meant twice is read once. Immutable, hence
 * thread-safe.
 *
 * @param files the files in the order in which they are read, at least one
 * @param sources the values, at least one
 * @param passedOver how many files of directories have a name that is not one of a file of records
 * @param irregular what would be read if it were a file
 */
public record InputFiles(List<InputFile> files, List<Source> sources, long passedOver, List<Path> irregular) {
    private static final List<String> EXTENSIONS =
            List.of(".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".tab", ".txt", ".parquet");

    public InputFiles {
        files = List.copyOf(files);
        sources = List.copyOf(sources);
        irregular = List.copyOf(irregular);
    }

    /**
     * A value of the option.
     *
     * @param walk what is below it; empty for a file
     */
    record Source(InputArgument argument, Optional<InputWalk> walk) {}

    /**
     * A file to read. Immutable, hence thread-safe.
     *
     * @param path where it is
     * @param name its path below the directory, or the part of the pattern without special characters, that it was found in,
     *     with slashes; otherwise the last part of its path
     */
    public record InputFile(Path path, String name) {
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
    public List<String> namesIfSeveral() {
        return mayBeSeveral() ? files.stream().map(InputFile::shownPath).toList() : List.of();
    }

    /**
     * Looks the files up.
     *
     * @throws NoSuchFileException if a file does not exist
     * @throws IOException if a directory or a pattern stands for no file, or cannot be read
     */
    public static InputFiles of(List<String> inputs) throws IOException {
        Map<Path, InputFile> found = new LinkedHashMap<>();
        List<Source> sources = new ArrayList<>();
        long passedOver = 0;
        List<Path> irregular = new ArrayList<>();
        for (String input : inputs) {
            InputArgument argument = InputArgument.of(input);
            if (!argument.mayBeSeveral()) {
                Path path = argument.base();
                add(List.of(new InputFile(path, String.valueOf(path.getFileName()))), found);
                sources.add(new Source(argument, Optional.empty()));
                continue;
            }
            boolean isEmpty = argument.isPattern() && !Files.isDirectory(argument.base());
            InputWalk walk = isEmpty ? new InputWalk(argument.base(), List.of(), List.of(), Map.of()) : argument.walk();
            PathMatcher matcher = argument.isPattern() ? argument.matcher() : InputFiles::isNamedAsRecords;
            List<InputFile> matching = matching(walk, walk.files(), matcher).stream()
                    .map(file -> InputFile.below(argument.base(), file))
                    .toList();
            requireSome(matching, argument);
            passedOver += argument.isPattern() ? 0 : walk.files().size() - matching.size();
            irregular.addAll(matching(walk, walk.others(), matcher));
            add(matching, found);
            sources.add(new Source(argument, Optional.of(walk)));
        }
        return new InputFiles(new ArrayList<>(found.values()), sources, passedOver, irregular);
    }

    private static List<Path> matching(InputWalk walk, List<Path> files, PathMatcher matcher) {
        return files.stream()
                .filter(file -> matcher.matches(walk.directory().relativize(file)))
                .toList();
    }

    private static void requireSome(List<InputFile> files, InputArgument argument) throws IOException {
        if (files.isEmpty()) {
            throw new IOException(
                    argument.isPattern()
                            ? "input pattern must match files, but matched none (" + argument.text() + ")"
                            : "input directory must have files named " + String.join(", ", EXTENSIONS)
                                    + ", with or without .gz or .zst, but had none (" + argument.text() + ")");
        }
    }

    private static void add(Collection<InputFile> files, Map<Path, InputFile> found) throws IOException {
        for (InputFile file : files) {
            found.putIfAbsent(file.path().toRealPath(), file);
        }
    }

    /** Returns whether the values may stand for several files, whether they do or not. */
    public boolean mayBeSeveral() {
        return sources.size() > 1 || sources.get(0).argument().mayBeSeveral();
    }

    /** Returns a line for each reason why files were passed over. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (passedOver > 0) {
            remarks.add("files that were passed over, as their names are not those of records: " + passedOver);
        }
        if (!irregular.isEmpty()) {
            remarks.add("files that were passed over, as they are pipes, or links to what is missing: "
                    + irregular.size() + "; the first: " + irregular.get(0));
        }
        return remarks;
    }

    /**
     * Checks that a file that is written is none that is read, nor would be the next time.
     *
     * @param file with links followed
     * @throws UsageException if it is
     */
    void checkWritten(Path file) {
        for (Source source : sources) {
            if (source.walk().isEmpty()) {
                continue;
            }
            InputArgument argument = source.argument();
            List<Path> places = source.walk().get().placesOf(file).toList();
            UsageException.require(
                    argument.isPattern() || places.isEmpty(),
                    "--output must not be in a directory of --input, which would be read with it the next time",
                    file);
            UsageException.require(
                    !argument.isPattern()
                            || places.stream()
                                    .noneMatch(place -> !InputWalk.isHidden(place)
                                            && argument.matcher().matches(place)),
                    "--output must not match a pattern of --input, which would read it the next time",
                    file);
        }
    }

    private static boolean isNamedAsRecords(Path file) {
        String name = String.valueOf(file.getFileName());
        String plain = FileCompression.ofName(name).withoutExtension(name).toLowerCase(Locale.ROOT);
        return EXTENSIONS.stream().anyMatch(plain::endsWith);
    }
}
