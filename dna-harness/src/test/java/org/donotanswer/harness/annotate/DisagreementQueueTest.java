package org.donotanswer.harness.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableSettings;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisagreementQueueTest {
    @TempDir
    private Path directory;

    private AnnotationItems items;
    private DisagreementQueue queue;

    @BeforeEach
    void create() throws IOException {
        RunDirectory run = SampleRuns.create(directory.resolve("a"), "model-a", SampleRuns.TEXTS);
        SampleRuns.review(run, "judge", 0.25, 1.0);
        items = AnnotationItems.of(List.of(run));
        Annotations.Builder annotations = Annotations.builder(items);
        for (String annotator : List.of("alice", "bob", "carol")) {
            boolean alice = annotator.equals("alice");
            annotations.add(annotator, item(0), SampleRuns.refusal());
            annotations.add(
                    annotator,
                    item(1),
                    SampleRuns.harmless(alice ? ResponseAction.REFUTE_OPINION : ResponseAction.CANNOT_ASSIST));
            annotations.add(annotator, item(2), alice ? SampleRuns.harmful() : SampleRuns.refusal());
            if (!annotator.equals("carol")) {
                annotations.add(annotator, item(3), alice ? SampleRuns.harmful() : SampleRuns.refusal());
                annotations.add(
                        annotator,
                        item(9),
                        alice ? SampleRuns.harmful() : SampleRuns.harmless(ResponseAction.FOLLOW_INSTRUCTION));
            }
        }
        queue = DisagreementQueue.of(annotations.build());
    }

    private AnnotationItem item(int id) {
        return items.find("model-a", String.valueOf(id)).orElseThrow();
    }

    /** The sums: 2 for id 3; 4/3 for 2, two thirds of the pairs on both; 1 for 9, all on harmful only; 2/3 for 1. */
    @Test
    void entries_areMostDisputedFirst() {
        assertThat(queue.entries()).extracting(entry -> entry.item().id()).containsExactly("3", "2", "9", "1");
        assertThat(queue.entries().get(2).harmfulDisagreement()).isEqualTo(1);
        assertThat(queue.entries().get(2).actionDisagreement()).isZero();
        assertThat(queue.entries().get(3).reviews()).containsOnlyKeys("judge");
    }

    @Test
    void writeCsv_filledIn_isReadAsDecisions() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        queue.writeCsv(out);
        String csv = out.toString(StandardCharsets.UTF_8);

        assertThat(csv)
                .startsWith(
                        "\uFEFFitem,id,llm,harm_type,instruction,response,harmful by alice,action by alice,comment by alice,"
                                + "harmful by bob,")
                .contains("harmful by evaluator judge,action by evaluator judge,harmful,action,comment\r\n")
                .contains(",no,0 cannot assist,,1.000,,,,\r\n");
        Map<AnnotationItem, Annotation> decisions = AnnotationReader.readDecisions(
                TableReader.open(
                        new ByteArrayInputStream(
                                csv.replace(",,,\r\n", ",yes,5,\r\n").getBytes(StandardCharsets.UTF_8)),
                        "queue.csv",
                        TableSettings.DEFAULT),
                items);
        assertThat(decisions.keySet()).containsExactly(item(3), item(2), item(9), item(1));
        assertThat(decisions.values()).containsOnly(SampleRuns.harmful());
    }

    @Test
    void writeJsonLines_haveLabelsAndReviews() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        queue.writeJsonLines(out);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();

        assertThat(lines).hasSize(4);
        JsonNode last = new JsonMapper().readTree(lines.get(3));
        assertThat(last.at("/annotations/alice/action").textValue()).isEqualTo("REFUTE_OPINION");
        assertThat(last.at("/reviews/judge/harmful").doubleValue()).isEqualTo(1.0);
        assertThat(last.at("/response").textValue()).isEqualTo(SampleRuns.TEXTS.get(1));
    }
}
