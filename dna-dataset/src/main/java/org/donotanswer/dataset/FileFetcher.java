package org.donotanswer.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.donotanswer.internal.Sha256;

/** Fetches one file at a time over HTTP, in as many requests as it takes. The caller sees to it that it is alone. */
final class FileFetcher {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(20);
    /** A body that is longer than this times the right length is not read to its end for the sake of its checksum. */
    private static final long LONGEST_BODY = 4;

    private static final int OK = 200;
    private static final int PARTIAL_CONTENT = 206;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final URI base;
    private final Duration timeout;
    private final int retries;
    private final Duration backoff;
    private final HttpClient client;

    FileFetcher(URI base, Duration timeout, int retries, Duration backoff) {
        this.base = base;
        this.timeout = timeout;
        this.retries = retries;
        this.backoff = backoff;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(timeout.compareTo(LONGEST_CONNECT) < 0 ? timeout : LONGEST_CONNECT)
                .build();
    }

    /** A failure that the next request may not meet. */
    private static final class Transient extends Exception {
        private static final long serialVersionUID = 1L;
        private final IOException failure;

        Transient(IOException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /** Puts the file under its path in the directory, replacing what is there. */
    void fetch(PublishedFile file, Path directory) throws IOException {
        Path target = directory.resolve(file.path());
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Files.createDirectories(target.getParent());
        for (int failures = 0; ; failures++) {
            try {
                request(file, part);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                return;
            } catch (Transient e) {
                if (failures == retries) {
                    throw e.failure;
                }
                pause(failures);
            }
        }
    }

    private void request(PublishedFile file, Path part) throws IOException, Transient {
        long start = usableBytes(file, part);
        if (start == file.bytes()) {
            return;
        }
        URI url = base.resolve(file.path());
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(timeout);
        if (start > 0) {
            request.header("Range", "bytes=" + start + "-");
        }
        HttpResponse<InputStream> response = send(request.build(), url);
        try (InputStream body = response.body()) {
            boolean resumed = isResumed(response, url, start, part);
            CompletableFuture<Void> deadline = closeLater(body);
            try {
                copy(file, body, part, resumed ? start : 0, url);
            } finally {
                deadline.cancel(false);
            }
            boolean lengthKnown =
                    response.headers().firstValue("Content-Length").isPresent();
            verify(file, part, resumed, lengthKnown, url);
        }
    }

    /** The number of bytes of an earlier attempt to go on from: all of them if it was whole, else 0 if it is no use. */
    private static long usableBytes(PublishedFile file, Path part) throws IOException {
        long bytes = Files.exists(part) ? Files.size(part) : 0;
        if (bytes < file.bytes() || (bytes == file.bytes() && Sha256.of(part).equals(file.sha256()))) {
            return bytes;
        }
        Files.delete(part);
        return 0;
    }

    private HttpResponse<InputStream> send(HttpRequest request, URI url) throws IOException, Transient {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("download must not be interrupted, but was (" + url + ")");
        } catch (IOException e) {
            throw new Transient(new IOException("server must answer, but was out of reach (" + url + ")", e));
        }
    }

    /** Whether the answer goes on where the part ends; if not, it is the whole file. */
    private static boolean isResumed(HttpResponse<?> response, URI url, long start, Path part)
            throws IOException, Transient {
        int status = response.statusCode();
        if (status == OK) {
            return false;
        }
        String range = response.headers().firstValue("Content-Range").orElse("none");
        if (status == PARTIAL_CONTENT && start > 0 && range.startsWith("bytes " + start + "-")) {
            return true;
        }
        if (status == RANGE_NOT_SATISFIABLE || status == PARTIAL_CONTENT) {
            // Begin afresh: what is there is no beginning of what the server has.
            Files.deleteIfExists(part);
            throw new Transient(new IOException("server must answer with the bytes from " + start + ", but was status "
                    + status + " with Content-Range " + range + " (" + url + ")"));
        }
        IOException failure = new IOException("server must answer 200, but was " + status + " (" + url + ")");
        if (status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= SERVER_ERROR) {
            throw new Transient(failure);
        }
        throw failure;
    }

    /** Closes the body when the time is up, which makes reading it fail: the client's own timeout ends with the headers. */
    private CompletableFuture<Void> closeLater(InputStream body) {
        Executor later = CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        body.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                later);
    }

    private static void copy(PublishedFile file, InputStream body, Path part, long start, URI url)
            throws IOException, Transient {
        StandardOpenOption mode = start > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        long total = start;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (OutputStream out =
                Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)) {
            int n = read(file, body, buffer, total, url);
            while (n >= 0 && total <= longest(file)) {
                out.write(buffer, 0, n);
                total += n;
                n = read(file, body, buffer, total, url);
            }
        }
    }

    private static long longest(PublishedFile file) {
        return LONGEST_BODY * file.bytes() + BUFFER_BYTES;
    }

    private static int read(PublishedFile file, InputStream body, byte[] buffer, long total, URI url) throws Transient {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw new Transient(new IOException(
                    file.path() + " must have " + file.bytes() + " bytes, but was cut off after " + total + " (" + url
                            + ")",
                    e));
        }
    }

    /** A wrong part is deleted. Only a fresh answer that is certainly whole proves that the server has another file. */
    private static void verify(PublishedFile file, Path part, boolean resumed, boolean lengthKnown, URI url)
            throws IOException, Transient {
        long bytes = Files.size(part);
        String found = Sha256.of(part);
        if (found.equals(file.sha256())) {
            return;
        }
        if (bytes < file.bytes() && !lengthKnown) {
            throw new Transient(new IOException(file.path() + " must have " + file.bytes()
                    + " bytes, but was cut off after " + bytes + " (" + url + ")"));
        }
        Files.delete(part);
        if (bytes > longest(file)) {
            throw new IOException(file.path() + " must have " + file.bytes() + " bytes, but was longer than "
                    + longest(file) + " (" + url + ")");
        }
        ChecksumMismatchException mismatch = new ChecksumMismatchException(file, found, url.toString());
        if (resumed) {
            throw new Transient(mismatch);
        }
        throw mismatch;
    }

    private void pause(int failures) throws InterruptedIOException {
        long millis = backoff.toMillis() << Math.min(failures, Byte.SIZE);
        if (millis > 0) {
            try {
                TimeUnit.MILLISECONDS.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("download must not be interrupted, but was (" + base + ")");
            }
        }
    }
}
