package org.donotanswer.dataset;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of the published layout that exist in a directory.
 *
 * @param root the directory
 * @param instruction {@code Instruction/do_not_answer_en.csv}
 * @param combined {@code data_en.csv}, with questions, responses and human labels
 * @param responses by LLM, in published order
 * @param reviews by annotator and LLM, in published order
 * @param ignored other CSV files in the directories of the layout
 */
record PublishedLayout(
        Path root,
        Optional<Path> instruction,
        Optional<Path> combined,
        SortedMap<Llm, Path> responses,
        Map<Annotator, SortedMap<Llm, Path>> reviews,
        List<Path> ignored) {

    static final String INSTRUCTION = "Instruction/do_not_answer_en.csv";
    static final String COMBINED = "data_en.csv";

    private static final String CSV = ".csv";
    private static final String RESPONSE_PREFIX = "response_";
    private static final String REVIEW_PREFIX = "annotated_response_";

    /** Returns the files in a directory, or a combined file on its own. */
    static PublishedLayout find(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            Path parent = path.toAbsolutePath().getParent();
            return new PublishedLayout(
                    parent, Optional.empty(), Optional.of(path), new TreeMap<>(), Map.of(), List.of());
        }
        List<Path> ignored = new ArrayList<>();
        Optional<Path> instruction = existing(path.resolve(INSTRUCTION));
        Optional<Path> combined = existing(path.resolve(COMBINED));
        if (instruction.isEmpty() && combined.isEmpty()) {
            throw new DatasetFormatException(
                    "directory must hold " + INSTRUCTION + " or " + COMBINED + ", but had neither", path, 0, null);
        }
        SortedMap<Llm, Path> responses = new TreeMap<>();
        for (Path file : csvFiles(path.resolve("Response"))) {
            llm(file, RESPONSE_PREFIX, "").ifPresentOrElse(llm -> responses.put(llm, file), () -> ignored.add(file));
        }
        Map<Annotator, SortedMap<Llm, Path>> reviews = new EnumMap<>(Annotator.class);
        for (Path directory : list(path.resolve("Review"))) {
            for (Path file : csvFiles(directory)) {
                addReviews(directory, file, reviews, ignored);
            }
        }
        return new PublishedLayout(path, instruction, combined, responses, reviews, List.copyOf(ignored));
    }

    private static void addReviews(
            Path directory, Path file, Map<Annotator, SortedMap<Llm, Path>> reviews, List<Path> ignored) {
        for (Annotator annotator : Annotator.values()) {
            if (directory.getFileName().toString().equals(annotator.directory())) {
                Optional<Llm> llm = llm(file, REVIEW_PREFIX, annotator.suffix());
                if (llm.isPresent()) {
                    reviews.computeIfAbsent(annotator, a -> new TreeMap<>()).put(llm.get(), file);
                    return;
                }
            }
        }
        ignored.add(file);
    }

    private static Optional<Llm> llm(Path file, String prefix, String suffix) {
        String name = file.getFileName().toString();
        String end = suffix + CSV;
        if (!name.startsWith(prefix) || !name.endsWith(end) || name.length() <= prefix.length() + end.length()) {
            return Optional.empty();
        }
        String llm = name.substring(prefix.length(), name.length() - end.length());
        return llm.isBlank() || llm.endsWith(Llm.RESPONSE_ONLY_SUFFIX) ? Optional.empty() : Optional.of(Llm.of(llm));
    }

    private static Optional<Path> existing(Path file) {
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    private static List<Path> csvFiles(Path directory) throws IOException {
        return list(directory).stream()
                .filter(file -> file.getFileName().toString().endsWith(CSV) && Files.isRegularFile(file))
                .toList();
    }

    private static List<Path> list(Path directory) throws IOException {
        return Files.isDirectory(directory) ? ImmutableList.sortedCopyOf(MoreFiles.listFiles(directory)) : List.of();
    }

    /** Returns the path of a file below the root, with slashes on every platform. */
    String relative(Path file) {
        return root.toAbsolutePath()
                .relativize(file.toAbsolutePath())
                .toString()
                .replace('\\', '/');
    }
}
