package org.donotanswer.classifier.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** To whom the token is sent, where redirects may lead, which names a server may list, and what refusals say. */
class HubTrustTest {
    private static final String REPOSITORY = FakeHub.REPOSITORY;
    private static final String LIST = "GET " + FakeHub.listing("main");
    private static final String GET = "GET " + FakeHub.resolve("model.safetensors");
    private static final String HEAD = "HEAD " + FakeHub.resolve("config.json");

    @TempDir
    private Path directory;

    private Path cache;
    private FakeHub server;
    private final MockWebServer network = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        cache = directory.resolve("cache");
        server = new FakeHub();
        network.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return String.valueOf(request.getPath()).startsWith("/signed")
                        ? FakeHub.content(FakeHub.WEIGHTS, request)
                        : new MockResponse().setResponseCode(403);
            }
        });
        network.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        network.shutdown();
    }

    private Path fetch() throws IOException, InterruptedException {
        return server.hub(cache).build().fetch(REPOSITORY, "main");
    }

    private String elsewhere(String host, String path) {
        return "http://" + host + ":" + network.getPort() + path;
    }

    private static MockResponse redirect(String location) {
        return new MockResponse().setResponseCode(302).setHeader("Location", location);
    }

    private static MockResponse status(int code) {
        return new MockResponse().setResponseCode(code);
    }

    private Path weights() {
        return cache.resolve("models--LibrAI--longformer-harmful-ro/blobs")
                .resolve(server.etag("model.safetensors") + ".incomplete");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost"})
    void fetch_redirectToAnotherPlace_isFollowedWithoutTheToken(String host) throws Exception {
        server.answer(GET, redirect(elsewhere(host, "/signed?Signature=abc")));
        assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(FakeHub.WEIGHTS);
        RecordedRequest request = network.takeRequest();
        assertThat(request.getHeader("Authorization")).isNull();
        assertThat(request.getPath()).isEqualTo("/signed?Signature=abc");
    }

    @Test
    void fetch_redirectToAnotherPlace_keepsTheRange() throws Exception {
        Files.createDirectories(weights().getParent());
        Files.write(weights(), Arrays.copyOf(FakeHub.WEIGHTS, 10));
        server.answer(GET, redirect(elsewhere("localhost", "/signed")));
        fetch();
        assertThat(network.takeRequest().getHeader("Range")).isEqualTo("bytes=10-");
    }

    @Test
    void fetch_redirectOnTheSameHost_keepsTheToken() throws Exception {
        // A renamed repository, and files that the hub serves at another path.
        server.answer(LIST, redirect("/moved"));
        server.answer("GET /moved", new MockResponse().setBody(server.list()));
        server.answer(HEAD, redirect("/cached/config.json").setHeader("X-Repo-Commit", FakeHub.COMMIT));
        server.answer("HEAD /cached/config.json", server.head("config.json").removeHeader("X-Repo-Commit"));
        fetch();
        assertThat(server.requests).contains("GET /moved", "HEAD /cached/config.json");
        assertThat(server.recorded).allSatisfy(request -> assertThat(request.getHeader("Authorization"))
                .isEqualTo("Bearer " + FakeHub.TOKEN));
    }

    @Test
    void fetch_redirectThereAndBack_losesTheToken() throws Exception {
        network.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return redirect(server.url("/back").toString());
            }
        });
        server.answer(GET, redirect(elsewhere("localhost", "/forth")));
        server.answer("GET /back", request -> FakeHub.content(FakeHub.WEIGHTS, request));
        fetch();
        assertThat(server.recorded)
                .filteredOn(request -> "/back".equals(request.getPath()))
                .singleElement()
                .satisfies(request ->
                        assertThat(request.getHeader("Authorization")).isNull());
    }

    @Test
    void fetch_headersAtAnotherHost_areNotAskedFor() throws Exception {
        server.answer(
                HEAD,
                redirect(elsewhere("localhost", "/signed"))
                        .setHeader("X-Repo-Commit", FakeHub.COMMIT)
                        .setHeader("X-Linked-Etag", server.etag("config.json")));
        fetch();
        assertThat(network.getRequestCount()).isZero();
    }

    @Test
    void fetch_redirectsWithoutEnd_areGivenUp() {
        for (int i = 0; i < 20; i++) {
            server.answer(LIST, redirect(FakeHub.listing("main")));
        }
        assertThatThrownBy(this::fetch)
                .isInstanceOf(HubException.class)
                .hasMessage("redirects must be at most 10, but were more ("
                        + server.url("/api/models/" + REPOSITORY + "/revision/main") + ")");
        assertThat(server.requests).hasSize(11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://localhost/x", "mailto:x@localhost"})
    void fetch_redirectToNoWebServer_isRefused(String location) {
        server.answer(GET, redirect(location));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(HubException.class)
                .hasMessageStartingWith("redirect must lead to a URL that is as safe as its origin, but led from "
                        + server.url(FakeHub.resolve("model.safetensors")) + " to ");
    }

    @Test
    void fetch_redirectToNoUrl_isRefusedWithoutShowingIt() {
        server.answer(GET, redirect("http://[x?Signature=abc"));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(HubException.class)
                .hasMessageStartingWith("redirect must lead to a URL, but did not (")
                .hasNoCause();
        server.answer(GET, status(302));
        assertThatThrownBy(this::fetch).hasMessageEndingWith(" to nothing");
    }

    @Test
    void isDowngrade_httpsToHttp_isOne() {
        assertThat(HubUrls.isDowngrade(URI.create("https://a/x"), URI.create("http://a/x")))
                .isTrue();
        assertThat(HubUrls.isDowngrade(URI.create("https://a/x"), URI.create("HTTPS://b/x")))
                .isFalse();
        assertThat(HubUrls.isDowngrade(URI.create("http://a/x"), URI.create("http://b/x")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../evil.json",
                "/evil.json",
                "a/../../evil.json",
                "..",
                "./evil.json",
                "a//evil.json",
                "..\\\\evil.json",
                ""
            })
    void fetch_namesThatLeaveTheCache_areRefused(String name) throws IOException {
        String list = "{\"sha\":\"" + FakeHub.COMMIT + "\",\"siblings\":[{\"rfilename\":\"" + name + "\"}]}";
        server.answer(LIST, new MockResponse().setBody(list));
        assertThatThrownBy(() -> server.hub(cache).files("*").build().fetch(REPOSITORY, "main"))
                .isInstanceOf(HubException.class)
                .hasMessage("file name must be relative and stay in its directory, but was \""
                        + name.replace("\\\\", "\\") + "\"");
        try (Stream<Path> written = Files.walk(directory)) {
            assertThat(written).containsExactly(directory);
        }
    }

    @Test
    void fetch_refusedWithToken_asksForAnother() {
        server.answer(LIST, status(401));
        assertThatThrownBy(this::fetch)
                .isInstanceOf(HubException.class)
                .hasMessage("repository " + REPOSITORY + " at revision main must be accessible, but the server answered"
                        + " with status 401 to the given token: set HF_TOKEN to a token that may read it, and check its"
                        + " name (" + server.url("/api/models/" + REPOSITORY + "/revision/main") + ")");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void fetch_refusedWithoutToken_asksForOne() {
        server.answer(LIST, status(401).setHeader("X-Error-Code", "RepoNotFound"));
        Hub hub = Hub.builder()
                .environment(HubEnvironment.of(Map.of("HOME", directory.toString())))
                .endpoint(server.url("/"))
                .cache(cache)
                .build();
        assertThatThrownBy(() -> hub.fetch(REPOSITORY, "main"))
                .isInstanceOf(HubException.class)
                .hasMessage("repository " + REPOSITORY + " at revision main must be accessible, but the server answered"
                        + " with status 401: set HF_TOKEN if it needs a token, and check its name ("
                        + server.url("/api/models/" + REPOSITORY + "/revision/main") + ")");
        assertThat(server.recorded.get(0).getHeader("Authorization")).isNull();
    }

    @Test
    void fetch_gatedRepository_saysWhereItsConditionsAre() {
        server.answer(HEAD, status(403).setHeader("X-Error-Code", "GatedRepo"));
        assertThatThrownBy(this::fetch)
                .hasMessage("config.json of repository " + REPOSITORY + " at revision " + FakeHub.COMMIT
                        + " must be accessible, but the server answered with status 403: it is gated; accept its"
                        + " conditions at " + server.url("/" + REPOSITORY)
                        + " and set HF_TOKEN to the token of that account ("
                        + server.url(FakeHub.resolve("config.json"))
                        + ")");
    }

    @Test
    void fetch_refusedByAnotherHost_doesNotBlameTheToken() {
        server.answer(GET, redirect(elsewhere("localhost", "/expired?Signature=abc")));
        assertThatThrownBy(this::fetch)
                .hasMessage("status must be 200, but was 403 (" + elsewhere("localhost", "/expired") + ")");
    }

    @Test
    void fetch_notFound_saysWhatToCheck() {
        String where = " (" + server.url("/api/models/" + REPOSITORY + "/revision/main") + ")";
        String absent = "repository " + REPOSITORY + " at revision main must be on the hub, but was not found";
        server.answer(
                LIST,
                status(404),
                status(404).setHeader("X-Error-Code", "RevisionNotFound"),
                status(404).setHeader("X-Error-Code", "RepoNotFound"));
        assertThatThrownBy(this::fetch).hasMessage(absent + ": check the repository's name and the revision" + where);
        assertThatThrownBy(this::fetch).hasMessage(absent + ": check the revision" + where);
        assertThatThrownBy(this::fetch).hasMessage(absent + ": check the repository's name" + where);
        server.answer(HEAD, status(404));
        assertThatThrownBy(this::fetch)
                .hasMessage("config.json of repository " + REPOSITORY + " at revision " + FakeHub.COMMIT
                        + " must be on the hub, but was not found (" + server.url(FakeHub.resolve("config.json"))
                        + ")");
    }

    @Test
    void fetch_environmentsToken_isSent() throws Exception {
        Path file = directory.resolve("token");
        Files.writeString(file, "hf_fromAFile\n");
        Hub.builder()
                .environment(HubEnvironment.of(Map.of(
                        "HF_TOKEN_PATH", file.toString(),
                        "HF_ENDPOINT", server.url("/").toString(),
                        "HF_HOME", cache.toString())))
                .build()
                .fetch(REPOSITORY, "main");
        assertThat(server.recorded).allSatisfy(request -> assertThat(request.getHeader("Authorization"))
                .isEqualTo("Bearer hf_fromAFile"));
        assertThat(cache.resolve("hub/models--LibrAI--longformer-harmful-ro")).isDirectory();
    }

    @Test
    void fetch_tokenIsInNoMessage() throws Exception {
        List<Runnable> troubles = List.of(
                () -> server.answer(LIST, status(401)),
                () -> server.answer(LIST, status(403).setHeader("X-Error-Code", "GatedRepo")),
                () -> server.answer(LIST, status(404)),
                () -> server.answer(LIST, status(500), status(500), status(500)),
                () -> server.answer(LIST, redirect("ftp://x/" + "y")),
                () -> server.answer(LIST, new MockResponse().setBody("<html>")),
                () -> server.answer(HEAD, status(418)),
                () -> server.answer(GET, redirect(elsewhere("localhost", "/expired?Signature=secretSignature"))));
        for (Runnable trouble : troubles) {
            trouble.run();
            assertSilentAboutToken(catchThrowable(this::fetch));
        }
        Hub unreachable = server.hub(cache).build();
        server.close();
        assertSilentAboutToken(catchThrowable(() -> unreachable.fetch(REPOSITORY, "main")));
    }

    private static void assertSilentAboutToken(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        assertThat(thrown).isInstanceOf(HubException.class);
        assertThat(trace.toString()).doesNotContain(FakeHub.TOKEN).doesNotContain("secretSignature");
    }
}
