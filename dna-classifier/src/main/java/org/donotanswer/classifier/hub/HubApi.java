package org.donotanswer.classifier.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests lists of files and their metadata from the hub. Immutable, hence thread-safe. */
final class HubApi {
    private static final int MAX_LISTING_BYTES = 1 << 26;
    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HubHttp http;
    private final HubUrls urls;
    private final Duration timeout;
    private final Retries retries;

    HubApi(HubHttp http, HubUrls urls, Duration timeout, Retries retries) {
        this.http = http;
        this.urls = urls;
        this.timeout = timeout;
        this.retries = retries;
    }

    /** The files of a repository at a commit. */
    record Listing(String commit, SortedMap<String, ListedFile> files) {}

    /** A file in the list: its size in bytes, -1 if unknown, and its checksum if the file is large. */
    record ListedFile(long bytes, @Nullable String sha256) {}

    /** The content of a file: its ETag, which is a checksum, and its size in bytes. */
    record Blob(String etag, long bytes) {}

    Listing list(String repository, String revision, @Nullable String token) throws IOException, InterruptedException {
        StatusCheck.Target target = new StatusCheck.Target(repository, revision, null);
        URI url = urls.listing(repository, revision);
        byte[] body = retries.run(() -> {
            HubHttp.HubResponse response = http.get(url, 0, token);
            StatusCheck.requireOk(response, target, urls, token != null);
            return read(response, url);
        });
        Listing listing = parse(body, url);
        if (HubNames.isCommit(revision) && !listing.commit().equals(revision)) {
            throw new HubException("commit of " + target + " must be that revision, but was " + listing.commit() + " ("
                    + HubUrls.shown(url) + ")");
        }
        return listing;
    }

    private byte[] read(HubHttp.HubResponse response, URI url)
            throws IOException, InterruptedException, TransientHubException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ResponseBody body = response.body()) {
            for (List<ByteBuffer> next = body.next(timeout); next != null; next = body.next(timeout)) {
                for (ByteBuffer buffer : next) {
                    byte[] piece = new byte[buffer.remaining()];
                    buffer.get(piece);
                    bytes.writeBytes(piece);
                }
                if (bytes.size() > MAX_LISTING_BYTES) {
                    throw new HubException("list of files must have at most " + MAX_LISTING_BYTES
                            + " bytes, but had more (" + HubUrls.shown(url) + ")");
                }
            }
        } catch (HubException e) {
            throw e;
        } catch (IOException e) {
            throw new TransientHubException(new HubException(
                    "list of files must be whole, but was cut off after " + bytes.size() + " bytes ("
                            + HubUrls.shown(url) + ")",
                    e));
        }
        return bytes.toByteArray();
    }

    static Listing parse(byte[] body, URI url) throws IOException {
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (JsonProcessingException | CharConversionException e) {
            throw new HubException(
                    "list of files must be JSON, but was not (" + HubUrls.shown(url) + "): check HF_ENDPOINT", e);
        }
        String commit = root.path("sha").asText();
        if (!HubNames.isCommit(commit) || !root.path("siblings").isArray()) {
            throw new HubException("list of files must have a commit hash and siblings, but had sha "
                    + HubNames.quote(commit) + " (" + HubUrls.shown(url) + "): check HF_ENDPOINT");
        }
        SortedMap<String, ListedFile> files = new TreeMap<>();
        for (JsonNode sibling : root.path("siblings")) {
            JsonNode size = sibling.path("size");
            JsonNode sha256 = sibling.path("lfs").path("sha256");
            files.put(
                    HubNames.checkListed(sibling.path("rfilename").asText()),
                    new ListedFile(
                            size.canConvertToLong() ? size.asLong() : -1, sha256.isTextual() ? sha256.asText() : null));
        }
        return new Listing(commit, files);
    }

    /** Requests the ETag and the size of a file and checks that they agree with the list. */
    Blob blob(String repository, String commit, String name, ListedFile listed, @Nullable String token)
            throws IOException, InterruptedException {
        StatusCheck.Target target = new StatusCheck.Target(repository, commit, name);
        URI url = urls.file(repository, commit, name);
        String where = " (" + HubUrls.shown(url) + ")";
        HubHttp.HubResponse response = retries.run(() -> {
            HubHttp.HubResponse head = http.head(url, token);
            if (!head.isRedirect()) {
                StatusCheck.requireOk(head, target, urls, token != null);
            }
            head.close();
            return head;
        });
        String served = response.trailHeader("X-Repo-Commit").orElse("none");
        if (!served.equals(commit)) {
            throw new HubException("X-Repo-Commit of " + name + " must be " + commit + ", but was "
                    + HubNames.quote(served) + where + ": check HF_ENDPOINT");
        }
        String etag = response.trailHeader("X-Linked-Etag")
                .or(() -> response.trailHeader("ETag"))
                .map(HubApi::unquoted)
                .orElse("none");
        if (!Checksum.isKnown(etag)) {
            throw new HubException("ETag of " + name + " must be a Git hash or a SHA-256 checksum, but was "
                    + HubNames.quote(etag) + where);
        }
        if (listed.sha256() != null && !listed.sha256().equals(etag)) {
            throw new HubException("ETag of " + name + " must be its listed SHA-256 checksum " + listed.sha256()
                    + ", but was " + etag + where);
        }
        long bytes = size(response, listed);
        if (bytes < 0) {
            throw new HubException("server must report the size of " + name + ", but did not" + where);
        }
        return new Blob(etag, bytes);
    }

    private static long size(HubHttp.HubResponse response, ListedFile listed) {
        Optional<String> linked = response.trailHeader("X-Linked-Size");
        // The length of a redirect is that of its own short body.
        Optional<String> size =
                linked.isPresent() || response.isRedirect() ? linked : response.header("Content-Length");
        return size.filter(text -> DIGITS.matcher(text).matches())
                .map(Long::parseLong)
                .orElse(listed.bytes());
    }

    private static String unquoted(String etag) {
        String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
        return strong.replaceAll("^\"+|\"+$", "");
    }
}
