package org.donotanswer.harness.annotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.harness.annotate.Adjudication.AgreementRule;
import org.donotanswer.harness.run.HumanLabels;
import org.donotanswer.harness.run.ManifestMismatchException;
import org.donotanswer.harness.run.ReviewLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdjudicationTest {
    @TempDir
    private Path directory;

    private RunDirectory run;
    private AnnotationItems items;
    private Annotations.Builder annotations;

    @BeforeEach
    void create() throws IOException {
        run = SampleRuns.create(directory.resolve("a"), "model-a", 6);
        items = AnnotationItems.of(List.of(run));
        annotations = Annotations.builder(items);
    }

    private AnnotationItem item(int id) {
        return items.find("model-a", String.valueOf(id)).orElseThrow();
    }

    private void add(int id, Annotation... given) {
        for (int i = 0; i < given.length; i++) {
            annotations.add("annotator-" + i, item(id), given[i]);
        }
    }

    private Adjudication adjudicate(AgreementRule rule, Map<AnnotationItem, Annotation> decisions) {
        return Adjudication.of(annotations.build(), rule, decisions);
    }

    @Test
    void of_majority_isMoreThanHalf() {
        add(0, SampleRuns.harmful(), SampleRuns.harmful(), SampleRuns.refusal());
        add(1, SampleRuns.harmful(), SampleRuns.refusal());
        add(2, SampleRuns.refusal());
        Adjudication adjudication = adjudicate(AgreementRule.MAJORITY, Map.of());

        assertThat(adjudication.labels())
                .containsExactly(Map.entry(item(0), SampleRuns.harmful()), Map.entry(item(2), SampleRuns.refusal()));
        assertThat(adjudication.open()).containsExactly(item(1));
        assertThat(adjudication.single()).isEqualTo(1);
    }

    /** Two of five are the most frequent label, but no majority. */
    @Test
    void of_pluralityOnly_staysOpen() {
        add(
                0,
                SampleRuns.harmless(ResponseAction.CANNOT_ASSIST),
                SampleRuns.harmless(ResponseAction.CANNOT_ASSIST),
                SampleRuns.harmless(ResponseAction.REFUTE_OPINION),
                SampleRuns.harmless(ResponseAction.DUAL_PERSPECTIVES),
                SampleRuns.harmless(ResponseAction.FOLLOW_INSTRUCTION));

        assertThat(adjudicate(AgreementRule.MAJORITY, Map.of()).open()).containsExactly(item(0));
    }

    @Test
    void of_unanimous_isAll() {
        add(0, SampleRuns.harmful(), SampleRuns.harmful(), SampleRuns.refusal());
        add(1, SampleRuns.harmful(), SampleRuns.harmful());
        Adjudication adjudication = adjudicate(AgreementRule.UNANIMOUS, Map.of());

        assertThat(adjudication.labels()).containsOnlyKeys(item(1));
        assertThat(adjudication.open()).containsExactly(item(0));
    }

    @Test
    void of_decision_isUsedOnlyWithoutAgreement() {
        add(0, SampleRuns.harmless(ResponseAction.CANNOT_ASSIST), SampleRuns.harmless(ResponseAction.REFUTE_OPINION));
        add(1, SampleRuns.refusal(), SampleRuns.refusal());
        Adjudication adjudication = adjudicate(
                AgreementRule.MAJORITY,
                Map.of(
                        item(0), Annotation.of(true, ResponseAction.REFUTE_OPINION),
                        item(1), SampleRuns.harmful(),
                        item(5), SampleRuns.harmful()));

        assertThat(adjudication.labels())
                .containsExactly(
                        Map.entry(item(0), SampleRuns.harmless(ResponseAction.REFUTE_OPINION)),
                        Map.entry(item(1), SampleRuns.refusal()));
        assertThat(adjudication.decided()).isEqualTo(1);
        assertThat(adjudication.unused()).isEqualTo(2);
    }

    @Test
    void of_missingLabel_staysOpen() {
        add(0, new Annotation(Optional.of(true), Optional.empty(), ""));

        assertThat(adjudicate(AgreementRule.MAJORITY, Map.of()).open()).containsExactly(item(0));
    }

    @Test
    void write_again_changesNothing() throws IOException {
        add(0, SampleRuns.harmful(), SampleRuns.harmful());
        add(1, SampleRuns.refusal());
        Adjudication adjudication = adjudicate(AgreementRule.MAJORITY, Map.of());

        assertThat(adjudication.write(items, false)).isEqualTo(2);
        byte[] before = Files.readAllBytes(directory.resolve("a/reviews/human.jsonl"));
        assertThat(adjudication.write(items, false)).isZero();
        assertThat(adjudication.write(items, true)).isZero();

        assertThat(directory.resolve("a/reviews/human.jsonl")).hasBinaryContent(before);
        assertThat(run.reviews(RunDirectory.HUMAN))
                .containsExactly(
                        Map.entry("0", HumanLabels.of(true, ResponseAction.FOLLOW_INSTRUCTION)),
                        Map.entry("1", HumanLabels.of(false, ResponseAction.CANNOT_ASSIST)));
        assertThat(run.reviewers()).containsOnlyKeys("human");
    }

    @Test
    void write_changedLabels_areRefusedUnlessReplaced() throws IOException {
        add(0, SampleRuns.harmful());
        add(1, SampleRuns.harmful());
        add(2, SampleRuns.harmful());
        adjudicate(AgreementRule.MAJORITY, Map.of()).write(items, false);
        byte[] before = Files.readAllBytes(directory.resolve("a/reviews/human.jsonl"));
        annotations = Annotations.builder(items);
        add(0, SampleRuns.refusal());
        add(1, SampleRuns.harmful(), SampleRuns.refusal());
        add(2, SampleRuns.harmful());
        add(3, SampleRuns.harmful());
        Adjudication second = adjudicate(AgreementRule.UNANIMOUS, Map.of());

        assertThatThrownBy(() -> second.write(items, false))
                .isInstanceOf(IOException.class)
                .hasMessage("labels that were adjudicated before must not change, but 2 would change or be deleted;"
                        + " allow it with --replace");
        assertThat(directory.resolve("a/reviews/human.jsonl")).hasBinaryContent(before);

        assertThat(second.write(items, true)).isEqualTo(3);
        assertThat(run.reviews(RunDirectory.HUMAN)).containsOnlyKeys("0", "2", "3");
        assertThat(run.reviewers().get("human").provenance().parameters()).containsEntry("rule", "UNANIMOUS");
        try (var files = Files.list(directory.resolve("a/reviews"))) {
            assertThat(files)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("human.json", "human.jsonl", "human.jsonl.lock");
        }
    }

    @Test
    void write_runInUse_isLeftAlone() throws IOException {
        add(0, SampleRuns.harmful());
        Adjudication adjudication = adjudicate(AgreementRule.MAJORITY, Map.of());

        try (ReviewLog log = run.appendReviews(HumanLabels.manifest("MAJORITY"))) {
            log.append(Map.of("0", HumanLabels.of(false, ResponseAction.CANNOT_ASSIST)));
            assertThatThrownBy(() -> adjudication.write(items, true))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("file is already open in this or another process");
        }
        assertThat(run.reviews(RunDirectory.HUMAN))
                .containsEntry("0", HumanLabels.of(false, ResponseAction.CANNOT_ASSIST));
    }

    @Test
    void write_anotherRule_isRefusedUnlessReplaced() throws IOException {
        add(0, SampleRuns.harmful());
        adjudicate(AgreementRule.MAJORITY, Map.of()).write(items, false);
        add(1, SampleRuns.harmful());
        Adjudication second = adjudicate(AgreementRule.UNANIMOUS, Map.of());

        assertThatThrownBy(() -> second.write(items, false))
                .isInstanceOf(ManifestMismatchException.class)
                .hasMessageContaining("rule: MAJORITY then, UNANIMOUS now");
        assertThat(second.write(items, true)).isEqualTo(1);
    }
}
