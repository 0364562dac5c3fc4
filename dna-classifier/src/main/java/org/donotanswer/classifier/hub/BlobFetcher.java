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

/**
 * Downloads the content of files, in as many requests as it takes. The caller holds the {@link BlobLock} of the file.
 */
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

    /** A file to download: which one, the content that is expected, and the access token, if there is one. */
    record Download(StatusCheck.Target target, HubApi.Blob blob, @Nullable String token) {
        String file() {
            return String.valueOf(target.file());
        }

        /** Omits the token. */
        @Override
        public String toString() {
            return target.toString();
        }
    }

    /**
     * Downloads and verifies the content, and only then puts it at the path. Until then it is in a file beside the
     * path.
     */
    void fetch(Download download, Path path) throws IOException, InterruptedException {
        Path incomplete = path.resolveSibling(path.getFileName() + ".incomplete");
        Files.createDirectories(path.getParent());
        URI url = urls.file(download.target().repository(), download.target().revision(), download.file());
        for (boolean again = false; ; again = true) {
            retries.run(() -> {
                request(download, url, incomplete);
                return incomplete;
            });
            String mismatch = mismatch(download, incomplete);
            if (mismatch == null) {
                Files.move(incomplete, path, StandardCopyOption.ATOMIC_MOVE);
                return;
            }
            Files.delete(incomplete);
            if (again) {
                throw new HubException(mismatch + " (" + HubUrls.shown(url)
                        + "): both downloads failed this check and were" + " deleted");
            }
        }
    }

    /** Returns how the content differs from what is expected; null if it does not. */
    private static @Nullable String mismatch(Download download, Path incomplete) throws IOException {
        HubApi.Blob blob = download.blob();
        if (Files.size(incomplete) != blob.bytes()) {
            return download.file() + " must have " + blob.bytes() + " bytes, but had more";
        }
        String found = Checksum.of(incomplete, blob.etag());
        return found.equals(blob.etag())
                ? null
                : "checksum of " + download.file() + " must be " + blob.etag() + ", but was " + found;
    }

    /** Requests the bytes that are still missing, if any are. */
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
        HubHttp.HubResponse response = http.get(url, start, download.token());
        boolean resumed = isResumed(response, download, start, incomplete);
        try (ResponseBody body = response.body()) {
            copy(download, body, incomplete, resumed ? start : 0);
        }
    }

    /** Returns whether the response continues the file; otherwise it is the whole file. */
    private boolean isResumed(HubHttp.HubResponse response, Download download, long start, Path incomplete)
            throws IOException, TransientHubException {
        String range = response.header("Content-Range").orElse("none");
        boolean partial = response.status() == PARTIAL_CONTENT;
        if (partial && start > 0 && range.startsWith("bytes " + start + "-")) {
            return true;
        }
        if (partial || (response.status() == RANGE_NOT_SATISFIABLE && start > 0)) {
            response.close();
            // The incomplete file is not the beginning of the server's file: start over.
            Files.deleteIfExists(incomplete);
            throw new TransientHubException(
                    new HubException("server must send the bytes of " + download.file() + " from "
                            + start + ", but sent status " + response.status() + " with Content-Range "
                            + HubNames.quote(range)));
        }
        StatusCheck.requireOk(response, download.target(), urls, download.token() != null);
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
                        + ": another download continues from there",
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
            throw new HubException("cache could not be written (" + incomplete + "): " + e.getMessage(), e);
        }
        return bytes;
    }
}
