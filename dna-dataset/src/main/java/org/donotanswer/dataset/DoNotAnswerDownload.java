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
 * Brings the published files into a cache directory, each checked against its pinned SHA-256 checksum. What is cached and
 * whole is not fetched again, so that one download serves for good. A download that breaks off goes on where it stopped,
 * in the same call or a later one, and a file appears under its name only when it is whole.
 *
 * <pre>{@code
 * Path directory = DoNotAnswerDownload.builder().files(PublishedFile.all()).build().fetch();
 * DoNotAnswer dataset = DoNotAnswer.load(directory);
 * }</pre>
 *
 * <p>The data's licence differs between its publications: CC BY-NC-SA 4.0 in one, Apache-2.0 in another.
 *
 * <p>Immutable, hence thread-safe; threads and processes that fetch into one directory wait for each other.
 */
public final class DoNotAnswerDownload {
    /** The authors' repository, at the commit that has the pinned files. */
    private static final URI AUTHORS = URI.create("https://raw.githubusercontent.com/Libr-AI/do-not-answer/"
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
                builder.mirror == null ? AUTHORS : builder.mirror,
                builder.timeout == null ? Builder.DEFAULT_TIMEOUT : builder.timeout,
                builder.retries == null ? Builder.DEFAULT_RETRIES : builder.retries,
                builder.backoff == null ? Builder.DEFAULT_BACKOFF : builder.backoff);
    }

    /** Returns a builder whose values, unless set, are those that each setter names. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the cache directory when all files are in it, ready for {@link DoNotAnswer#load(Path)}.
     *
     * @throws ChecksumMismatchException if a server sent something else than the published file, or, when offline, the
     *     cache holds something else
     * @throws NoSuchFileException when offline, if a file is not cached
     * @throws IOException if a file could not be fetched, written or read
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
                    // Whoever had the lock before may have fetched it.
                    if (!isCached(file)) {
                        fetcher.fetch(file, cacheDirectory);
                    }
                }
            });
        }
        return cacheDirectory;
    }

    /** Whether the file is there and whole; when offline, it has to be. */
    private boolean isCached(PublishedFile file) throws IOException {
        Path path = cacheDirectory.resolve(file.path());
        if (!Files.isRegularFile(path)) {
            if (offline) {
                throw new NoSuchFileException(
                        path.toString(), null, file.path() + " must be cached when offline, but was missing");
            }
            return false;
        }
        String found = Sha256.of(path);
        boolean whole = found.equals(file.sha256());
        if (!whole && offline) {
            throw new ChecksumMismatchException(file, found, path.toString());
        }
        return whole;
    }

    static Path defaultCacheDirectory(UnaryOperator<@Nullable String> environment, String home) {
        String xdg = environment.apply("XDG_CACHE_HOME");
        // The XDG specification has relative paths ignored.
        boolean usable = xdg != null && !xdg.isBlank() && Path.of(xdg).isAbsolute();
        return (usable ? Path.of(xdg) : Path.of(home, ".cache")).resolve("do-not-answer");
    }

    /** Collects the choices for a download. Setting a value twice is an error. Not thread-safe. */
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
         * Sets where the files are kept. Unless set: {@code do-not-answer} in {@code $XDG_CACHE_HOME}, or in
         * {@code ~/.cache}.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder cacheDirectory(Path directory) {
            cacheDirectory = BuilderChecks.setOnce("cacheDirectory", cacheDirectory, directory);
            return this;
        }

        /**
         * Sets the URL below which the files lie at their paths in the published layout. Unless set: the authors'
         * repository on GitHub.
         *
         * @throws IllegalArgumentException if the URL is not of http or https, or has a query or fragment
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
         * Sets the files to fetch. Unless set: {@link PublishedFile#essential()}.
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
         * Sets whether nothing may be fetched, so that what is not cached is an error. Unless set: false.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder offline(boolean only) {
            offline = BuilderChecks.setOnce("offline", offline, only);
            return this;
        }

        /**
         * Sets how long one request may take, body included. Unless set: two minutes.
         *
         * @throws IllegalArgumentException if the time is not positive
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
         * Sets how often a file's request is repeated, from where it stopped, after the connection broke or the server
         * answered 408, 429 or 5xx. Unless set: 4 times.
         *
         * @throws IllegalArgumentException if the number is negative
         * @throws IllegalStateException if it was set before
         */
        public Builder retries(int perFile) {
            if (perFile < 0) {
                throw new IllegalArgumentException("retries must be at least 0, but was " + perFile);
            }
            retries = BuilderChecks.setOnce("retries", retries, perFile);
            return this;
        }

        /**
         * Sets the wait before the first repetition, which doubles with each further one. Unless set: half a second.
         *
         * @throws IllegalArgumentException if the time is negative
         * @throws IllegalStateException if it was set before
         */
        public Builder backoff(Duration first) {
            if (first.isNegative()) {
                throw new IllegalArgumentException("backoff must not be negative, but was " + first);
            }
            backoff = BuilderChecks.setOnce("backoff", backoff, first);
            return this;
        }

        /** Returns the download; nothing is fetched or written yet. */
        public DoNotAnswerDownload build() {
            return new DoNotAnswerDownload(this);
        }
    }
}
