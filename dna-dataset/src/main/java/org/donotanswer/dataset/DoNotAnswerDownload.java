package org.donotanswer.dataset;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.donotanswer.internal.BuilderChecks;
import org.donotanswer.internal.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Downloads the published files to a cache directory and checks each against its pinned SHA-256 checksum. Files that are
 * cached and intact are not downloaded again. An interrupted download resumes where it stopped, in the same call or a later
 * one, and a file gets its name only when it is complete.
 *
 * <pre>{@code
 * Path directory = DoNotAnswerDownload.builder().files(PublishedFile.all()).build().fetch();
 * DoNotAnswer dataset = DoNotAnswer.load(directory);
 * }</pre>
 *
 * <p>The licence of the data differs between its publications: CC BY-NC-SA 4.0 in one, Apache-2.0 in another.
 *
 * <p>Immutable, hence thread-safe. Threads and processes that download to the same directory wait for each other.
 */
public final class DoNotAnswerDownload {
    /** The authors' repository at the commit with the pinned files. */
    private static final URI AUTHORS_REPOSITORY = URI.create("https://raw.githubusercontent.com/Libr-AI/do-not-answer/"
            + "460703484df354958a5e1cd7378a38fcb94a2f3e/datasets/");

    private final Path cacheDirectory;
    private final List<PublishedFile> files;
    private final boolean offline;
    private final FileFetcher fetcher;

    private DoNotAnswerDownload(Builder builder) {
        cacheDirectory = builder.cacheDirectory == null
                ? defaultCacheDirectory(System::getenv, System.getProperty("user.home"))
                : builder.cacheDirectory;
        files = builder.files == null ? PublishedFile.essential() : builder.files;
        offline = builder.offline != null && builder.offline;
        fetcher = new FileFetcher(
                builder.mirror == null ? AUTHORS_REPOSITORY : builder.mirror,
                builder.timeout == null ? Builder.DEFAULT_TIMEOUT : builder.timeout,
                builder.retries == null ? Builder.DEFAULT_RETRIES : builder.retries,
                builder.backoff == null ? Builder.DEFAULT_BACKOFF : builder.backoff);
    }

    /** Returns a builder; each of its methods documents the default. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Downloads the files that are not cached and returns the cache directory, for {@link DoNotAnswer#load(Path)}.
     *
     * @throws ChecksumMismatchException if the server sent something other than the published file, or, when offline, the
     *     cached file differs from it
     * @throws NoSuchFileException if a file is not cached when offline
     * @throws IOException if a file could not be downloaded, written or read
     */
    public Path fetch() throws IOException {
        List<PublishedFile> missing = new ArrayList<>();
        for (PublishedFile file : files) {
            if (!isCached(file)) {
                missing.add(file);
            }
        }
        if (!missing.isEmpty()) {
            DirectoryLock.run(cacheDirectory, () -> {
                for (PublishedFile file : missing) {
                    // The previous holder of the lock may have downloaded it.
                    if (!isCached(file)) {
                        fetcher.fetch(file, cacheDirectory);
                    }
                }
            });
        }
        return cacheDirectory;
    }

    /** Whether the file is cached and intact; offline, anything else is an error. */
    private boolean isCached(PublishedFile file) throws IOException {
        Path path = cacheDirectory.resolve(file.path());
        if (!Files.isRegularFile(path)) {
            if (offline) {
                throw new NoSuchFileException(path.toString(), null, "offline, and not in the cache: " + file.path());
            }
            return false;
        }
        String found = Sha256.of(path);
        boolean intact = found.equals(file.sha256());
        if (!intact && offline) {
            throw new ChecksumMismatchException(file, found, path.toString());
        }
        return intact;
    }

    static Path defaultCacheDirectory(UnaryOperator<@Nullable String> environment, String home) {
        String xdg = environment.apply("XDG_CACHE_HOME");
        // The XDG specification demands that relative paths are ignored.
        boolean usable = xdg != null && !xdg.isBlank() && Path.of(xdg).isAbsolute();
        return (usable ? Path.of(xdg) : Path.of(home, ".cache")).resolve("do-not-answer");
    }

