package org.donotanswer.classifier.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.mockwebserver.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layout of the cache, and when it is used without the hub. */
class HubTest {
    private static final String REPOSITORY = FakeHub.REPOSITORY;
    private static final String COMMIT = FakeHub.COMMIT;
    private static final String FOLDER = "models--LibrAI--longformer-harmful-ro";

    @TempDir
    private Path directory;

    private Path cache;
    private FakeHub server;

    @BeforeEach
    void start() throws IOException {
        cache = directory.resolve("cache");
        server = new FakeHub();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Hub hub() {
        return server.hub(cache).build();
    }

    private Hub offline() {
        return server.hub(cache).offline(true).build();
    }

    private List<String> names(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(p -> !Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
                    .map(p -> root.relativize(p).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void fetch_emptyCache_laysItOutAsThePythonClientDoes() throws Exception {
        Path snapshot = hub().fetch(REPOSITORY, "main");
        Path root = cache.resolve(FOLDER);
        assertThat(snapshot).isEqualTo(root.resolve("snapshots").resolve(COMMIT));
        assertThat(names(root))
                .containsExactlyInAnyOrder(
                        "blobs/" + server.etag("config.json"),
                        "blobs/" + server.etag("tokenizer.json"),
                        "blobs/" + server.etag("model.safetensors"),
                        "refs/main",
                        "snapshots/" + COMMIT + "/config.json",
                        "snapshots/" + COMMIT + "/tokenizer.json",
                        "snapshots/" + COMMIT + "/model.safetensors");
        assertThat(root.resolve("refs/main")).hasContent(COMMIT);
        assertThat(Files.readSymbolicLink(snapshot.resolve("model.safetensors")))
                .hasToString("../../blobs/" + server.etag("model.safetensors"));
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(FakeHub.WEIGHTS);
        assertThat(snapshot.resolve("config.json")).hasContent("{\"model_type\":\"longformer\"}");
        assertThat(cache.resolve(".locks").resolve(FOLDER).resolve(server.etag("config.json") + ".lock"))
                .exists();
    }

    @Test
    void fetch_emptyCache_asksForEachFileOnceAndTheWeightsLast() throws Exception {
        hub().fetch(REPOSITORY, "main");
        assertThat(server.requests)
                .containsExactly(
                        "GET " + FakeHub.listing("main"),
                        "HEAD " + FakeHub.resolve("config.json"),
                        "GET " + FakeHub.resolve("config.json"),
                        "HEAD " + FakeHub.resolve("tokenizer.json"),
                        "GET " + FakeHub.resolve("tokenizer.json"),
                        "HEAD " + FakeHub.resolve("model.safetensors"),
                        "GET " + FakeHub.resolve("model.safetensors"));
        assertThat(server.recorded).allSatisfy(request -> assertThat(request.getHeader("Authorization"))
                .isEqualTo("Bearer " + FakeHub.TOKEN));
    }

    @Test
    void fetch_manyRequests_shareAConnection() throws Exception {
        hub().fetch(REPOSITORY, "main");
        assertThat(server.recorded.stream().map(r -> r.getSequenceNumber())).contains(1);
    }

    @Test
    void fetch_commitThatIsCached_asksNothing() throws Exception {
        Path first = hub().fetch(REPOSITORY, COMMIT);
        server.requests.clear();
        assertThat(hub().fetch(REPOSITORY, COMMIT)).isEqualTo(first);
        assertThat(server.requests).isEmpty();
        assertThat(cache.resolve(FOLDER).resolve("refs")).doesNotExist();
    }

    @Test
    void fetch_branchThatIsCached_asksOnlyWhereItIs() throws Exception {
        hub().fetch(REPOSITORY, "main");
        server.requests.clear();
        hub().fetch(REPOSITORY, "main");
        assertThat(server.requests).containsExactly("GET " + FakeHub.listing("main"));
    }

    @Test
    void fetch_snapshotThatLacksAFile_fetchesThatOneAlone() throws Exception {
        Path snapshot = hub().fetch(REPOSITORY, COMMIT);
        Files.delete(snapshot.resolve("config.json").toRealPath());
        server.requests.clear();
        hub().fetch(REPOSITORY, COMMIT);
        assertThat(snapshot.resolve("config.json")).hasContent("{\"model_type\":\"longformer\"}");
        assertThat(server.requests)
                .containsExactly(
                        "GET " + FakeHub.listing(COMMIT),
                        "HEAD " + FakeHub.resolve("config.json"),
                        "GET " + FakeHub.resolve("config.json"));
    }

    @Test
    void fetch_blobOfAnotherSnapshot_isLinkedWithoutBeingFetched() throws Exception {
        Path blob = cache.resolve(FOLDER).resolve("blobs").resolve(server.etag("model.safetensors"));
        Files.createDirectories(blob.getParent());
        Files.write(blob, FakeHub.WEIGHTS);
        hub().fetch(REPOSITORY, "main");
        assertThat(server.requests).doesNotContain("GET " + FakeHub.resolve("model.safetensors"));
    }

    @Test
    void fetch_branchWithASlash_isEncodedInTheUrlAndNestedInTheCache() throws Exception {
        hub().fetch(REPOSITORY, "refs/pr/1");
        assertThat(server.requests).first().isEqualTo("GET " + FakeHub.listing("refs%2Fpr%2F1"));
        assertThat(cache.resolve(FOLDER).resolve("refs/refs/pr/1")).hasContent(COMMIT);
        assertThat(offline().fetch(REPOSITORY, "refs/pr/1")).isDirectory();
    }

    @Test
    void fetch_branchThatMoved_isPutOnlyWhenItsSnapshotIsWhole() throws Exception {
        hub().fetch(REPOSITORY, "main");
        Path ref = cache.resolve(FOLDER).resolve("refs/main");
        Files.writeString(ref, "f".repeat(40));
        server.answer("HEAD " + FakeHub.resolve("config.json"), new MockResponse().setResponseCode(403));
        Files.delete(cache.resolve(FOLDER).resolve("snapshots/" + COMMIT + "/config.json"));
        assertThatThrownBy(() -> hub().fetch(REPOSITORY, "main")).isInstanceOf(HubException.class);
        assertThat(ref).hasContent("f".repeat(40));
        hub().fetch(REPOSITORY, "main");
        assertThat(ref).hasContent(COMMIT);
    }

    @Test
    void fetch_nameWithSpecialCharacters_isEncodedAndNested() throws Exception {
        server.put("a b/ü+%.txt", "unused");
        String path = "a%20b/%C3%BC%2B%25.txt";
        server.answer("HEAD " + FakeHub.resolve(path), server.head("a b/ü+%.txt"));
        server.answer("GET " + FakeHub.resolve(path), new MockResponse().setBody("unused"));
        Path snapshot = server.hub(cache).files("a b/*").build().fetch(REPOSITORY, COMMIT);
        assertThat(snapshot.resolve("a b/ü+%.txt")).hasContent("unused");
        assertThat(Files.readSymbolicLink(snapshot.resolve("a b/ü+%.txt")))
                .hasToString("../../../blobs/" + server.etag("a b/ü+%.txt"));
    }

    @Test
    void fetch_emptyFile_isFetched() throws Exception {
        server.put("merges.txt", "");
        assertThat(hub().fetch(REPOSITORY, "main").resolve("merges.txt")).isEmptyFile();
    }

    @Test
    void fetch_repositoryWithoutOwner_hasAFolderWithout() throws Exception {
        server.answer(
                "GET /api/models/gpt2/revision/main?blobs=true",
                new MockResponse().setBody("{\"sha\":\"" + COMMIT + "\",\"siblings\":[]}"));
        assertThatThrownBy(() -> hub().fetch("gpt2", "main"))
                .hasMessage("repository gpt2 at revision main must have config.json,"
                        + " model.safetensors or pytorch_model.bin, but had []");
    }

    @Test
    void fetch_repositoryWithoutTokenizer_isWholeWithoutOne() throws Exception {
        server.files.remove("tokenizer.json");
        hub().fetch(REPOSITORY, "main");
        server.requests.clear();
        assertThat(hub().fetch(REPOSITORY, COMMIT)).isDirectory();
        assertThat(offline().fetch(REPOSITORY, "main")).isDirectory();
        assertThat(server.requests).isEmpty();
        assertThat(cache.resolve(FOLDER).resolve(".no_exist").resolve(COMMIT).resolve("vocab.txt"))
                .isEmptyFile();
    }

    @Test
    void fetch_noSymbolicLinks_putsTheContentUnderItsName() throws Exception {
        // GIVEN two names with the same content
        server.put("vocab.txt", "{\"version\":\"1.0\"}");
        Hub hub = server.hub(cache)
                .links((link, target) -> {
                    throw new FileSystemException(link.toString(), null, "a required privilege is not held");
                })
                .build();
        // WHEN
        Path snapshot = hub.fetch(REPOSITORY, "main");
        // THEN
        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(FakeHub.WEIGHTS);
        assertThat(Files.isSymbolicLink(snapshot.resolve("model.safetensors"))).isFalse();
        assertThat(snapshot.resolve("vocab.txt")).hasContent("{\"version\":\"1.0\"}");
        assertThat(snapshot.resolve("tokenizer.json")).hasContent("{\"version\":\"1.0\"}");
        assertThat(names(cache.resolve(FOLDER).resolve("blobs"))).isEmpty();
    }

    @Test
    void fetch_noSymbolicLinksAndBlobOfAnotherSnapshot_copiesIt() throws Exception {
        Path blob = cache.resolve(FOLDER).resolve("blobs").resolve(server.etag("model.safetensors"));
        Files.createDirectories(blob.getParent());
        Files.write(blob, FakeHub.WEIGHTS);
        Hub hub = server.hub(cache)
                .links((link, target) -> {
                    throw new UnsupportedOperationException();
                })
                .build();
        assertThat(hub.fetch(REPOSITORY, "main").resolve("model.safetensors")).hasBinaryContent(FakeHub.WEIGHTS);
        assertThat(blob).hasBinaryContent(FakeHub.WEIGHTS);
        assertThat(names(cache.resolve(FOLDER)).stream().filter(n -> n.contains(".tmp")))
                .isEmpty();
    }

    /** Writes what the Python client's snapshot_download writes. */
    private Path pythonSnapshot(Map<String, String> files) throws IOException {
        Path root = cache.resolve(FOLDER);
        Path snapshot = root.resolve("snapshots").resolve(COMMIT);
        Files.createDirectories(root.resolve("refs"));
        Files.createDirectories(root.resolve("blobs"));
        Files.createDirectories(snapshot);
        Files.writeString(root.resolve("refs/main"), COMMIT);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path blob = root.resolve("blobs").resolve("f00d" + file.getKey().hashCode());
            Files.writeString(blob, file.getValue());
            Files.createSymbolicLink(snapshot.resolve(file.getKey()), Path.of("../../blobs/" + blob.getFileName()));
        }
        return snapshot;
    }

    @Test
    void fetch_snapshotOfThePythonClient_isUsedWithoutAskingAnything() throws Exception {
        Path snapshot =
                pythonSnapshot(Map.of("config.json", "{}", "vocab.txt", "[PAD]", "pytorch_model.bin", "weights"));
        assertThat(hub().fetch(REPOSITORY, COMMIT)).isEqualTo(snapshot);
        assertThat(offline().fetch(REPOSITORY, COMMIT)).isEqualTo(snapshot);
        assertThat(offline().fetch(REPOSITORY, "main")).isEqualTo(snapshot);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void fetch_offlineWithoutWeights_namesWhatIsMissing() throws Exception {
        Path snapshot = pythonSnapshot(Map.of("config.json", "{}", "vocab.json", "{}"));
        assertThatThrownBy(() -> offline().fetch(REPOSITORY, "main"))
                .isInstanceOf(HubException.class)
                .hasMessage("offline, and not in the cache: model.safetensors or pytorch_model.bin, tokenizer.json or"
                        + " another vocabulary of " + REPOSITORY + " at revision main (" + snapshot
                        + "); download it once while online, or set HF_HUB_CACHE to a cache that has it");
    }

    @Test
    void fetch_offlineWithoutAShard_namesIt() throws Exception {
        pythonSnapshot(Map.of(
                "config.json", "{}",
                "vocab.txt", "[PAD]",
                "model.safetensors.index.json", "{}",
                "model-00001-of-00002.safetensors", "weights"));
        assertThatThrownBy(() -> offline().fetch(REPOSITORY, COMMIT))
                .hasMessageStartingWith(
                        "offline, and not in the cache: model-00002-of-00002.safetensors of " + REPOSITORY);
    }

    @Test
    void fetch_offlineAndNothingCached_saysSoAndWritesNothing() {
        assertThatThrownBy(() -> offline().fetch(REPOSITORY, "main"))
                .isInstanceOf(HubException.class)
                .hasMessage("offline, and not in the cache: revision main of " + REPOSITORY + " ("
                        + cache.resolve(FOLDER).resolve("refs/main")
                        + "); download it once while online, or set HF_HUB_CACHE to a cache that has it");
        assertThat(server.requests).isEmpty();
        assertThat(cache).doesNotExist();
    }

    @Test
    void fetch_offlineFromTheEnvironment_asksNothing() {
        Hub hub = Hub.builder()
                .environment(HubEnvironment.of(Map.of(
                        "HF_HUB_OFFLINE", "1", "HF_ENDPOINT", server.url("").toString())))
                .cache(cache)
                .build();
        assertThatThrownBy(() -> hub.fetch(REPOSITORY, COMMIT))
                .hasMessageContaining("offline, and not in the cache: config.json");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void fetch_filesByName_needNothingElse() throws Exception {
        Hub.Builder named = server.hub(cache).files("README.md", "training/config.json");
        Path snapshot = named.build().fetch(REPOSITORY, COMMIT);
        assertThat(names(snapshot)).containsExactly("README.md", "training/config.json");
        server.requests.clear();
        named.build().fetch(REPOSITORY, COMMIT);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void fetch_filesByWildcard_asksWhatThereIs() throws Exception {
        Hub hub = server.hub(cache).files("*.json").build();
        assertThat(names(hub.fetch(REPOSITORY, COMMIT)))
                .containsExactly("config.json", "tokenizer.json", "training/config.json");
        server.requests.clear();
        hub.fetch(REPOSITORY, COMMIT);
        assertThat(server.requests).containsExactly("GET " + FakeHub.listing(COMMIT));
    }

    @Test
    void fetch_fileThatIsNotThere_saysWhatIs() {
        assertThatThrownBy(() -> server.hub(cache).files("*.gguf").build().fetch(REPOSITORY, "main"))
                .isInstanceOf(HubException.class)
                .hasMessage("repository " + REPOSITORY + " at revision main must have *.gguf, but had"
                        + " [\"README.md\", \"config.json\", \"model.safetensors\", \"pytorch_model.bin\","
                        + " \"tokenizer.json\", \"training/config.json\"]");
    }

    @Test
    void fetch_progress_isToldUpToTheEnd() throws Exception {
        List<String> told = new ArrayList<>();
        server.hub(cache)
                .progress((file, bytes, total) -> told.add(file + " " + bytes + "/" + total))
                .build()
                .fetch(REPOSITORY, "main");
        assertThat(told)
                .contains("config.json 27/27")
                .endsWith("model.safetensors " + FakeHub.WEIGHTS.length + "/" + FakeHub.WEIGHTS.length);
    }

    @Test
    void fetch_fourAtOnce_fetchesEachFileOnce() throws Exception {
        CyclicBarrier together = new CyclicBarrier(4);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Path> download = () -> {
                together.await();
                return hub().fetch(REPOSITORY, "main");
            };
            List<Future<Path>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(download));
            }
            for (Future<Path> one : all) {
                assertThat(one.get(1, TimeUnit.MINUTES).resolve("model.safetensors"))
                        .hasBinaryContent(FakeHub.WEIGHTS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(server.requests.stream().filter(r -> r.equals("GET " + FakeHub.resolve("model.safetensors"))))
                .hasSize(1);
        assertThat(names(cache.resolve(FOLDER))).noneMatch(n -> n.contains(".incomplete") || n.contains(".tmp"));
    }

    @Test
    void fetch_interruptedBefore_stopsWithNothingFetched() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> hub().fetch(REPOSITORY, "main")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void fetch_interruptedAmidAFile_keepsWhatCame() throws Exception {
        byte[] first = "How many geese".getBytes(StandardCharsets.UTF_8);
        Hub interrupting = server.hub(cache)
                .progress((file, bytes, total) -> {
                    if (file.equals("model.safetensors")) {
                        Thread.currentThread().interrupt();
                    }
                })
                .build();
        assertThatThrownBy(() -> interrupting.fetch(REPOSITORY, "main")).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        Path incomplete =
                cache.resolve(FOLDER).resolve("blobs").resolve(server.etag("model.safetensors") + ".incomplete");
        assertThat(Files.readAllBytes(incomplete)).startsWith(first);
        assertThat(hub().fetch(REPOSITORY, "main").resolve("model.safetensors")).hasBinaryContent(FakeHub.WEIGHTS);
        assertThat(incomplete).doesNotExist();
    }

    @Test
    void fetch_cacheThatIsAFile_saysWhichCannotBeWritten() throws IOException {
        Files.writeString(cache, "a file");
        assertThatThrownBy(() -> hub().fetch(REPOSITORY, "main"))
                .isInstanceOf(HubException.class)
                .hasMessageStartingWith("cache could not be read or written (")
                .hasMessageContaining(cache.toString());
    }

    @Test
    void fetch_namesThatCannotBe_areRefusedBeforeAnythingIsAsked() {
        assertThatThrownBy(() -> hub().fetch("../evil", "main"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("repository must be a name like owner/model, but was \"../evil\"");
        assertThatThrownBy(() -> hub().fetch(REPOSITORY, "../../evil"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("revision must be a branch, a tag or a commit hash, but was \"../../evil\"");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void toString_hub_hasNoToken() {
        assertThat(hub()).hasToString("Hub[endpoint=" + server.url("") + ", cache=" + cache + ", offline=false]");
    }
}
