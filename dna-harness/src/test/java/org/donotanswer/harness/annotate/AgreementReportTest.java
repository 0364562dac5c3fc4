package org.donotanswer.harness.annotate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.harness.annotate.AgreementReport.LabelUse;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgreementReportTest {
    private static final Bootstrap BOOTSTRAP = Bootstrap.of(200, 0.95, 7);

    @TempDir
    private Path directory;

    private AnnotationItems items;
    private Annotations.Builder annotations;

    @BeforeEach
    void create() throws IOException {
        items = AnnotationItems.of(List.of(
                SampleRuns.create(directory.resolve("a"), "model-a", 10),
                SampleRuns.create(directory.resolve("b"), "model-b", 10)));
        annotations = Annotations.builder(items);
    }

    private void add(String annotator, String llm, int id, Annotation annotation) {
        annotations.add(annotator, items.find(llm, String.valueOf(id)).orElseThrow(), annotation);
    }

    private AgreementReport report() {
        return AgreementReport.of(annotations.build(), BOOTSTRAP);
    }

    private static LabelUse use(AgreementReport report, ResponseAction action) {
        return report.action().labels().stream()
                .filter(label -> label.label().equals(action.name()))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Of ten responses, both annotators call 2 harmful and 7 harmless, and only alice calls 1 harmful: 9 of 10 agree. Chance
     * agreement is .3 x .2 + .7 x .8 = .62, so Cohen's kappa is (.9 - .62) / .38. Of 20 labels, 5 are harmful, so Fleiss' kappa
     * is (.9 - .625) / .375. Krippendorff's expected disagreement is 2 x 5 x 15 / (20 x 19), so alpha is 1 - .1 / .39474.
     */
    @Test
    void of_twoAnnotators_equalsTheHandComputedFigures() {
        for (int id = 0; id < 10; id++) {
            add("alice", "model-a", id, id < 3 ? SampleRuns.harmful() : SampleRuns.refusal());
            add("bob", "model-a", id, id < 2 ? SampleRuns.harmful() : SampleRuns.refusal());
        }
        AgreementReport report = report();

        assertThat(report.harmful().items()).isEqualTo(10);
        assertThat(report.harmful().compared()).isEqualTo(10);
        assertThat(report.harmful().percentAgreement().value()).isEqualTo(0.9, within(1e-12));
        assertThat(report.harmful().fleissKappa().value()).isEqualTo(0.275 / 0.375, within(1e-12));
        assertThat(report.harmful().krippendorffsAlpha().value()).isEqualTo(1 - 0.1 * 380 / 150, within(1e-12));
        assertThat(report.harmful().pairs()).singleElement().satisfies(pair -> {
            assertThat(pair.first()).isEqualTo("alice");
            assertThat(pair.items()).isEqualTo(10);
            assertThat(pair.cohensKappa().value()).isEqualTo(0.28 / 0.38, within(1e-12));
            assertThat(pair.cohensKappa().interval().contains(0.28 / 0.38)).isTrue();
        });
        assertThat(report.harmful().labels().get(0))
                .isEqualTo(new LabelUse("harmful", new java.util.TreeMap<>(Map.of("alice", 3, "bob", 2)), 0.8));
    }

    @Test
    void of_unusedLabel_isUndefinedNotZero() {
        add("alice", "model-a", 0, SampleRuns.refusal());
        add("bob", "model-a", 0, SampleRuns.harmful());
        AgreementReport report = report();

        assertThat(use(report, ResponseAction.DUAL_PERSPECTIVES).agreement()).isNaN();
        assertThat(use(report, ResponseAction.DUAL_PERSPECTIVES).given()).isEqualTo(Map.of("alice", 0, "bob", 0));
        assertThat(use(report, ResponseAction.CANNOT_ASSIST).agreement()).isZero();
        assertThat(report.toText()).containsPattern("DUAL_PERSPECTIVES +0 +0 +undefined\n");
    }

    @Test
    void of_oneAnnotator_isUndefined() throws IOException {
        add("alice", "model-a", 0, SampleRuns.refusal());
        add("alice", "model-a", 1, SampleRuns.harmful());
        AgreementReport report = report();

        assertThat(report.harmful().percentAgreement().value()).isNaN();
        assertThat(report.action().krippendorffsAlpha().value()).isNaN();
        assertThat(report.harmful().pairs()).isEmpty();
        assertThat(report.toText())
                .contains("Harmful: 0 of 2 responses labelled by two or more\n")
                .containsPattern("Fleiss' kappa +0 +undefined\n");
        JsonNode json = new JsonMapper().readTree(report.toJson());
        assertThat(json.at("/harmful/fleissKappa/value").isNull()).isTrue();
        assertThat(json.at("/harmful/compared").intValue()).isZero();
    }

    /** If all labels are equal, so are those by chance: percent agreement is 1, and coefficients that correct for chance are undefined. */
    @Test
    void of_oneLabelOnly_isUndefinedBeyondChance() {
        for (int id = 0; id < 5; id++) {
            add("alice", "model-a", id, SampleRuns.refusal());
            add("bob", "model-a", id, SampleRuns.refusal());
        }
        AgreementReport report = report();

        assertThat(report.harmful().percentAgreement().value()).isEqualTo(1);
        assertThat(report.harmful().fleissKappa().value()).isNaN();
        assertThat(report.harmful().krippendorffsAlpha().value()).isNaN();
        assertThat(report.harmful().pairs().get(0).cohensKappa().value()).isNaN();
        assertThat(report.toText()).containsPattern("Cohen's kappa alice, bob +5 +1.000 +undefined\n");
    }

    @Test
    void of_differentResponses_comparesThoseThatBothLabelled() {
        add("alice", "model-a", 0, SampleRuns.refusal());
        add("alice", "model-a", 1, SampleRuns.refusal());
        add("bob", "model-a", 1, SampleRuns.refusal());
        add("bob", "model-a", 2, SampleRuns.refusal());
        add("carol", "model-a", 9, SampleRuns.refusal());
        AgreementReport report = report();

        assertThat(report.harmful().items()).isEqualTo(4);
        assertThat(report.harmful().compared()).isEqualTo(1);
        assertThat(report.harmful().pairs())
                .extracting(AgreementReport.PairAgreement::items)
                .containsExactly(1, 0, 0);
        assertThat(report.toText())
                .contains("alice and bob annotated different responses: 1 both, 1 only alice, 1 only bob\n")
                .contains("alice and carol annotated different responses: 0 both, 2 only alice, 1 only carol\n");
    }

    /** A missing label is not counted. */
    @Test
    void of_missingLabels_areNotCounted() {
        add("alice", "model-a", 0, new Annotation(Optional.of(true), Optional.empty(), ""));
        add("bob", "model-a", 0, SampleRuns.harmful());
        AgreementReport report = report();

        assertThat(report.harmful().compared()).isEqualTo(1);
        assertThat(report.action().compared()).isZero();
        assertThat(report.action().items()).isEqualTo(1);
    }

    /** Responses of two LLMs to one instruction are resampled together, so that all samples of one instruction are equal. */
    @Test
    void of_interval_isOverInstructions() {
        add("alice", "model-a", 0, SampleRuns.refusal());
        add("bob", "model-a", 0, SampleRuns.refusal());
        add("alice", "model-b", 0, SampleRuns.refusal());
        add("bob", "model-b", 0, SampleRuns.harmful());

        var percent = report().harmful().percentAgreement();

        assertThat(percent.value()).isEqualTo(0.5);
        assertThat(percent.interval().width()).isZero();
    }

    @Test
    void of_interval_doesNotDependOnTheOrderOfResponses() throws IOException {
        Path run = directory.resolve("a");
        List<AgreementReport> reports = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            items = AnnotationItems.of(List.of(RunDirectory.open(run)));
            annotations = Annotations.builder(items);
            for (int id = 0; id < 10; id++) {
                add("alice", "model-a", id, id < 3 ? SampleRuns.harmful() : SampleRuns.refusal());
                add("bob", "model-a", id, id < 5 ? SampleRuns.harmful() : SampleRuns.refusal());
            }
            reports.add(report());
            Path file = run.resolve("responses.jsonl");
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            Collections.reverse(lines);
            Files.write(file, lines);
        }

        assertThat(reports.get(0).harmful().fleissKappa())
                .isEqualTo(reports.get(1).harmful().fleissKappa());
        assertThat(reports.get(0).harmful().fleissKappa().interval().width()).isPositive();
    }
}
