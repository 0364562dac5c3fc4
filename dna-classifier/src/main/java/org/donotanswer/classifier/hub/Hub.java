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
 * Brings a model's files from the Hugging Face hub into the cache that the hub's Python client keeps, so that either uses
 * what the other fetched. What is cached is not fetched again: a commit hash whose files are there needs no connection, a
 * branch or tag one request. A download that breaks off goes on where it stopped, in the same call or a later one, and a
 * file appears under its name only when it is whole and its checksum is right.
 *
 * <pre>{@code
 * Path model = Hub.download("LibrAI/longformer-harmful-ro", "main");
 * }</pre>
 *
 * <p>Unless the builder says otherwise, the Python client's environment variables count: {@code HF_ENDPOINT},
 * {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_HUB_OFFLINE} and
 * {@code TRANSFORMERS_OFFLINE}. The access token goes to the endpoint's host alone, and into no message.
 *
 * <p>Immutable, hence thread-safe; threads and processes that want the same file wait for each other. The Python client's
 * lock of the same name is of another kind on some systems: a file that both fetch at once may be fetched twice, but is
 * never taken for whole when it is not.
 *
 * @see <a href="https://huggingface.co/docs/huggingface_hub/guides/manage-cache">The cache's layout</a>
 */
public final class Hub {
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
                new Retries(builder.retries == null ? Builder.DEFAULT_RETRIES : builder.retries, builder.pause);
        HubProgress progress = builder.progress == null ? (file, bytes, total) -> {} : builder.progress;
        HubHttp http = new HubHttp(urls, timeout);
        api = new HubApi(http, urls, timeout, retries);
        fetcher = new BlobFetcher(http, urls, timeout, retries, progress);
    }

    /** Returns a hub as the environment variables have it. */
    public static Hub create() {
        return builder().build();
    }

    /** Returns a builder whose values, unless set, are those that each setter names. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the directory that has the files of a model which an evaluator needs, fetched as the environment variables
     * have it if they are not cached: {@code create().fetch(repository, revision)}.
     *
     * @param repository the owner and the name, such as {@code LibrAI/longformer-harmful-ro}
     * @param revision a branch, a tag or a commit hash
     * @throws IllegalArgumentException if the repository or the revision cannot be the name of one
     * @throws HubException if the files could not be had
     * @throws IOException if the cache could not be read or written
     * @throws InterruptedException if the thread was interrupted; what came until then is kept
     */
    public static Path download(String repository, String revision) throws IOException, InterruptedException {
        return create().fetch(repository, revision);
    }

    /**
     * Returns the directory that has the wanted files of a repository, fetched if they are not cached.
     *
     * @param repository the owner and the name, such as {@code LibrAI/longformer-harmful-ro}
     * @param revision a branch, a tag or a commit hash
     * @throws IllegalArgumentException if the repository or the revision cannot be the name of one
     * @throws HubException if the files could not be had
     * @throws IOException if the cache could not be read or written
     * @throws InterruptedException if the thread was interrupted; what came until then is kept
     */
    public Path fetch(String repository, String revision) throws IOException, InterruptedException {
        HubNames.checkRepository(repository);
        HubNames.checkRevision(revision);
        HubCache cached = new HubCache(cache, repository, links);
        try {
            return offline ? find(cached, repository, revision) : findOrFetch(cached, repository, revision);
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
            // The channels tell of an interrupt in their own way, and leave the thread's flag set.
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException("download must not be interrupted, but was");
            interrupted.initCause(e);
            throw interrupted;
        } catch (FileSystemException e) {
            throw new HubException(
                    "cache must be readable and writable, but was not ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage() + ")",
                    e);
        }
    }

    private Path find(HubCache cached, String repository, String revision) throws IOException {
        Optional<String> commit = HubNames.isCommit(revision) ? Optional.of(revision) : cached.commit(revision);
        if (commit.isEmpty()) {
            throw new HubException("revision " + revision + " of " + repository
                    + " must be cached when offline, but was missing (" + cached.ref(revision)
                    + "): fetch it once with a connection, or set HF_HUB_CACHE to where it is");
        }
        Path snapshot = cached.snapshot(commit.get());
        List<String> missing = missing(cached, commit.get());
        if (!missing.isEmpty()) {
            throw new HubException(String.join(", ", missing) + " of " + repository + " at revision " + revision
                    + " must be cached when offline, but was missing (" + snapshot
                    + "): fetch it once with a connection, or set HF_HUB_CACHE to where it is");
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
                StatusCheck.Target wanted = new StatusCheck.Target(repository, commit, name);
                put(cached, new BlobFetcher.Download(wanted, blob, sent), path);
            }
        }
        if (selection.isForEvaluator() && !FileSelection.hasVocabulary(listed)) {
            // Else the snapshot would look as if its tokenizer had been left out, now and when offline.
            for (String name : new TreeSet<>(FileSelection.VOCABULARY)) {
                if (!listed.contains(name)) {
                    cached.putAbsent(commit, name);
                }
            }
        }
        if (!revision.equals(commit)) {
            // Last, so that a branch keeps its whole old snapshot until it has a whole new one.
            cached.putCommit(revision, commit);
        }
        return cached.snapshot(commit);
    }

    private void put(HubCache cached, BlobFetcher.Download download, Path path)
            throws IOException, InterruptedException {
        String etag = download.blob().etag();
        BlobLock.run(cached.lock(etag), () -> {
            // Whoever had the lock before may have put it there.
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
        int most = 20;
        List<String> names = listed.stream().limit(most).map(HubNames::quote).toList();
        return names + (listed.size() > most ? " and " + (listed.size() - most) + " more" : "");
    }

    /** Returns where the files come from and go to; not the token. */
    @Override
    public String toString() {
        return "Hub[endpoint=" + endpoint + ", cache=" + cache + ", offline=" + offline + "]";
    }

    /** Collects the choices for a hub. Setting a value twice is an error. Not thread-safe. */
    public static final class Builder {
        private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
        private static final int DEFAULT_RETRIES = 4;

        private HubEnvironment environment = HubEnvironment.ofProcess();
        private Retries.Sleeper pause = time -> Thread.sleep(time.toMillis());
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
         * Sets the hub's URL, or that of a mirror. Unless set: {@code HF_ENDPOINT}, or the public hub.
         *
         * @throws IllegalArgumentException if the URL is not of http or https, or has a user, query or fragment
         * @throws IllegalStateException if it was set before
         */
        public Builder endpoint(URI url) {
            Objects.requireNonNull(url, "url");
            endpoint = BuilderChecks.setOnce("endpoint", endpoint, HubUrls.checkEndpoint(url));
            return this;
        }

        /**
         * Sets where the files are kept. Unless set: {@code HF_HUB_CACHE}, or {@code hub} in {@code HF_HOME}, which is
         * {@code ~/.cache/huggingface} if it is not set either.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder cache(Path directory) {
            cache = BuilderChecks.setOnce("cache", cache, directory);
            return this;
        }

        /**
         * Sets the access token, which private and gated repositories need. Unless set: {@code HF_TOKEN}, or what the
         * file {@code HF_TOKEN_PATH} has, which is {@code token} in {@code HF_HOME} if it is not set either; if there is
         * no such file, none.
         *
         * @throws IllegalArgumentException if the token is empty, or has spaces or characters other than ASCII
         * @throws IllegalStateException if it was set before
         */
        public Builder token(String secret) {
            Objects.requireNonNull(secret, "secret");
            if (!HubEnvironment.isToken(secret)) {
                throw new IllegalArgumentException("token must be printable ASCII without spaces, but was not");
            }
            if (token != null) {
                throw new IllegalStateException("token must be set once, but was set twice");
            }
            token = secret;
            return this;
        }

        /**
         * Sets whether nothing may be fetched, so that what is not cached is an error. Unless set:
         * {@code HF_HUB_OFFLINE}, or {@code TRANSFORMERS_OFFLINE}.
         *
         * @throws IllegalStateException if it was set before
         */
        public Builder offline(boolean only) {
            offline = BuilderChecks.setOnce("offline", offline, only);
            return this;
        }

        /**
         * Sets the files to fetch. Unless set: what an evaluator needs, which is {@code config.json}, the tokenizer's
         * files and the weights, as safetensors where there are any.
         *
         * @param patterns names, in which {@code *} stands for any characters, slashes too, and {@code ?} for one; each
         *     has to match a file. When offline, files that a wildcard stands for are as many as are cached
         * @throws IllegalArgumentException if there are none, or one is empty
         * @throws IllegalStateException if they were set before
         */
        public Builder files(String... patterns) {
            List<String> wanted = List.of(patterns);
            if (wanted.isEmpty() || wanted.contains("")) {
                throw new IllegalArgumentException(
                        "files must have at least one name and none empty, but was " + wanted);
            }
            files = BuilderChecks.setOnce("files", files, wanted);
            return this;
        }

        /**
         * Sets how long the server may be silent, before its answer or amid it. Unless set: 30 seconds.
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
         * Sets how often a request is repeated, from where it stopped, after the connection broke or the server answered
         * 408, 429 or 5xx. Before each repetition there is a wait: the one that the server asks for, up to five minutes,
         * or half a second, which doubles with each further one. Unless set: 4 times.
         *
         * @throws IllegalArgumentException if the number is negative
         * @throws IllegalStateException if it was set before
         */
        public Builder retries(int perRequest) {
            if (perRequest < 0) {
                throw new IllegalArgumentException("retries must be at least 0, but was " + perRequest);
            }
            retries = BuilderChecks.setOnce("retries", retries, perRequest);
            return this;
        }

        /**
         * Sets who is told how far a download is. Unless set: nobody.
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

        Builder pause(Retries.Sleeper given) {
            pause = given;
            return this;
        }

        Builder links(HubCache.Links given) {
            links = given;
            return this;
        }

        /**
         * Returns the hub; nothing is fetched or written yet.
         *
         * @throws IllegalArgumentException if {@code HF_ENDPOINT} counts, and is not a URL as {@link #endpoint} takes it
         */
        public Hub build() {
            return new Hub(this);
        }
    }
}
