package org.donotanswer.classifier.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Downloads the files of models from the Hugging Face Hub into the cache of its Python client, so that each uses what
 * the other has downloaded. Cached files are not downloaded again: if all files of a commit hash are cached, no
 * connection is made; a branch or a tag takes one request. An interrupted download continues where it stopped, in the
 * same call or a later one. A file appears under its name only when it is complete and its checksum is right.
 *
 * <pre>{@code
 * Path model = Hub.download("LibrAI/longformer-harmful-ro", "main");
 * }</pre>
 *
 * <p>Options that are not set on the builder come from the environment variables of the Python client:
 * {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HOME}, {@code HF_HUB_CACHE},
 * {@code HF_HUB_OFFLINE} and {@code TRANSFORMERS_OFFLINE}. The access token is sent to the endpoint's host only and
 * appears in no message.
 *
 * <p>Immutable, hence thread-safe. Threads and processes that need the same file wait for each other. On some systems
 * the Python client uses another kind of lock: if both download a file at the same time, it may be downloaded twice,
 * but an incomplete file is never mistaken for a complete one.
 *
 * @see <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">Layout of the cache</a>
 */
public final class Hub {
    private static final int MAX_SHOWN_FILES = 20;
    private static final String OFFLINE_ADVICE =
            "download it once while online, or set HF_HUB_CACHE to a cache that has it";

    private final HubEnvironment environment;
    private final URI endpoint;
    private final Path cache;
    private final boolean offline;
    private final @Nullable String token;
    private final FileSelection selection;
    private final HubCache.Links links;
    private final HubUrls urls;
    private final HubApi api;
    private final BlobFetcher fetcher;

    private Hub(Builder builder) {
        environment = builder.environment;
        endpoint = builder.endpoint == null ? environment.endpoint() : builder.endpoint;
        cache = (builder.cache == null ? environment.cache() : builder.cache)
                .toAbsolutePath()
                .normalize();
        offline = builder.offline == null ? environment.offline() : builder.offline;
        token = builder.token;
        selection = builder.files == null ? FileSelection.forEvaluator() : FileSelection.of(builder.files);
        links = builder.links;
        urls = new HubUrls(endpoint);
        Duration timeout = builder.timeout == null ? Builder.DEFAULT_TIMEOUT : builder.timeout;
        Retries retries =
                new Retries(builder.retries == null ? Builder.DEFAULT_RETRIES : builder.retries, builder.sleeper);
        HubProgress progress = builder.progress == null ? (file, bytes, total) -> {} : builder.progress;
        HubHttp http = new HubHttp(urls, timeout);
        api = new HubApi(http, urls, timeout, retries);
        fetcher = new BlobFetcher(http, urls, timeout, retries, progress);
    }

