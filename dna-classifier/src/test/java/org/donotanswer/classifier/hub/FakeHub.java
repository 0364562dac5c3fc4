package org.donotanswer.classifier.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * A hub on the loopback interface with one repository. It answers like the public hub unless a test sets another
 * answer.
 */
final class FakeHub implements AutoCloseable {
    static final String REPOSITORY = "LibrAI/longformer-harmful-ro";
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String TOKEN = "hf_verySecretToken";
    static final byte[] WEIGHTS =
            "How many geese live on the roof? ".repeat(8_000).getBytes(StandardCharsets.UTF_8);

    final SortedMap<String, byte[]> files = new TreeMap<>();
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final List<RecordedRequest> recorded = Collections.synchronizedList(new ArrayList<>());
    final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    String commit = COMMIT;

    private final MockWebServer server = new MockWebServer();
    private final Map<String, Queue<Function<RecordedRequest, MockResponse>>> answers = new HashMap<>();

    FakeHub() throws IOException {
        put("config.json", "{\"model_type\":\"longformer\"}");
        put("tokenizer.json", "{\"version\":\"1.0\"}");
        put("README.md", "# Read me");
        put("training/config.json", "{}");
        files.put("model.safetensors", WEIGHTS);
        files.put("pytorch_model.bin", WEIGHTS);
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer(request);
            }
        });
        server.start();
    }

    void put(String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getPort() + path);
    }

    static String resolve(String name) {
        return "/" + REPOSITORY + "/resolve/" + COMMIT + "/" + name;
    }

    static String listing(String revision) {
        return "/api/models/" + REPOSITORY + "/revision/" + revision + "?blobs=true";
    }

    /** Sets the answers to the next requests with this method and path, in order. */
    void answer(String request, Function<RecordedRequest, MockResponse> answer) {
        synchronized (answers) {
            answers.computeIfAbsent(request, r -> new ArrayDeque<>()).add(answer);
        }
    }

    void answer(String request, MockResponse... given) {
        Arrays.stream(given).forEach(response -> answer(request, r -> response));
    }

    private MockResponse answer(RecordedRequest request) {
        String line = request.getMethod() + " " + request.getPath();
        requests.add(line);
        recorded.add(request);
        Function<RecordedRequest, MockResponse> answer;
        synchronized (answers) {
            Queue<Function<RecordedRequest, MockResponse>> queue = answers.get(line);
            answer = queue == null ? null : queue.poll();
        }
        return answer == null ? usual(request) : answer.apply(request);
    }

    MockResponse usual(RecordedRequest request) {
        String path = String.valueOf(request.getPath());
        if (path.startsWith("/api/models/" + REPOSITORY + "/revision/")) {
            return new MockResponse().setBody(list());
        }
        byte[] content = path.startsWith(resolve(""))
                ? files.get(path.substring(resolve("").length()))
                : null;
        if (content == null) {
            return new MockResponse().setResponseCode(404).setHeader("X-Error-Code", "EntryNotFound");
        }
        String name = path.substring(resolve("").length());
        return "HEAD".equals(request.getMethod()) ? head(name) : content(content, request);
    }

    /** Returns the whole content, or the requested range. */
    static MockResponse content(byte[] content, RecordedRequest request) {
        String range = request.getHeader("Range");
        if (range == null) {
            return new MockResponse().setBody(new Buffer().write(content));
        }
        int start = Integer.parseInt(range.replaceAll("\\D", ""));
        return new MockResponse()
                .setResponseCode(206)
                .setHeader("Content-Range", "bytes " + start + "-" + (content.length - 1) + "/" + content.length)
                .setBody(new Buffer().write(content, start, content.length - start));
    }

    MockResponse head(String name) {
        byte[] content = files.get(name);
        MockResponse head = new MockResponse().setHeader("X-Repo-Commit", commit);
        if (isLarge(name)) {
            return head.setResponseCode(302)
                    .setHeader("Location", "http://localhost:1/signed?Signature=abc")
                    .setHeader("ETag", "\"another\"")
                    .setHeader("X-Linked-Etag", "\"" + etag(name) + "\"")
                    .setHeader("X-Linked-Size", content.length);
        }
        return head.setHeader("ETag", "W/\"" + etag(name) + "\"").setHeader("Content-Length", content.length);
    }

    String list() {
        String siblings = files.entrySet().stream()
                .map(file -> "{\"rfilename\":\"" + file.getKey().replace("\\", "\\\\") + "\",\"size\":"
                        + file.getValue().length
                        + (isLarge(file.getKey()) ? ",\"lfs\":{\"sha256\":\"" + etag(file.getKey()) + "\"}" : "")
                        + "}")
                .collect(Collectors.joining(","));
        return "{\"sha\":\"" + commit + "\",\"siblings\":[" + siblings + "]}";
    }

    static boolean isLarge(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".bin");
    }

    /** Returns the ETag: the hash that Git, or its extension for large files, defines. */
    String etag(String name) {
        byte[] content = files.get(name);
        try {
            if (isLarge(name)) {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
            }
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(sha1.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the builder of a client without environment variables that never waits and sends the token. */
    Hub.Builder hub(java.nio.file.Path cache) {
        return Hub.builder()
                .environment(
                        HubEnvironment.of(Map.of("HOME", cache.resolve("home").toString())))
                .sleeper(pauses::add)
                .endpoint(url(""))
                .cache(cache)
                .token(TOKEN)
                .timeout(Duration.ofSeconds(20))
                .retries(2);
    }

    @Override
    public void close() throws IOException {
        server.shutdown();
    }
}
