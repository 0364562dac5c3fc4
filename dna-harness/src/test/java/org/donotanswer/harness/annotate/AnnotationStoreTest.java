package org.donotanswer.harness.annotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.donotanswer.harness.annotate.AnnotationStore.MergeCounts;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnotationStoreTest {
    @TempDir
    private Path directory;

    private AnnotationItems items;
    private AnnotationStore store;

    @BeforeEach
    void create() throws IOException {
        items = AnnotationItems.of(List.of(
                SampleRuns.create(directory.resolve("a"), "model-a", 4),
                SampleRuns.create(directory.resolve("b"), "model-b", 2)));
        store = AnnotationStore.of(items);
    }

    private AnnotationItem item(String llm, int id) {
        return items.find(llm, String.valueOf(id)).orElseThrow();
    }

    private static AnnotationBatch batch(String annotator, Map<AnnotationItem, Annotation> annotations) {
        return new AnnotationBatch(new TreeMap<>(Map.of(annotator, annotations)), 0, 0, 0, List.of());
    }

    @Test
    void merge_newAnnotations_areStoredByRunInTheOrderOfTheResponses() throws IOException {
        Map<AnnotationItem, Annotation> annotations = new LinkedHashMap<>();
        annotations.put(item("model-b", 1), SampleRuns.refusal());
        annotations.put(item("model-a", 3), new Annotation(Optional.of(true), Optional.empty(), "so \"it\"\nis"));
        annotations.put(item("model-a", 0), SampleRuns.harmful());

        assertThat(store.merge(batch("alice", annotations)))
                .containsExactly(Map.entry("alice", new MergeCounts(3, 0, 0, 0, 1)));

        assertThat(directory.resolve("a/annotations/alice.jsonl"))
                .hasContent(
                        """
                        {"id":"0","harmful":true,"action":"FOLLOW_INSTRUCTION"}
                        {"id":"3","harmful":true,"action":null,"comment":"so \\"it\\"\\nis"}
                        """);
        assertThat(directory.resolve("b/annotations/alice.jsonl"))
                .hasContent("{\"id\":\"1\",\"harmful\":false,\"action\":\"CANNOT_ASSIST\"}\n");
        assertThat(store.load().of("alice")).isEqualTo(annotations);
    }

    @Test
    void merge_changedLabels_replaceThoseOfTheSameAnnotator() throws IOException {
        store.merge(batch(
                "alice", Map.of(item("model-a", 0), SampleRuns.harmful(), item("model-a", 1), SampleRuns.refusal())));
        store.merge(batch("bob", Map.of(item("model-a", 0), SampleRuns.harmful())));

        Map<String, MergeCounts> counts = store.merge(batch(
                "alice",
                Map.of(
                        item("model-a", 0), SampleRuns.refusal(),
                        item("model-a", 1), SampleRuns.refusal(),
                        item("model-a", 2), SampleRuns.refusal())));

        assertThat(counts).containsEntry("alice", new MergeCounts(1, 1, 1, 0, 0));
        assertThat(store.load().of("alice").values()).containsOnly(SampleRuns.refusal());
        assertThat(store.load().of("bob")).containsExactly(Map.entry(item("model-a", 0), SampleRuns.harmful()));
    }

    @Test
    void merge_emptierCopy_deletesNothing() throws IOException {
        Annotation whole =
                new Annotation(Optional.of(true), Optional.of(ResponseAction.FOLLOW_INSTRUCTION), "clear case");
        store.merge(batch("alice", Map.of(item("model-a", 0), whole, item("model-a", 1), SampleRuns.refusal())));

        Map<String, MergeCounts> counts = store.merge(
                batch("alice", Map.of(item("model-a", 0), new Annotation(Optional.of(false), Optional.empty(), ""))));

        assertThat(counts).containsEntry("alice", new MergeCounts(0, 1, 0, 0, 0));
        assertThat(store.load().of("alice"))
                .containsExactly(
                        Map.entry(
                                item("model-a", 0),
                                new Annotation(
                                        Optional.of(false),
                                        Optional.of(ResponseAction.FOLLOW_INSTRUCTION),
                                        "clear case")),
                        Map.entry(item("model-a", 1), SampleRuns.refusal()));
    }

    @Test
    void merge_byManyThreads_losesNothing() throws Exception {
        int annotators = 8;
        ExecutorService threads = Executors.newFixedThreadPool(annotators);
        try {
            List<Future<?>> merges = new ArrayList<>();
            for (int i = 0; i < annotators; i++) {
                AnnotationItem item = item(i % 2 == 0 ? "model-a" : "model-b", i % 2);
                String name = i < 4 ? "alice" : "bob";
                Annotation annotation =
                        Annotation.of(i < 4, i % 2 == 0 ? ResponseAction.CANNOT_ASSIST : ResponseAction.REFUTE_OPINION);
                merges.add(
                        threads.submit(() -> AnnotationStore.of(items).merge(batch(name, Map.of(item, annotation)))));
            }
            for (Future<?> merge : merges) {
                merge.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(store.load().of("alice")).hasSize(2);
        assertThat(store.load().of("bob")).hasSize(2);
    }

    @Test
    void merge_whatAKilledProcessLeft_isDeleted() throws IOException {
        Path left = Files.createDirectories(directory.resolve("a/annotations")).resolve("alice.jsonl.999999999.tmp");
        Files.writeString(left, "{\"id\":");

        store.merge(batch("alice", Map.of(item("model-a", 0), SampleRuns.harmful())));

        assertThat(left).doesNotExist();
        assertThat(store.load().of("alice")).hasSize(1);
    }

    @Test
    void merge_again_changesNoByte() throws IOException {
        AnnotationBatch batch = batch(
                "alice", Map.of(item("model-a", 0), SampleRuns.harmful(), item("model-a", 1), SampleRuns.refusal()));
        store.merge(batch);
        byte[] before = Files.readAllBytes(directory.resolve("a/annotations/alice.jsonl"));

        assertThat(store.merge(batch)).containsEntry("alice", new MergeCounts(0, 0, 2, 0, 0));
        assertThat(directory.resolve("a/annotations/alice.jsonl")).hasBinaryContent(before);
        assertThat(directory.resolve("b/annotations")).doesNotExist();
    }

    @Test
    void overlaps_differentResponses_areReportedByPair() throws IOException {
        store.merge(batch(
                "alice", Map.of(item("model-a", 0), SampleRuns.harmful(), item("model-a", 1), SampleRuns.refusal())));
        store.merge(batch(
                "bob", Map.of(item("model-a", 1), SampleRuns.refusal(), item("model-b", 0), SampleRuns.refusal())));
        store.merge(batch(
                "carol", Map.of(item("model-b", 0), SampleRuns.refusal(), item("model-a", 1), SampleRuns.refusal())));

        assertThat(store.load().overlaps())
                .extracting(Annotations.Overlap::describe)
                .containsExactly(
                        "alice and bob annotated different responses: 1 both, 1 only alice, 1 only bob",
                        "alice and carol annotated different responses: 1 both, 1 only alice, 1 only carol",
                        "bob and carol annotated the same 2 responses");
    }

    private void write(String text) throws IOException {
        Files.createDirectories(directory.resolve("a/annotations"));
        Files.writeString(directory.resolve("a/annotations/alice.jsonl"), text);
    }

    @Test
    void load_malformedFile_isRefused() throws IOException {
        String file = directory.resolve("a/annotations/alice.jsonl").toString();
        write("{\"id\":\"0\",\"harmful\":true}\n{\"id\":\"0\",\"harmful\":true}\n");
        assertThatThrownBy(store::load)
                .isInstanceOf(BadInputException.class)
                .hasMessage("id must be unique, but was repeated (" + file + ", line 2)");
        write("{\"id\":\"9\",\"harmful\":true}\n");
        assertThatThrownBy(store::load)
                .hasMessage("id must be that of a response of the run, but was unknown (" + file + ", line 1)");
        write("{\"id\":\"0\",\"secret\n");
        assertThatThrownBy(store::load).hasMessage("line must be a JSON object, but was broken (" + file + ", line 1)");
        write("{\"id\":\"0\"}\n");
        assertThatThrownBy(store::load).hasMessage("annotation must have a label, but had none (" + file + ", line 1)");
    }

    @Test
    void items_sameResponseInTwoRuns_isRefused() throws IOException {
        var twice = List.of(items.runs().get(0), SampleRuns.create(directory.resolve("c"), "model-a", 1));

        assertThatThrownBy(() -> AnnotationItems.of(twice))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "response of an LLM to an instruction must be in one run, but model-a responded to id 0 in two (");
    }

    @Test
    void merge_anyAction_isStored() throws IOException {
        for (ResponseAction action : ResponseAction.values()) {
            store.merge(batch("alice", Map.of(item("model-a", 0), SampleRuns.harmless(action))));
            assertThat(store.load().of("alice").values()).containsExactly(SampleRuns.harmless(action));
        }
    }
}