    /** Returns a hub with the options in the environment variables. */
    public static Hub create() {
        return builder().build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the directory with the files of a model that an evaluator needs, after downloading those that are not
     * cached. Same as {@code create().fetch(repository, revision)}.
     *
     * @param repository owner and name, for example {@code LibrAI/longformer-harmful-ro}
     * @param revision a branch, a tag or a commit hash
     * @throws IllegalArgumentException if the repository or the revision is malformed
     * @throws HubException if the files cannot be obtained
     * @throws IOException if the cache cannot be read or written
     * @throws InterruptedException if the thread is interrupted; what has been downloaded until then is kept
     */
    public static Path download(String repository, String revision) throws IOException, InterruptedException {
        return create().fetch(repository, revision);
    }

    /**
     * Returns the directory with the selected files of a repository, after downloading those that are not cached.
     *
     * @param repository owner and name, for example {@code LibrAI/longformer-harmful-ro}
     * @param revision a branch, a tag or a commit hash
     * @throws IllegalArgumentException if the repository or the revision is malformed
     * @throws HubException if the files cannot be obtained
     * @throws IOException if the cache cannot be read or written
     * @throws InterruptedException if the thread is interrupted; what has been downloaded until then is kept
     */
    public Path fetch(String repository, String revision) throws IOException, InterruptedException {
        HubNames.checkRepository(repository);
        HubNames.checkRevision(revision);
        HubCache cached = new HubCache(cache, repository, links);
        try {
            return offline ? find(cached, repository, revision) : findOrFetch(cached, repository, revision);
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
            // Channels throw these instead of InterruptedException, and leave the thread's interrupt flag set.
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException("download was interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } catch (FileSystemException e) {
            throw new HubException(
                    "cache could not be read or written (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ")",
                    e);
        }
    }

    private Path find(HubCache cached, String repository, String revision) throws IOException {
        Optional<String> commit = HubNames.isCommit(revision) ? Optional.of(revision) : cached.commit(revision);
        if (commit.isEmpty()) {
            throw new HubException("offline, and not in the cache: revision " + revision + " of " + repository + " ("
                    + cached.ref(revision) + "); " + OFFLINE_ADVICE);
        }
        Path snapshot = cached.snapshot(commit.get());
        List<String> missing = missing(cached, commit.get());
        if (!missing.isEmpty()) {
            throw new HubException("offline, and not in the cache: " + String.join(", ", missing) + " of " + repository
                    + " at revision " + revision + " (" + snapshot + "); " + OFFLINE_ADVICE);
        }
        return snapshot;
    }

    private List<String> missing(HubCache cached, String commit) throws IOException {
        Set<String> names = cached.names(commit);
        List<String> missing = new ArrayList<>(selection.missing(names));
        if (selection.isForEvaluator()
                && !FileSelection.hasVocabulary(names)
                && !cached.absent(commit).containsAll(FileSelection.VOCABULARY)) {
            missing.add("tokenizer.json or another vocabulary");
        }
        return missing;
    }

    private Path findOrFetch(HubCache cached, String repository, String revision)
            throws IOException, InterruptedException {
        if (HubNames.isCommit(revision)
                && selection.isDecidedByNames()
                && missing(cached, revision).isEmpty()) {
            return cached.snapshot(revision);
        }
        String sent = token == null ? environment.token().orElse(null) : token;
        HubApi.Listing listing = api.list(repository, revision, sent);
        String commit = listing.commit();
        Set<String> listed = listing.files().keySet();
        List<String> missing = selection.missing(listed);
        if (!missing.isEmpty()) {
            throw new HubException("repository " + repository + " at revision " + revision + " must have "
                    + String.join(", ", missing) + ", but had " + shown(listed));
        }
        for (String name : selection.choose(listed)) {
            Path path = HubNames.below(cached.snapshot(commit), name);
            if (!Files.exists(path)) {
                HubApi.Blob blob =
                        api.blob(repository, commit, name, listing.files().get(name), sent);
                StatusCheck.Target target = new StatusCheck.Target(repository, commit, name);
                put(cached, new BlobFetcher.Download(target, blob, sent), path);
            }
        }
        if (selection.isForEvaluator() && !FileSelection.hasVocabulary(listed)) {
            // Otherwise a checkpoint without a tokenizer would look as if the tokenizer was yet to be downloaded.
            for (String name : new TreeSet<>(FileSelection.VOCABULARY)) {
                if (!listed.contains(name)) {
                    cached.putAbsent(commit, name);
                }
            }
        }
        if (!revision.equals(commit)) {
            // Last, so that a branch keeps its complete old snapshot until the new one is complete.
            cached.putCommit(revision, commit);
        }
        return cached.snapshot(commit);
    }

    private void put(HubCache cached, BlobFetcher.Download download, Path path)
            throws IOException, InterruptedException {
        String etag = download.blob().etag();
        BlobLock.run(cached.lock(etag), () -> {
            // The previous holder of the lock may have put it there.
            if (!Files.exists(path)) {
                boolean first = !Files.exists(cached.blob(etag));
                if (first) {
                    fetcher.fetch(download, cached.blob(etag));
                }
                cached.link(path, etag, first);
            }
        });
    }

    private static String shown(Set<String> listed) {
        List<String> names =
                listed.stream().limit(MAX_SHOWN_FILES).map(HubNames::quote).toList();
        return names + (listed.size() > MAX_SHOWN_FILES ? " and " + (listed.size() - MAX_SHOWN_FILES) + " more" : "");
    }

    /** Returns the endpoint, the cache and whether it is offline; never the token. */
    @Override
    public String toString() {
        return "Hub[endpoint=" + endpoint + ", cache=" + cache + ", offline=" + offline + "]";
    }

    /** Builds a {@link Hub}. Each option may be set once. Not thread-safe. */
    public static final class Builder {
        private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
        private static final int DEFAULT_RETRIES = 4;

        private HubEnvironment environment = HubEnvironment.ofProcess();
        private Retries.Sleeper sleeper = time -> Thread.sleep(time.toMillis());
        private HubCache.Links links = Files::createSymbolicLink;
        private @Nullable URI endpoint;
        private @Nullable Path cache;
        private @Nullable String token;
        private @Nullable Boolean offline;
        private @Nullable List<String> files;
        private @Nullable Duration timeout;
        private @Nullable Integer retries;
        private @Nullable HubProgress progress;

        private Builder() {}

        /**
         * Sets the URL of the hub or of a mirror. Default: {@code HF_ENDPOINT}, or the public hub.
         *
         * @throws IllegalArgumentException if the URL is not http or https, or has a user, query or fragment
         * @throws IllegalStateException if it was set before
         */
        public Builder endpoint(URI url) {
            Objects.requireNonNull(url, "url");
            endpoint = BuilderChecks.setOnce("endpoint", endpoint, HubUrls.checkEndpoint(url));
            return this;
        }

        /**
         * Sets the directory of the cache. Default: {@code HF_HUB_CACHE}, or {@code hub} in {@code HF_HOME}, whose
         * default is {@code ~/.cache/huggingface}.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder cache(Path directory) {
            cache = BuilderChecks.setOnce("cache", cache, directory);
            return this;
        }

        /**
         * Sets the access token, which private and gated repositories require. Default: {@code HF_TOKEN}, or the
         * content of the file {@code HF_TOKEN_PATH}, whose default is {@code token} in {@code HF_HOME}; none if there
         * is no such file.
         *
         * @throws IllegalArgumentException if the token is empty, or has spaces or characters outside ASCII
         * @throws IllegalStateException if it was set before
         */
        public Builder token(String secret) {
            Objects.requireNonNull(secret, "secret");
            if (!HubEnvironment.isToken(secret)) {
                throw new IllegalArgumentException("token must be printable ASCII without spaces, but was not");
            }
            token = BuilderChecks.setSecretOnce("token", token, secret);
            return this;
        }

        /**
         * Sets whether to use cached files only; a missing file is then an error. Default: {@code HF_HUB_OFFLINE},
         * or {@code TRANSFORMERS_OFFLINE}.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder offline(boolean only) {
            offline = BuilderChecks.setOnce("offline", offline, only);
            return this;
        }

        /**
         * Sets the files to download. Default: the files that an evaluator needs, which are {@code config.json}, the
         * tokenizer's files and the weights, as safetensors if available.
         *
         * @param patterns file names with wildcards: {@code *} matches any characters, including slashes, and {@code ?}
         *     exactly one. Each pattern must match a file; offline, a cached one
         * @throws IllegalArgumentException if there are no patterns, or one is empty
         * @throws IllegalStateException if they were set before
         */
        public Builder files(String... patterns) {
            List<String> names = List.of(patterns);
            if (names.isEmpty() || names.contains("")) {
                throw new IllegalArgumentException("files must be one or more non-empty names, but were " + names);
            }
            files = BuilderChecks.setOnce("files", files, names);
            return this;
        }

        /**
         * Sets how long the server may be silent before or during a response. Default: 30 seconds.
         *
         * @throws IllegalArgumentException if the time is not positive
         * @throws IllegalStateException if it was set before
         */
        public Builder timeout(Duration silence) {
            if (silence.isNegative() || silence.isZero()) {
                throw new IllegalArgumentException("timeout must be positive, but was " + silence);
            }
            timeout = BuilderChecks.setOnce("timeout", timeout, silence);
            return this;
        }

        /**
         * Sets the maximum number of retries after a broken connection or a status of 408, 429 or 5xx. A retried
         * download continues where it stopped. The wait before a retry is the one that the server asks for, at most
         * five minutes; otherwise it starts at half a second and doubles each time. Default: 4.
         *
         * @throws IllegalArgumentException if the number is negative
         * @throws IllegalStateException if it was set before
         */
        public Builder retries(int perRequest) {
            BuilderChecks.requireAtLeast("retries", 0, perRequest);
            retries = BuilderChecks.setOnce("retries", retries, perRequest);
            return this;
        }

        /**
         * Sets the listener that receives the progress of downloads. Default: none.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder progress(HubProgress listener) {
            progress = BuilderChecks.setOnce("progress", progress, listener);
            return this;
        }

        Builder environment(HubEnvironment given) {
            environment = given;
            return this;
        }

        Builder sleeper(Retries.Sleeper given) {
            sleeper = given;
            return this;
        }

        Builder links(HubCache.Links given) {
            links = given;
            return this;
        }

        /**
         * Returns the hub. Nothing is downloaded or written yet.
         *
         * @throws IllegalArgumentException if {@code HF_ENDPOINT} is used, and is not valid for {@link #endpoint}
         */
        public Hub build() {
            return new Hub(this);
        }
    }
}