    /** Builds a download. Each option can be set once. Not thread-safe. */
    public static final class Builder {
        private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);
        private static final int DEFAULT_RETRIES = 4;
        private static final Duration DEFAULT_BACKOFF = Duration.ofMillis(500);

        private @Nullable Path cacheDirectory;
        private @Nullable URI mirror;
        private @Nullable List<PublishedFile> files;
        private @Nullable Boolean offline;
        private @Nullable Duration timeout;
        private @Nullable Integer retries;
        private @Nullable Duration backoff;

        private Builder() {}

        /**
         * Sets the directory that holds the files. Default: {@code do-not-answer} in {@code $XDG_CACHE_HOME}, or in
         * {@code ~/.cache} if that is not set.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder cacheDirectory(Path directory) {
            cacheDirectory = BuilderChecks.setOnce("cacheDirectory", cacheDirectory, directory);
            return this;
        }

        /**
         * Sets the base URL of the published layout. Default: the authors' repository on GitHub.
         *
         * @throws IllegalArgumentException if it is not an http or https URL, or has a query or fragment
         * @throws IllegalStateException if it was set before
         */
        public Builder mirror(URI baseUrl) {
            Objects.requireNonNull(baseUrl, "baseUrl");
            String scheme = String.valueOf(baseUrl.getScheme()).toLowerCase(Locale.ROOT);
            if (!(scheme.equals("http") || scheme.equals("https"))
                    || baseUrl.getHost() == null
                    || baseUrl.getRawQuery() != null
                    || baseUrl.getRawFragment() != null) {
                throw new IllegalArgumentException(
                        "mirror must be an http or https URL without query or fragment, but was " + baseUrl);
            }
            URI directory = baseUrl.toString().endsWith("/") ? baseUrl : URI.create(baseUrl + "/");
            mirror = BuilderChecks.setOnce("mirror", mirror, directory);
            return this;
        }

        /**
         * Sets the files to download. Default: {@link PublishedFile#essential()}.
         *
         * @throws IllegalArgumentException if there are none
         * @throws IllegalStateException if they were set before
         */
        public Builder files(List<PublishedFile> wanted) {
            if (wanted.isEmpty()) {
                throw new IllegalArgumentException("files must have at least one element, but was []");
            }
            files = BuilderChecks.setOnce("files", files, List.copyOf(wanted));
            return this;
        }

        /**
         * Sets whether downloading is forbidden, so that a file that is not cached is an error. Default: false.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder offline(boolean only) {
            offline = BuilderChecks.setOnce("offline", offline, only);
            return this;
        }

        /**
         * Sets the timeout of a request, including its body. Default: two minutes.
         *
         * @throws IllegalArgumentException if it is not positive
         * @throws IllegalStateException if it was set before
         */
        public Builder timeout(Duration perRequest) {
            if (perRequest.isNegative() || perRequest.isZero()) {
                throw new IllegalArgumentException("timeout must be positive, but was " + perRequest);
            }
            timeout = BuilderChecks.setOnce("timeout", timeout, perRequest);
            return this;
        }

        /**
         * Sets the maximum number of retries per file after a connection failure or status 408, 429 or 5xx. Each resumes
         * where the download stopped. Default: 4.
         *
         * @throws IllegalArgumentException if it is negative
         * @throws IllegalStateException if it was set before
         */
        public Builder retries(int perFile) {
            retries = BuilderChecks.setOnce("retries", retries, BuilderChecks.requireAtLeast("retries", 0, perFile));
            return this;
        }

        /**
         * Sets the delay before the first retry, which doubles with each further one. Default: half a second.
         *
         * @throws IllegalArgumentException if it is negative
         * @throws IllegalStateException if it was set before
         */
        public Builder backoff(Duration first) {
            if (first.isNegative()) {
                throw new IllegalArgumentException("backoff must not be negative, but was " + first);
            }
            backoff = BuilderChecks.setOnce("backoff", backoff, first);
            return this;
        }

        /** Returns the download, which has not started. */
        public DoNotAnswerDownload build() {
            return new DoNotAnswerDownload(this);
        }
    }
}
