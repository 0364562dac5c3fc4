package org.donotanswer.classifier.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.SocketPolicy;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interrupted transfers, wrong contents and failing servers. */
class HubTransferTest {
    private static final String REPOSITORY = FakeHub.REPOSITORY;
    private static final byte[] WEIGHTS = FakeHub.WEIGHTS;
    private static final String GET = "GET " + FakeHub.resolve("model.safetensors");

    @TempDir
    private Path cache;

    private FakeHub server;
    private Path incomplete;

    @BeforeEach
    void start() throws IOException {
        server = new FakeHub();
        incomplete = cache.resolve("models--LibrAI--longformer-harmful-ro/blobs")
                .resolve(server.etag("model.safetensors") + ".incomplete");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Path fetch() throws IOException, InterruptedException {
        return server.hub(cache).build().fetch(REPOSITORY, "main");
    }

    private void assertFetched() throws IOException, InterruptedException {
        assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(incomplete).doesNotExist();
    }

    private void writeIncomplete(byte[] bytes) throws IOException {
        Files.createDirectories(incomplete.getParent());
        Files.write(incomplete, bytes);
    }

    /** Returns the ranges in which the weights were requested, with "all" for no range. */
    private List<String> ranges() {
        return server.recorded.stream()
                .filter(r -> (r.getMethod() + " " + r.getPath()).equals(GET))
                .map(r -> r.getHeader("Range") == null ? "all" : r.getHeader("Range"))
                .toList();
    }

    private static MockResponse body(byte[] bytes) {
        return new MockResponse().setBody(new Buffer().write(bytes));
    }

    private static byte[] wrong() {
        byte[] bytes = WEIGHTS.clone();
        bytes[100] ^= 1;
        return bytes;
    }

    @Test
    void fetch_bodyCutOff_goesOnWhereItStopped() throws Exception {
        server.answer(GET, body(WEIGHTS).setSocketPolicy(SocketPolicy.DISCONNECT_DURING_RESPONSE_BODY));
        assertFetched();
        assertThat(ranges()).hasSize(2).first().isEqualTo("all");
        assertThat(ranges().get(1)).matches("bytes=[1-9]\\d*-");
        assertThat(server.pauses).containsExactly(Duration.ofMillis(500));
    }

    @Test
    void fetch_bodyWithoutLengthCutOff_goesOnWhereItStopped() throws Exception {
        server.answer(
                GET,
                body(Arrays.copyOf(WEIGHTS, 1000))
                        .removeHeader("Content-Length")
                        .setSocketPolicy(SocketPolicy.DISCONNECT_AT_END));
        assertFetched();
        assertThat(ranges()).containsExactly("all", "bytes=1000-");
    }

    @Test
    void fetch_bodyCutOffEveryTime_failsAndKeepsWhatCame() throws Exception {
        for (int i = 0; i < 3; i++) {
            server.answer(GET, r -> FakeHub.content(WEIGHTS, r)
                    .setSocketPolicy(SocketPolicy.DISCONNECT_DURING_RESPONSE_BODY));
        }
        assertThatThrownBy(this::fetch)
                .isInstanceOf(HubException.class)
                .hasMessageMatching(
                        "model.safetensors must have 264000 bytes, but was cut off after \\d+: another download"
                                + " continues from there");
        assertThat(ranges()).hasSize(3);
        assertThat(server.pauses).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
        long kept = Files.size(incomplete);
        assertThat(kept).isPositive();
        assertFetched();
        assertThat(ranges().get(3)).isEqualTo("bytes=" + kept + "-");
    }

    @Test
    void fetch_incompleteOfEarlierDownload_asksForTheRest() throws Exception {
        writeIncomplete(Arrays.copyOf(WEIGHTS, 1234));
        assertFetched();
        assertThat(ranges()).containsExactly("bytes=1234-");
    }

    @Test
    void fetch_incompleteThatIsWhole_asksForNothing() throws Exception {
        writeIncomplete(WEIGHTS);
        assertFetched();
        assertThat(ranges()).isEmpty();
    }

    @Test
    void fetch_incompleteThatIsTooLong_beginsAfresh() throws Exception {
        writeIncomplete(Arrays.copyOf(WEIGHTS, WEIGHTS.length + 1));
        assertFetched();
        assertThat(ranges()).containsExactly("all");
    }

    @Test
    void fetch_incompleteOfAnotherFile_beginsAfreshWhenTheChecksumIsWrong() throws Exception {
        writeIncomplete(new byte[1000]);
        assertFetched();
        assertThat(ranges()).containsExactly("bytes=1000-", "all");
    }

    @Test
    void fetch_serverIgnoresTheRange_takesTheWholeAnswer() throws Exception {
        writeIncomplete(Arrays.copyOf(WEIGHTS, 1000));
        server.answer(GET, body(WEIGHTS));
        assertFetched();
        assertThat(ranges()).containsExactly("bytes=1000-");
    }

    @Test
    void fetch_serverSendsAnotherRange_beginsAfresh() throws Exception {
        writeIncomplete(Arrays.copyOf(WEIGHTS, 1000));
        server.answer(GET, body(WEIGHTS).setResponseCode(206).setHeader("Content-Range", "bytes 0-263999/264000"));
        assertFetched();
        assertThat(ranges()).containsExactly("bytes=1000-", "all");
    }

    @Test
    void fetch_serverRefusesTheRange_beginsAfresh() throws Exception {
        writeIncomplete(Arrays.copyOf(WEIGHTS, 1000));
        server.answer(GET, new MockResponse().setResponseCode(416));
        assertFetched();
        assertThat(ranges()).containsExactly("bytes=1000-", "all");
    }

    @Test
    void fetch_wrongContentOnce_isFetchedAgain() throws Exception {
        server.answer(GET, body(wrong()));
        assertFetched();
        assertThat(ranges()).containsExactly("all", "all");
    }

    @Test
    void fetch_wrongContentTwice_failsAndKeepsNothing() {
        server.answer(GET, body(wrong()), body(wrong()));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(HubException.class)
                .hasMessageStartingWith(
                        "checksum of model.safetensors must be " + server.etag("model.safetensors") + ", but was ")
                .hasMessageEndingWith("(" + server.url(FakeHub.resolve("model.safetensors"))
                        + "): both downloads failed this check and were deleted");
        assertThat(incomplete).doesNotExist();
        assertThat(cache.resolve("models--LibrAI--longformer-harmful-ro/refs")).doesNotExist();
    }

    @Test
    void fetch_wrongContentOfASmallFile_failsToo() {
        String get = "GET " + FakeHub.resolve("config.json");
        MockResponse wrong = new MockResponse().setBody("{\"model_type\":\"longerform\"}");
        server.answer(get, wrong, wrong);
        assertThatThrownBy(this::fetch)
                .hasMessageStartingWith("checksum of config.json must be " + server.etag("config.json"));
    }

    @Test
    void fetch_longerContent_isNotReadToItsEnd() {
        byte[] endless = new byte[20 * WEIGHTS.length];
        server.answer(GET, body(endless), body(endless));
        assertThatThrownBy(this::fetch)
                .hasMessageStartingWith("model.safetensors must have 264000 bytes, but had more (");
        assertThat(incomplete).doesNotExist();
    }

    @Test
    void fetch_silentServer_isGivenUpOn() throws Exception {
        server.answer(GET, new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
        Hub hub = hub(Duration.ofSeconds(1));
        assertThat(hub.fetch(REPOSITORY, "main").resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    }

    private Hub hub(Duration timeout) {
        return Hub.builder()
                .environment(HubEnvironment.of(java.util.Map.of("HOME", cache.toString())))
                .sleeper(server.pauses::add)
                .endpoint(server.url(""))
                .cache(cache)
                .timeout(timeout)
                .build();
    }

    @Test
    void fetch_serverSilentAmidTheBody_goesOnWhereItStopped() throws Exception {
        // The server announces more than it sends and leaves the connection open.
        server.answer(GET, body(Arrays.copyOf(WEIGHTS, 1000)).setHeader("Content-Length", WEIGHTS.length));
        Hub hub = hub(Duration.ofSeconds(1));
        assertThat(hub.fetch(REPOSITORY, "main").resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(ranges()).containsExactly("all", "bytes=1000-");
    }

    @Test
    void fetch_unavailableThenFine_waitsTwiceAsLongEachTime() throws Exception {
        String list = "GET " + FakeHub.listing("main");
        server.answer(list, status(503), status(500));
        assertFetched();
        assertThat(server.pauses).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    private static MockResponse status(int code) {
        return new MockResponse().setResponseCode(code);
    }

    @Test
    void fetch_unavailableForTooLong_fails() {
        String head = "HEAD " + FakeHub.resolve("config.json");
        server.answer(head, status(500), status(500), status(500));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(HubException.class)
                .hasMessage("status must be 200, but was 500 (" + server.url(FakeHub.resolve("config.json")) + ")");
        assertThat(server.requests.stream().filter(head::equals)).hasSize(3);
    }

    @Test
    void fetch_tooManyRequests_waitsAsLongAsTheServerAsks() throws Exception {
        server.answer(
                GET,
                status(429).setHeader("Retry-After", "7"),
                status(429)
                        .setHeader("Date", "Wed, 21 Oct 2015 07:28:00 GMT")
                        .setHeader("Retry-After", "Wed, 21 Oct 2015 07:29:30 GMT"));
        assertFetched();
        assertThat(server.pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(90));
    }

    @Test
    void fetch_tooManyRequestsWithoutASensibleTime_waitsTheUsual() throws Exception {
        server.answer(GET, status(429).setHeader("Retry-After", "soon"), status(429));
        assertFetched();
        assertThat(server.pauses).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
    }

    @Test
    void fetch_tooManyRequestsForHours_failsAtOnce() {
        server.answer(GET, status(429).setHeader("Retry-After", "7200"));
        assertThatThrownBy(this::fetch).hasMessageStartingWith("status must be 200, but was 429 (");
        assertThat(server.pauses).isEmpty();
    }

    @Test
    void fetch_noServer_failsWithAdvice() throws Exception {
        Hub hub = server.hub(cache).build();
        server.close();
        assertThatThrownBy(() -> hub.fetch(REPOSITORY, "main"))
                .isInstanceOf(HubException.class)
                .hasMessage("server could not be reached ("
                        + server.url("/api/models/" + REPOSITORY + "/revision/main")
                        + "): check the connection, or set HF_HUB_OFFLINE=1 to use cached files only");
        assertThat(server.pauses).hasSize(2);
    }

    @Test
    void fetch_interruptedWhileWaiting_stops() {
        server.answer("GET " + FakeHub.listing("main"), status(503));
        Hub hub = server.hub(cache)
                .sleeper(time -> {
                    throw new InterruptedException("told to");
                })
                .build();
        assertThatThrownBy(() -> hub.fetch(REPOSITORY, "main"))
                .isInstanceOf(InterruptedException.class)
                .hasMessage("told to");
    }

    @Test
    void fetch_listThatIsNone_isRefused() {
        String list = "GET " + FakeHub.listing("main");
        server.answer(list, new MockResponse().setBody("<html>Please sign in</html>"));
        assertThatThrownBy(this::fetch).hasMessageStartingWith("list of files must be JSON, but was not (");
        server.answer(list, new MockResponse().setBody("{\"sha\":\"../x\",\"siblings\":[]}"));
        assertThatThrownBy(this::fetch)
                .hasMessageStartingWith("list of files must have a commit hash and siblings, but had sha \"../x\" (");
        server.answer(list, new MockResponse().setBody(""));
        assertThatThrownBy(this::fetch).isInstanceOf(HubException.class);
    }

    @Test
    void fetch_listOfAnotherCommit_isRefused() {
        String other = "f".repeat(40);
        assertThatThrownBy(() -> server.hub(cache).build().fetch(REPOSITORY, other))
                .hasMessageStartingWith("commit of repository " + REPOSITORY + " at revision " + other
                        + " must be that revision, but was " + FakeHub.COMMIT);
    }

    @Test
    void fetch_headersThatDoNotFit_areRefused() {
        String head = "HEAD " + FakeHub.resolve("config.json");
        server.answer(head, server.head("config.json").removeHeader("X-Repo-Commit"));
        assertThatThrownBy(this::fetch)
                .hasMessageStartingWith(
                        "X-Repo-Commit of config.json must be " + FakeHub.COMMIT + ", but was \"none\" (");
        server.answer(head, server.head("config.json").setHeader("ETag", "\"../../../evil\""));
        assertThatThrownBy(this::fetch)
                .hasMessageStartingWith("ETag of config.json must be a Git hash or a SHA-256 checksum, but was"
                        + " \"../../../evil\" (");
        server.answer(
                "HEAD " + FakeHub.resolve("model.safetensors"),
                server.head("model.safetensors").setHeader("X-Linked-Etag", "0".repeat(64)));
        assertThatThrownBy(this::fetch)
                .hasMessageStartingWith("ETag of model.safetensors must be its listed SHA-256 checksum "
                        + server.etag("model.safetensors") + ", but was " + "0".repeat(64));
    }

    @Test
    void fetch_sizeOnlyInTheList_isUsed() throws Exception {
        server.answer(
                "HEAD " + FakeHub.resolve("model.safetensors"),
                server.head("model.safetensors").removeHeader("X-Linked-Size"));
        assertFetched();
    }

    @Test
    void fetch_noSizeAnywhere_isRefused() {
        String list = "{\"sha\":\"" + FakeHub.COMMIT + "\",\"siblings\":[{\"rfilename\":\"config.json\"},"
                + "{\"rfilename\":\"model.safetensors\"}]}";
        server.answer("GET " + FakeHub.listing("main"), new MockResponse().setBody(list));
        server.answer(
                "HEAD " + FakeHub.resolve("model.safetensors"),
                server.head("model.safetensors").removeHeader("X-Linked-Size"));
        assertThatThrownBy(this::fetch)
                .hasMessageStartingWith("server must report the size of model.safetensors, but did not (");
    }
}
