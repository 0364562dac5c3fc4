package org.donotanswer.classifier.hub;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The cache of one repository, in the layout of the hub's Python client: {@code blobs} holds contents by ETag,
 * {@code snapshots} has links to them by commit and name, {@code refs} has the commits of branches and tags, and
 * {@code .no_exist} the names that a commit is known to lack. Immutable, hence thread-safe.
 */
final class HubCache {
    private final Path locks;
    private final Path repository;
    private final Links links;

    HubCache(Path cache, String name, Links links) {
        String folder = "models--" + name.replace("/", "--");
        this.locks = cache.resolve(".locks").resolve(folder);
        this.repository = cache.resolve(folder);
        this.links = links;
    }

    /** Creates symbolic links. A file system that has none throws the same as for {@link Files#createSymbolicLink}. */
    interface Links {
        void create(Path link, Path target) throws IOException;
    }

    Path snapshot(String commit) {
        return repository.resolve("snapshots").resolve(commit);
    }

    Path ref(String revision) throws HubException {
        return HubNames.below(repository.resolve("refs"), revision);
    }

    Path blob(String etag) {
        return repository.resolve("blobs").resolve(etag);
    }

    Path lock(String etag) {
        return locks.resolve(etag + ".lock");
    }

    /** Returns the commit of a branch or tag when it was last fetched; empty if it never was. */
    Optional<String> commit(String revision) throws IOException {
        try {
            return Optional.of(Files.readString(ref(revision)).strip()).filter(HubNames::isCommit);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void putCommit(String revision, String commit) throws IOException {
        if (commit(revision).filter(commit::equals).isPresent()) {
            return;
        }
        Path ref = ref(revision);
        Files.createDirectories(ref.getParent());
        Path temporary = temporary();
        try {
            Files.writeString(temporary, commit);
            Files.move(temporary, ref, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Returns the names of the files in the snapshot, except dangling links. */
    Set<String> names(String commit) throws IOException {
        return filesBelow(snapshot(commit));
    }

    /** Returns the names of the files that the commit is known to lack. */
    Set<String> absent(String commit) throws IOException {
        return filesBelow(repository.resolve(".no_exist").resolve(commit));
    }

    void putAbsent(String commit, String name) throws IOException {
        Path mark = HubNames.below(repository.resolve(".no_exist").resolve(commit), name);
        Files.createDirectories(mark.getParent());
        try {
            Files.createFile(mark);
        } catch (FileAlreadyExistsException e) {
            // Another thread or process was first, and knew the same.
            return;
        }
    }

    private static Set<String> filesBelow(Path directory) throws IOException {
        Set<String> names = new TreeSet<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> paths = Files.walk(directory)) {
                paths.filter(Files::isRegularFile)
                        .forEach(path ->
                                names.add(directory.relativize(path).toString().replace(File.separatorChar, '/')));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return names;
    }

    /**
     * Links the name to the content. On a file system without symbolic links, the content itself is moved there if this
     * snapshot is the first to need it, and copied otherwise.
     */
    void link(Path name, String etag, boolean first) throws IOException {
        Files.createDirectories(name.getParent());
        if (Files.isSymbolicLink(name)) {
            // It is dangling: this is called only if there is no readable file of that name.
            Files.delete(name);
        }
        Path blob = blob(etag);
        try {
            links.create(name, name.getParent().relativize(blob));
        } catch (UnsupportedOperationException | FileSystemException e) {
            if (first) {
                Files.move(blob, name, StandardCopyOption.ATOMIC_MOVE);
            } else {
                copy(blob, name);
            }
        }
    }

    private void copy(Path blob, Path name) throws IOException {
        Path temporary = temporary();
        try {
            Files.copy(blob, temporary);
            Files.move(temporary, name, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Path temporary() {
        return repository.resolve(".tmp-" + UUID.randomUUID());
    }
}
