package org.donotanswer.dataset;

import com.google.common.net.HttpHeaders;
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

/** Downloads a file over HTTP, resuming and retrying as necessary. The caller ensures exclusive access to the directory. */
final class FileFetcher {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final Duration MAX_CONNECT_TIMEOUT = Duration.ofSeconds(20);
    /** A body that exceeds the file's size by this factor is not read further just to report its checksum. */
    private static final int MAX_BODY_FACTOR = 4;

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
                .connectTimeout(timeout.compareTo(MAX_CONNECT_TIMEOUT) < 0 ? timeout : MAX_CONNECT_TIMEOUT)
                .build();
    }

    /** A failure that a retry may not meet. */
    private static final class TransientFailure extends Exception {
        private static final long serialVersionUID = 1L;
        private final IOException failure;

        TransientFailure(IOException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /** Downloads the file to its path below the directory, replacing an existing one. */
    void fetch(PublishedFile file, Path directory) throws IOException {
        Path target = directory.resolve(file.path());
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Files.createDirectories(target.getParent());
        for (int failures = 0; ; failures++) {
            try {
                request(file, part);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                return;
            } catch (TransientFailure e) {
                if (failures == retries) {
                    throw e.failure;
                }
                pause(failures);
            }
        }
    }

    private void request(PublishedFile file, Path part) throws IOException, TransientFailure {
        long start = usableBytes(file, part);
        if (start == file.bytes()) {
            return;
        }
        URI url = base.resolve(file.path());
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(timeout);
        if (start > 0) {
            request.header(HttpHeaders.RANGE, "bytes=" + start + "-");
        }
        HttpResponse<InputStream> response = send(request.build(), url);
        try (InputStream body = response.body()) {
            boolean resumed = isResumed(response, url, start, part);
            CompletableFuture<Void> deadline = closeAfterTimeout(body);
            try {
                copy(file, body, part, resumed ? start : 0, url);
            } finally {
                deadline.cancel(false);
            }
            boolean lengthKnown =
                    response.headers().firstValue(HttpHeaders.CONTENT_LENGTH).isPresent();
            verify(file, part, resumed, lengthKnown, url);
        }
    }

    /** The number of bytes of an earlier attempt to resume after, or 0 if that is of no use and was deleted. */
    private static long usableBytes(PublishedFile file, Path part) throws IOException {
        long bytes = Files.exists(part) ? Files.size(part) : 0;
        if (bytes < file.bytes() || (bytes == file.bytes() && Sha256.of(part).equals(file.sha256()))) {
            return bytes;
        }
        Files.delete(part);
        return 0;
    }

    private HttpResponse<InputStream> send(HttpRequest request, URI url) throws IOException, TransientFailure {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("download was interrupted (" + url + ")");
        } catch (IOException e) {
            throw new TransientFailure(new IOException("server could not be reached (" + url + ")", e));
        }
    }

    /** Whether the body continues the partial file; if not, it is the whole file. */
    private static boolean isResumed(HttpResponse<?> response, URI url, long start, Path part)
            throws IOException, TransientFailure {
        int status = response.statusCode();
        if (status == OK) {
            return false;
        }
        String range = response.headers().firstValue(HttpHeaders.CONTENT_RANGE).orElse("none");
        if (status == PARTIAL_CONTENT && start > 0 && range.startsWith("bytes " + start + "-")) {
            return true;
        }
        if (status == RANGE_NOT_SATISFIABLE || status == PARTIAL_CONTENT) {
            // Starts over, because the partial file is not a prefix of the server's file.
            Files.deleteIfExists(part);
            throw new TransientFailure(new IOException("server must send the bytes from " + start + ", but sent status "
                    + status + " with Content-Range " + range + " (" + url + ")"));
        }
        IOException failure = new IOException("status must be 200, but was " + status + " (" + url + ")");
        if (status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status >= SERVER_ERROR) {
            throw new TransientFailure(failure);
        }
        throw failure;
    }

    /** Closes the body after the timeout, so that reading it fails. The client's own timeout covers the headers only. */
    private CompletableFuture<Void> closeAfterTimeout(InputStream body) {
        Executor delayed = CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        body.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                delayed);
    }

    private static void copy(PublishedFile file, InputStream body, Path part, long start, URI url)
            throws IOException, TransientFailure {
        StandardOpenOption mode = start > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        long total = start;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (OutputStream out =
                Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)) {
            int n = read(file, body, buffer, total, url);
            while (n >= 0 && total <= maxBytes(file)) {
                out.write(buffer, 0, n);
                total += n;
                n = read(file, body, buffer, total, url);
            }
        }
    }

    private static long maxBytes(PublishedFile file) {
        return MAX_BODY_FACTOR * file.bytes() + BUFFER_BYTES;
    }

    private static int read(PublishedFile file, InputStream body, byte[] buffer, long total, URI url)
            throws TransientFailure {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            throw new TransientFailure(new IOException(
                    file.path() + " must have " + file.bytes() + " bytes, but was truncated after " + total + " (" + url
                            + ")",
                    e));
        }
    }

    /** Deletes a wrong file. Only a complete body of a fresh request proves that the server has a different file. */
    private static void verify(PublishedFile file, Path part, boolean resumed, boolean lengthKnown, URI url)
            throws IOException, TransientFailure {
        long bytes = Files.size(part);
        String found = Sha256.of(part);
        if (found.equals(file.sha256())) {
            return;
        }
        if (bytes < file.bytes() && !lengthKnown) {
            throw new TransientFailure(new IOException(file.path() + " must have " + file.bytes()
                    + " bytes, but was truncated after " + bytes + " (" + url + ")"));
        }
        Files.delete(part);
        if (bytes > maxBytes(file)) {
            throw new IOException(file.path() + " must have " + file.bytes() + " bytes, but was longer than "
                    + maxBytes(file) + " (" + url + ")");
        }
        ChecksumMismatchException mismatch = new ChecksumMismatchException(file, found, url.toString());
        if (resumed) {
            throw new TransientFailure(mismatch);
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
                throw new InterruptedIOException("download was interrupted (" + base + ")");
            }
        }
    }
}
