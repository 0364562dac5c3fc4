package org.donotanswer.classifier.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fetches one file's content at a time, in as many requests as it takes. The caller sees to it that it is alone. */
final class BlobFetcher {
    private static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final HubHttp http;
    private final HubUrls urls;
    private final Duration timeout;
    private final Retries retries;
    private final HubProgress progress;

    BlobFetcher(HubHttp http, HubUrls urls, Duration timeout, Retries retries, HubProgress progress) {
        this.http = http;
        this.urls = urls;
        this.timeout = timeout;
        this.retries = retries;
        this.progress = progress;
    }

    /** A file to fetch: whose it is, what it has to be, and with which token it is to be had. */
    record Download(StatusCheck.Target wanted, HubApi.Blob blob, @Nullable String token) {
        String file() {
            return String.valueOf(wanted.file());
        }

        /** Without the token, which a record would show. */
        @Override
        public String toString() {
            return wanted.toString();
        }
    }

    /** Puts the content, whole and checked, at the path. What there is of it beforehand lies beside it. */
    void fetch(Download download, Path target) throws IOException, InterruptedException {
        Path incomplete = target.resolveSibling(target.getFileName() + ".incomplete");
        Files.createDirectories(target.getParent());
        URI url = urls.file(download.wanted().repository(), download.wanted().revision(), download.file());
        for (boolean again = false; ; again = true) {
            retries.run(() -> {
                request(download, url, incomplete);
                return incomplete;
            });
            String wrong = wrong(download, incomplete);
            if (wrong == null) {
                Files.move(incomplete, target, StandardCopyOption.ATOMIC_MOVE);
                return;
            }
            Files.delete(incomplete);
            if (again) {
                throw new HubException(wrong + " (" + HubUrls.shown(url) + "): it came twice so, and was deleted");
            }
        }
    }

    /** What is wrong with the content; null if nothing is. */
    private static @Nullable String wrong(Download download, Path incomplete) throws IOException {
        HubApi.Blob blob = download.blob();
        if (Files.size(incomplete) != blob.bytes()) {
            return download.file() + " must have " + blob.bytes() + " bytes, but had more";
        }
        String found = Checksum.of(incomplete, blob.etag());
        return found.equals(blob.etag())
                ? null
                : "checksum of " + download.file() + " must be " + blob.etag() + ", but was " + found;
    }

    /** Asks for what is missing, if anything is. */
    private void request(Download download, URI url, Path incomplete)
            throws IOException, InterruptedException, TransientHubException {
        long total = download.blob().bytes();
        long start = Files.exists(incomplete) ? Files.size(incomplete) : 0;
        if (start > total) {
            Files.delete(incomplete);
            start = 0;
        }
        if (start == total && Files.exists(incomplete)) {
            return;
        }
        HubHttp.HubResponse answer = http.get(url, start, download.token());
        boolean resumed = isResumed(answer, download, start, incomplete);
        try (ResponseBody body = answer.body()) {
            copy(download, body, incomplete, resumed ? start : 0);
        }
    }

    /** Whether the answer goes on where the file ends; if not, it is the whole file. */
    private boolean isResumed(HubHttp.HubResponse answer, Download download, long start, Path incomplete)
            throws IOException, TransientHubException {
        String range = answer.header("Content-Range").orElse("none");
        boolean partial = answer.status() == PARTIAL_CONTENT;
        if (partial && start > 0 && range.startsWith("bytes " + start + "-")) {
            return true;
        }
        if (partial || (answer.status() == RANGE_NOT_SATISFIABLE && start > 0)) {
            answer.close();
            // Begin afresh: what is there is no beginning of what the server has.
            Files.deleteIfExists(incomplete);
            throw new TransientHubException(
                    new HubException("server must answer with the bytes from " + start + " of " + download.file()
                            + ", but was " + answer.status() + " with Content-Range " + HubNames.quote(range)));
        }
        StatusCheck.requireOk(answer, download.wanted(), urls, download.token() != null);
        return false;
    }

    private void copy(Download download, ResponseBody body, Path incomplete, long start)
            throws IOException, InterruptedException, TransientHubException {
        StandardOpenOption mode = start > 0 ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        long bytes = start;
        long total = download.blob().bytes();
        try (FileChannel out =
                FileChannel.open(incomplete, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode)) {
            List<ByteBuffer> next = next(body, download, bytes);
            while (next != null && bytes <= total) {
                bytes += write(next, out, incomplete);
                progress.update(download.file(), bytes, total);
                next = next(body, download, bytes);
            }
            out.force(false);
        }
        if (bytes < total) {
            throw cutOff(download, bytes, null);
        }
    }

    private @Nullable List<ByteBuffer> next(ResponseBody body, Download download, long bytes)
            throws InterruptedException, TransientHubException {
        try {
            return body.next(timeout);
        } catch (IOException e) {
            throw cutOff(download, bytes, e);
        }
    }

    private static TransientHubException cutOff(Download download, long bytes, @Nullable IOException cause) {
        return new TransientHubException(new HubException(
                download.file() + " must have " + download.blob().bytes() + " bytes, but was cut off after " + bytes
                        + ": what came is kept, so that another download goes on from there",
                cause));
    }

    private static long write(List<ByteBuffer> buffers, FileChannel out, Path incomplete) throws IOException {
        long bytes = 0;
        try {
            for (ByteBuffer buffer : buffers) {
                while (buffer.hasRemaining()) {
                    bytes += out.write(buffer);
                }
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            throw new HubException(
                    "cache must have room and be writable, but was not (" + incomplete + "): " + e.getMessage(), e);
        }
        return bytes;
    }
}
