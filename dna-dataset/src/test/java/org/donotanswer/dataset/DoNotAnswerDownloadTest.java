package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import okio.Buffer;
import org.donotanswer.internal.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoNotAnswerDownloadTest {
    private static final String CONTENT = "id,question\n0,How many geese live on the roof?\n".repeat(5_000);
    private static final PublishedFile FILE = file("Instruction/questions.csv", CONTENT);

    @TempDir
    private Path cache;

    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.shutdown();
    }

    private static PublishedFile file(String path, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return new PublishedFile(path, bytes.length, Sha256.of(bytes));
    }

    private DoNotAnswerDownload.Builder download(PublishedFile... files) {
        return DoNotAnswerDownload.builder()
                .cacheDirectory(cache)
                .mirror(server.url("/datasets").uri())
                .files(List.of(files))
                .retries(2)
                .backoff(Duration.ZERO);
    }

    private void serve(Function<RecordedRequest, MockResponse> answers) {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answers.apply(request);
            }
        });
    }

    private Path target() {
        return cache.resolve(FILE.path());
    }

    private Path part() {
        return cache.resolve(FILE.path() + ".part");
    }

    private void writePart(String content) throws IOException {
        Files.createDirectories(part().getParent());
        Files.writeString(part(), content);
    }

    private void assertFetched() {
        assertThat(target()).hasContent(CONTENT);
        assertThat(part()).doesNotExist();
    }

    @Test
    void fetch_emptyCache_downloadsEachFileToItsPath() throws Exception {
        PublishedFile second = file("data_en.csv", "second");
        server.enqueue(new MockResponse().setBody(CONTENT));
        server.enqueue(new MockResponse().setBody("second"));
        assertThat(download(FILE, second).build().fetch()).isEqualTo(cache);
        assertFetched();
        assertThat(cache.resolve("data_en.csv")).hasContent("second");
        assertThat(server.takeRequest().getPath()).isEqualTo("/datasets/Instruction/questions.csv");
        assertThat(server.takeRequest().getPath()).isEqualTo("/datasets/data_en.csv");
    }

    @Test
    void fetch_mirrorWithTrailingSlash_requestsTheSamePath() throws Exception {
        server.enqueue(new MockResponse().setBody(CONTENT));
        DoNotAnswerDownload.builder()
                .cacheDirectory(cache)
                .mirror(server.url("/a/b/").uri())
                .files(List.of(FILE))
                .build()
                .fetch();
        assertThat(server.takeRequest().getPath()).isEqualTo("/a/b/Instruction/questions.csv");
    }

    @Test
    void fetch_redirect_isFollowed() throws IOException {
        server.enqueue(new MockResponse().setResponseCode(302).setHeader("Location", "/elsewhere.csv"));
        server.enqueue(new MockResponse().setBody(CONTENT));
        download(FILE).build().fetch();
        assertFetched();
    }

    @Test
    void fetch_cachedFile_sendsNoRequest() throws IOException {
        server.enqueue(new MockResponse().setBody(CONTENT));
        download(FILE).build().fetch();
        download(FILE).build().fetch();
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void fetch_corruptCachedFile_isDownloadedAgain() throws IOException {
        Files.createDirectories(target().getParent());
        Files.writeString(target(), "rotten");
        server.enqueue(new MockResponse().setBody(CONTENT));
        download(FILE).build().fetch();
        assertFetched();
    }

    @Test
    void fetch_partOfEarlierDownload_requestsTheRest() throws Exception {
        writePart(CONTENT.substring(0, 1000));
        server.enqueue(partial(1000));
        download(FILE).build().fetch();
        assertFetched();
        assertThat(server.takeRequest().getHeader("Range")).isEqualTo("bytes=1000-");
    }

    private static MockResponse partial(int start) {
        return new MockResponse()
                .setResponseCode(206)
                .setHeader("Content-Range", "bytes " + start + "-" + (FILE.bytes() - 1) + "/" + FILE.bytes())
                .setBody(CONTENT.substring(start));
    }

    @Test
    void fetch_completePartOfEarlierDownload_sendsNoRequest() throws IOException {
        writePart(CONTENT);
        download(FILE).build().fetch();
        assertFetched();
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void fetch_partLongerThanTheFile_startsOver() throws Exception {
        writePart(CONTENT + "more");
        server.enqueue(new MockResponse().setBody(CONTENT));
        download(FILE).build().fetch();
        assertFetched();
        assertThat(server.takeRequest().getHeader("Range")).isNull();
    }

    @Test
    void fetch_serverIgnoresRange_startsOver() throws IOException {
        writePart("something else");
        server.enqueue(new MockResponse().setBody(CONTENT));
        download(FILE).build().fetch();
        assertFetched();
    }

    @Test
    void fetch_serverSendsOtherRange_startsOver() throws Exception {
        writePart(CONTENT.substring(0, 1000));
        server.enqueue(partial(500));
        server.enqueue(new MockResponse().setBody(CONTENT));
        download(FILE).build().fetch();
        assertFetched();
        server.takeRequest();
        assertThat(server.takeRequest().getHeader("Range")).isNull();
    }

    @Test
    void fetch_serverRefusesRange_startsOver() throws IOException {
        writePart(CONTENT.substring(0, 1000));
        server.enqueue(new MockResponse().setResponseCode(416));
        server.enqueue(new MockResponse().setBody(CONTENT));
        download(FILE).build().fetch();
        assertFetched();
    }

    @Test
    void fetch_partOfAnotherFile_startsOver() throws IOException {
        writePart("x".repeat(1000));
        server.enqueue(partial(1000));
        server.enqueue(new MockResponse().setBody(CONTENT));
        download(FILE).build().fetch();
        assertFetched();
    }

    @Test
    void fetch_truncatedBody_resumesWhereItStopped() throws Exception {
        serve(request -> request.getHeader("Range") == null
                ? new MockResponse().setBody(CONTENT).setSocketPolicy(SocketPolicy.DISCONNECT_DURING_RESPONSE_BODY)
                : partial(Integer.parseInt(request.getHeader("Range").replaceAll("\\D", ""))));
        download(FILE).build().fetch();
        assertFetched();
        assertThat(server.takeRequest().getHeader("Range")).isNull();
        assertThat(server.takeRequest().getHeader("Range")).startsWith("bytes=");
    }

    @Test
    void fetch_bodyTruncatedEveryTime_failsAndKeepsThePart() {
        for (int i = 0; i < 3; i++) {
            server.enqueue(truncatedAfter(1000));
        }
        assertThatThrownBy(() -> download(FILE).build().fetch())
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Instruction/questions.csv must have 235000 bytes, but was truncated after 1000 ("
                        + server.url("/datasets/Instruction/questions.csv") + ")");
        assertThat(server.getRequestCount()).isEqualTo(3);
        assertThat(target()).doesNotExist();
        assertThat(part()).hasSize(1000);
    }

    /** A response without a length that ends when the connection is closed. */
    private static MockResponse truncatedAfter(int bytes) {
        return new MockResponse()
                .removeHeader("Content-Length")
                .setBody(new Buffer().writeUtf8(CONTENT.substring(0, bytes)))
                .removeHeader("Content-Length")
                .setSocketPolicy(SocketPolicy.DISCONNECT_AT_END);
    }

    @Test
    void fetch_stalledBody_isAbandonedAfterTheTimeout() throws IOException {
        AtomicBoolean stalled = new AtomicBoolean();
        serve(request -> stalled.getAndSet(true)
                ? new MockResponse().setBody(CONTENT)
                : new MockResponse().setBody(CONTENT).throttleBody(1000, 1, TimeUnit.SECONDS));
        download(FILE).timeout(Duration.ofMillis(500)).build().fetch();
        assertFetched();
    }

    @Test
    void fetch_wrongContent_failsWithBothChecksumsAndKeepsNothing() {
        String wrong = "<html>Please sign in</html>";
        server.enqueue(new MockResponse().setBody(wrong));
        ChecksumMismatchException e = catchThrowableOfType(
                ChecksumMismatchException.class, () -> download(FILE).build().fetch());
        String found = Sha256.of(wrong.getBytes(StandardCharsets.UTF_8));
        assertThat(e)
                .hasMessage("SHA-256 of Instruction/questions.csv must be " + FILE.sha256() + ", but was " + found
                        + " (" + server.url("/datasets/Instruction/questions.csv") + ")");
        assertThat(e.file()).isEqualTo("Instruction/questions.csv");
        assertThat(e.expected()).isEqualTo(FILE.sha256());
        assertThat(e.found()).isEqualTo(found);
        assertThat(server.getRequestCount()).isEqualTo(1);
        assertThat(target()).doesNotExist();
        assertThat(part()).doesNotExist();
    }

    @Test
    void fetch_wrongContentOfRightSize_fails() {
        server.enqueue(new MockResponse().setBody(CONTENT.replace('g', 'G')));
        assertThatThrownBy(() -> download(FILE).build().fetch()).isInstanceOf(ChecksumMismatchException.class);
        assertThat(part()).doesNotExist();
    }

    @Test
    void fetch_oversizedBody_isNotReadToTheEnd() {
        server.enqueue(new MockResponse().setChunkedBody(CONTENT.repeat(10), 1 << 14));
        assertThatThrownBy(() -> download(FILE).build().fetch())
                .isExactlyInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "Instruction/questions.csv must have 235000 bytes, but was longer than 1005536 (");
        assertThat(part()).doesNotExist();
    }

    @Test
    void fetch_notFound_failsAtOnce() {
        server.enqueue(new MockResponse().setResponseCode(404));
        assertThatThrownBy(() -> download(FILE).build().fetch())
                .isExactlyInstanceOf(IOException.class)
                .hasMessage(
                        "status must be 200, but was 404 (" + server.url("/datasets/Instruction/questions.csv") + ")");
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void fetch_temporarilyUnavailable_succeeds() throws IOException {
        server.enqueue(new MockResponse().setResponseCode(503));
        server.enqueue(new MockResponse().setResponseCode(429));
        server.enqueue(new MockResponse().setBody(CONTENT));
        download(FILE).build().fetch();
        assertFetched();
    }

    @Test
    void fetch_unavailableForTooLong_fails() {
        for (int i = 0; i < 3; i++) {
            server.enqueue(new MockResponse().setResponseCode(503));
        }
        assertThatThrownBy(() -> download(FILE).build().fetch())
                .hasMessageStartingWith("status must be 200, but was 503 (");
        assertThat(server.getRequestCount()).isEqualTo(3);
    }

    @Test
    void fetch_noServer_fails() throws IOException {
        DoNotAnswerDownload download = download(FILE).build();
        server.shutdown();
        assertThatThrownBy(download::fetch).hasMessageStartingWith("server could not be reached (");
    }

    @Test
    void fetch_offlineAndCached_succeeds() throws IOException {
        server.enqueue(new MockResponse().setBody(CONTENT));
        download(FILE).build().fetch();
        assertThat(download(FILE).offline(true).build().fetch()).isEqualTo(cache);
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void fetch_offlineAndMissing_failsClearly() {
        assertThatThrownBy(() -> download(FILE).offline(true).build().fetch())
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(target() + ": offline, and not in the cache: Instruction/questions.csv");
        assertThat(server.getRequestCount()).isZero();
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void fetch_offlineAndCorrupt_failsClearly() throws IOException {
        Files.createDirectories(target().getParent());
        Files.writeString(target(), "rotten");
        assertThatThrownBy(() -> download(FILE).offline(true).build().fetch())
                .isInstanceOf(ChecksumMismatchException.class)
                .hasMessageEndingWith("(" + target() + ")");
    }

    @Test
    void fetch_concurrently_downloadsOnce() throws Exception {
        serve(request -> new MockResponse().setBody(CONTENT));
        List<CompletableFuture<Void>> all = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    try {
                        download(FILE).build().fetch();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .toList();
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
        assertFetched();
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void fetch_interrupted_failsAndStaysInterrupted() {
        server.enqueue(new MockResponse().setBody(CONTENT));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> download(FILE).build().fetch()).isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void download_sampleFromMirror_loads(@TempDir Path published) throws IOException {
        SampleData.copyTo(published);
        List<PublishedFile> files = Stream.of("data_en.csv", "Instruction/do_not_answer_en.csv")
                .map(path -> {
                    try {
                        return file(path, Files.readString(published.resolve(path)));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
        for (PublishedFile file : files) {
            server.enqueue(new MockResponse().setBody(Files.readString(published.resolve(file.path()))));
        }
        Path directory = download(files.toArray(PublishedFile[]::new)).build().fetch();
        DoNotAnswer dataset = DoNotAnswer.load(directory);
        assertThat(dataset.questions()).hasSize(8);
        assertThat(dataset.annotators()).containsExactly(Annotator.HUMAN);
        assertThat(dataset.notices()).isEmpty();
    }
}
