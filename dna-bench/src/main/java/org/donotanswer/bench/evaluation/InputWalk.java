package org.donotanswer.bench.evaluation;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What is below a directory, links followed, except what is hidden: by a dot or an underscore in front, as Spark and Git leave
 * it. Immutable, hence thread-safe.
 *
 * @param directory where the walk began
 * @param files the regular files, sorted by path
 * @param others what is neither a file nor a directory, such as pipes and links to files that are missing
 * @param roots the real paths of the directory, and of those that links led to, by where the walk came upon them
 */
record InputWalk(Path directory, List<Path> files, List<Path> others, Map<Path, Path> roots) {
    /**
     * Walks a directory.
     *
     * @throws IOException if a directory cannot be read, or contains itself by a link
     */
    static InputWalk of(Path directory) throws IOException {
        Visitor visitor = new Visitor(directory);
        Files.walkFileTree(directory, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
        return new InputWalk(
                directory,
                visitor.files.stream().sorted().toList(),
                visitor.others.stream().sorted().toList(),
                visitor.roots);
    }

    /** Returns where the walk would come upon a file, if it existed, below its directory. */
    Stream<Path> placesOf(Path realFile) {
        return roots.entrySet().stream()
                .filter(root -> realFile.startsWith(root.getValue()))
                .map(root -> directory.relativize(
                        root.getKey().resolve(root.getValue().relativize(realFile))));
    }

    /** Returns whether any part of a path below the directory is hidden. */
    static boolean isHidden(Path path) {
        for (Path part : path) {
            if (part.toString().startsWith(".") || part.toString().startsWith("_")) {
                return true;
            }
        }
        return false;
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final Path directory;
        private final List<Path> files = new ArrayList<>();
        private final List<Path> others = new ArrayList<>();
        private final Map<Path, Path> roots = new LinkedHashMap<>();

        Visitor(Path directory) {
            this.directory = directory;
        }

        private boolean isSkipped(Path path) {
            return !path.equals(directory) && isHidden(path.getFileName());
        }

        @Override
        public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
            if (isSkipped(path)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            if (path.equals(directory) || Files.isSymbolicLink(path)) {
                roots.put(path, path.toRealPath());
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            if (!isSkipped(path)) {
                (attributes.isRegularFile() ? files : others).add(path);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
            if (isSkipped(path)) {
                return FileVisitResult.CONTINUE;
            }
            if (failure instanceof FileSystemLoopException) {
                throw new IOException("directory must not contain itself by a link, but did (" + path + ")", failure);
            }
            throw failure;
        }
    }
}
