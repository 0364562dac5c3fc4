package org.donotanswer.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;
import org.donotanswer.harness.report.TableCells;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Interval;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class AnalysisReportTest {
    private static final Provenance PROVENANCE = Provenance.builder("test", "1").build();

    private static Report report(ReviewedExchange... exchanges) {
        Analysis analysis = Analyzer.analyze(
                List.of(exchanges).iterator(),
                AnalysisOptions.builder().resamples(20).examples(3).build());
        return AnalysisReport.of(analysis, PROVENANCE).build("Title", "");
    }

    private static Cell cell(Report report, String id, String row, int column) {
        Table table = report.tables().stream()
                .filter(each -> each.tableId().equals(id))
                .findFirst()
                .orElseThrow();
        return table.rows().stream()
                .filter(cells -> cells.get(0).equals(new Text(row)))
                .findFirst()
                .orElseThrow()
                .get(column);
    }

    private static List<String> sections(Report report) {
        return report.sections().stream().map(Section::id).toList();
    }

    @Test
    void labelledResponses_giveAllSections() {
        Report report = report(
                Reviewed.of(1, "a").by("human", 1, 5).by("judge", 0.7, 5).make(),
                Reviewed.of(1, "b").by("human", 0, 0).by("judge", 0.2, 1).make(),
                Reviewed.of(2, "b").benign().by("judge", 0, 0).make(),
                Reviewed.of(3, "a").type(HarmType.TOXIC_LANGUAGE).make(),
                Reviewed.of(4, "a").type(HarmType.CHATBOT_AS_HUMAN).make());

        assertThat(sections(report))
                .containsExactly(
                        "summary",
                        "safety",
                        "behaviour",
                        "evaluators",
                        "lengths",
                        "over-refusal",
                        "data-quality",
                        "examples",
                        "methods");
        assertThat(cell(report, "ranking-by-human", "b", 1)).isEqualTo(new Text("1 to 2"));
        assertThat(report.sections().stream()
                        .flatMap(section -> section.blocks().stream())
                        .filter(Chart.class::isInstance)
                        .map(block -> ((Chart) block).kind())
                        .distinct())
                .contains(
                        Chart.Kind.INTERVALS,
                        Chart.Kind.RADAR,
                        Chart.Kind.HEATMAP,
                        Chart.Kind.STACKED_BARS,
                        Chart.Kind.CONFUSION,
                        Chart.Kind.RELIABILITY);
    }

    @Test
    void undefinedFigures_areNotShownAsZero() {
        Report report = report(
                Reviewed.of(1, "a").by("human", 0, 0).by("judge", 0, 0).make(),
                Reviewed.of(2, "a").by("human", 0, 0).by("judge", 0, 0).make(),
                Reviewed.of(3, "a")
                        .type(HarmType.FALSE_OR_MISLEADING_INFORMATION)
                        .make());

        for (Cell cell : List.of(
                cell(report, "agreement-harmful-class", "judge", 1),
                cell(report, "agreement-harmful-class", "judge", 2),
                cell(report, "agreement-harmful", "judge", 11),
                cell(report, "agreement-action", "judge", 2),
                cell(report, "classes", "judge, 2 dual perspectives", 3),
                cell(report, "words-by-action", "a", 3),
                cell(report, "safe-by-area", "Misinformation", 1))) {
            assertThat(((Figure) cell).value()).isNaN();
            assertThat(((Figure) cell).interval()).isEmpty();
        }
        assertThat(report.toString())
                .contains(
                        "KeyFigure[label=judge: harmful responses found, value=not defined, note=no response is harmful by people]");
    }

    @Test
    void harmOnly_orActionsOnly_areEnough() {
        Scored action = Scored.builder("x")
                .actions(Distribution.certain(ResponseAction.REFUTE_OPINION))
                .build();
        Scored harm = Scored.builder("x").harmful(0.4).build();

        assertThat(sections(report(
                        Reviewed.of(1, "a").by("human", harm).by("x", harm).make())))
                .contains("safety", "evaluators")
                .doesNotContain("behaviour");
        assertThat(sections(report(
                        Reviewed.of(1, "a").by("human", action).by("x", action).make())))
                .contains("behaviour", "evaluators")
                .doesNotContain("safety");
        assertThat(sections(report(
                        Reviewed.of(1, "a").by("human", harm).by("x", action).make())))
                .contains("behaviour", "safety")
                .doesNotContain("evaluators");
    }

    @Test
    void evaluatorsWithoutActions_areMissingFromTablesOfActions() {
        Scored harm = Scored.builder("x").harmful(0.4).build();
        Report mixed = report(Reviewed.of(1, "a")
                .by("human", 1, 5)
                .by("judge", 1, 5)
                .by("x", harm)
                .make());
        Report harmOnly =
                report(Reviewed.of(1, "a").by("human", harm).by("x", harm).make());

        assertThat(rows(mixed, "agreement-action")).containsExactly("judge");
        assertThat(rows(mixed, "agreement-harmful")).containsExactly("judge", "x");
        assertThat(rows(mixed, "harmful-confusion-by-llm-x")).containsExactly("a, harmless", "a, harmful");
        assertThat(harmOnly.tables())
                .extracting(Table::tableId)
                .contains("agreement-harmful", "agreement-harmful-class")
                .doesNotContain("agreement-action", "agreement-action-by-llm");
    }

    private static List<String> rows(Report report, String id) {
        return report.tables().stream()
                .filter(each -> each.tableId().equals(id))
                .flatMap(table -> table.rows().stream())
                .map(cells -> ((Text) cells.get(0)).text())
                .toList();
    }

    private static List<String> keyFigures(Report report) {
        return ((Report.KeyFigures) report.sections().get(0).blocks().get(0))
                .figures().stream().map(Report.KeyFigure::label).toList();
    }

    @Test
    void oneLlm_orATie_isNotCalledSafest() {
        List<ReviewedExchange> exchanges = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            exchanges.add(Reviewed.of(i, "a").by("human", 0, 0).make());
        }
        assertThat(keyFigures(report(exchanges.toArray(ReviewedExchange[]::new))))
                .contains("Safe responses of a by people");
        for (int i = 0; i < 100; i++) {
            exchanges.add(Reviewed.of(i, "b").by("human", i < 2 ? 1 : 0, 0).make());
        }
        assertThat(keyFigures(report(exchanges.toArray(ReviewedExchange[]::new))))
                .contains("Safe responses by people")
                .noneMatch(label -> label.contains("afest") || label.contains("east safe"));
        for (int i = 0; i < 100; i++) {
            exchanges.add(Reviewed.of(i, "c").by("human", i < 50 ? 1 : 0, 0).make());
        }
        assertThat(keyFigures(report(exchanges.toArray(ReviewedExchange[]::new))))
                .contains("Safest by people: a", "Least safe by people: c");
    }

    @Test
    void safeResponses_areCounted() {
        Report report = report(
                Reviewed.of(1, "a").by("human", 1, 5).make(),
                Reviewed.of(2, "a").by("human", 0, 0).make(),
                Reviewed.of(3, "a").by("human", 1, 5).make(),
                Reviewed.of(4, "a").unscored("human").make(),
                Reviewed.of(5, "a").unscored("human").make());

        assertThat(report.toString())
                .contains("KeyFigure[label=Responses, value=5, note=1 LLM, 1 reviewer]")
                .contains("KeyFigure[label=Safe responses of a by people, value=33.3 %, note=1 of 3; 6.1 to 79.2 %]");
    }

    /** With 20 resamples, no p-value is below 2/21. */
    @Test
    void pValueAtItsFloor_isShownAsSuch() {
        List<ReviewedExchange> exchanges = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            exchanges.add(Reviewed.of(i, "a")
                    .by("human", i % 2, 0)
                    .by("good", i % 2, 0)
                    .by("bad", 1 - i % 2, 0)
                    .make());
        }
        Report report = report(exchanges.toArray(ReviewedExchange[]::new));

        assertThat(cell(report, "differences-harmful", "good, bad", 1)).isEqualTo(Figure.count(100));
        assertThat(cell(report, "differences-harmful", "good, bad", 6)).isEqualTo(new Text("≤ 0.0952"));
        assertThat(TableCells.pValue(new Comparison(1, 0, 1, new Interval(1, 1), 2 / 1001.0, 0), 1_000))
                .isEqualTo(new Text("≤ 0.002"));
        assertThat(TableCells.pValue(new Comparison(1, 0, 1, new Interval(1, 1), 4 / 1001.0, 0), 1_000))
                .isEqualTo(Figure.of(4 / 1001.0, 4));
    }

    @Test
    void actionsByHarmType_areAHeatmap() {
        Report report = report(
                Reviewed.of(1, "a")
                        .type(HarmType.ADULT_CONTENT)
                        .by("human", 1, 5)
                        .make(),
                Reviewed.of(1, "b")
                        .type(HarmType.ADULT_CONTENT)
                        .by("human", 0, 0)
                        .make(),
                Reviewed.of(2, "b").type(HarmType.TOXIC_LANGUAGE).make());

        assertThat(((Figure) cell(report, "action-shares-by-type", HarmType.ADULT_CONTENT.shortName(), 6)).value())
                .isEqualTo(50);
        assertThat(((Figure) cell(report, "action-shares-by-type", HarmType.TOXIC_LANGUAGE.shortName(), 6)).value())
                .isNaN();
    }

    private static final String NO_BREAKDOWN =
            "Paragraph[text=The questions have no specificHarm, so that there is no breakdown by harm.]";

    @Test
    void questionsWithoutHarm_haveNoBreakdownByHarm() {
        Report report = report(
                Reviewed.of(1, "a").withoutType().by("human", 1, 5).make(),
                Reviewed.of(2, "a").withoutType().by("human", 0, 0).make());

        assertThat(report.toString().split(Pattern.quote(NO_BREAKDOWN), -1)).hasSize(2);
        assertThat(report.sections().get(0).blocks().toString()).contains(NO_BREAKDOWN);
        assertThat(report.tables())
                .extracting(Table::tableId)
                .contains("ranking-by-human", "action-shares", "actions", "words")
                .noneMatch(id -> id.endsWith("-by-area") || id.endsWith("-by-type"));
        assertThat(charts(report)).containsExactly("ranking-chart", "action-shares-chart", "words-chart");
    }

    @Test
    void harms_areThoseOfTheQuestions() {
        Report report = report(
                Reviewed.of(1, "a").by("human", 1, 5).make(),
                Reviewed.of(2, "a")
                        .type(HarmType.ADULT_CONTENT)
                        .by("human", 0, 0)
                        .make(),
                Reviewed.of(3, "a").withoutType().by("human", 1, 5).make());

        assertThat(report.toString()).doesNotContain("no breakdown by harm");
        assertThat(rows(report, "safe-by-area")).containsExactly("Malicious uses", "Discrimination and toxicity");
        assertThat(rows(report, "action-shares-by-type")).containsExactly("Illegal activities", "Adult content");
        assertThat(columns(report, "harmful-by-area"))
                .containsExactly("LLM", "Malicious uses", "Discrimination and toxicity", "All");
        assertThat(columns(report, "harmful-by-type")).containsExactly("LLM", "Illegal activities", "Adult content");
        assertThat(columns(report, "words-by-type"))
                .containsExactly("LLM", "3 Illegal activities", "8 Adult content", "All");
        assertThat(cell(report, "harmful-by-area", "a", 3)).isEqualTo(Figure.count(2));
        assertThat(charts(report)).contains("harmful-share-by-type-chart").doesNotContain("safe-by-area-chart");
    }

    @Test
    void threeAreas_areARadar() {
        Report report = report(
                Reviewed.of(1, "a").by("human", 1, 5).make(),
                Reviewed.of(2, "a")
                        .type(HarmType.ADULT_CONTENT)
                        .by("human", 0, 0)
                        .make(),
                Reviewed.of(3, "a")
                        .type(HarmType.CHATBOT_AS_HUMAN)
                        .by("human", 0, 0)
                        .make());

        assertThat(charts(report)).contains("safe-by-area-chart");
    }

    @Test
    void benignInstructionsAlone_needNoHarm() {
        Report report = report(Reviewed.of(1, "a").benign().by("human", 0, 0).make());

        assertThat(report.toString()).doesNotContain("no breakdown by harm");
        assertThat(report.tables())
                .extracting(Table::tableId)
                .noneMatch(id -> id.endsWith("-by-area") || id.endsWith("-by-type"));
    }

    private static List<String> charts(Report report) {
        return report.sections().stream()
                .flatMap(section -> section.blocks().stream())
                .filter(Chart.class::isInstance)
                .map(block -> ((Chart) block).chartId())
                .toList();
    }

    private static List<String> columns(Report report, String id) {
        return report.tables().stream()
                .filter(each -> each.tableId().equals(id))
                .findFirst()
                .orElseThrow()
                .columns();
    }

    @Test
    void nothingScored_isStillAReport() {
        Report report =
                report(Reviewed.of(1, "a").unscored("human").unscored("x").make());

        assertThat(sections(report)).containsExactly("summary", "lengths", "data-quality", "methods");
        assertThat(cell(report, "reviews", "x, a", 5)).isEqualTo(Figure.count(1));
    }

    @Test
    void namesThatDifferOnlyInPunctuation_haveSeparateTables() {
        Report report = report(Reviewed.of(1, "a")
                .by("human", 1, 5)
                .by("a b", 1, 5)
                .by("a-b", 0.3, 5)
                .by("\u65e5\u672c", 1, 5)
                .make());

        assertThat(report.tables())
                .extracting(Table::tableId)
                .contains("ranking-by-a-b", "ranking-by-a-b-2", "ranking-by-x");
    }

    @Test
    void llmThatPeopleDidNotLabel_isRankedByTheBestEvaluator() {
        List<ReviewedExchange> exchanges = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            exchanges.add(Reviewed.of(i, "a")
                    .by("human", i % 2, 0)
                    .by("worse", i % 3 == 0 ? 1 : 0, 0)
                    .by("better", i % 2, 0)
                    .make());
            exchanges.add(Reviewed.of(i, "b")
                    .by("worse", 0, 0)
                    .by("better", i % 4 == 0 ? 1 : 0, 0)
                    .make());
        }
        Report report = report(exchanges.toArray(ReviewedExchange[]::new));

        assertThat(report.sections().get(1).blocks().get(0).toString())
                .contains("Safe responses by better, as people did not review responses of every LLM.");
        assertThat(((Figure) cell(report, "ranking-by-better", "b", 2)).value()).isEqualTo(75);
        // Corrected only by labels of its own responses.
        assertThat(((Figure) cell(report, "ranking-by-better", "b", 5)).value()).isNaN();
        assertThat(cell(report, "ranking-by-better", "a", 6)).isEqualTo(new Text("1"));
        assertThat(cell(report, "ranking-by-better", "b", 6)).isEqualTo(new Text("not defined"));
    }

    @Test
    void examples_areHarmfulResponses_withTheirReviews() {
        Report report = report(
                Reviewed.of(1, "a").response("bad").by("human", 1, 5).make(),
                Reviewed.of(2, "a").response("good").by("human", 0, 0).make());
        Report.Examples examples = report.sections().stream()
                .filter(section -> section.id().equals("examples"))
                .flatMap(section -> section.blocks().stream())
                .filter(Report.Examples.class::isInstance)
                .map(Report.Examples.class::cast)
                .findFirst()
                .orElseThrow();

        assertThat(examples.examples()).hasSize(1);
        assertThat(examples.examples().get(0).heading()).isEqualTo("a, 1, Illegal activities");
        assertThat(examples.examples().get(0).response()).isEqualTo("bad");
        assertThat(examples.examples().get(0).notes()).hasSize(1);
    }

    @Test
    void examples_nameWhoReviewed() {
        Scored harmful = Scored.builder("x").harmful(0.9).build();

        assertThat(exampleText(report(Reviewed.of(1, "a").by("judge", harmful).make())))
                .isEqualTo("A random selection of the responses that are harmful by judge. Long texts are cut.");
        assertThat(exampleText(report(Reviewed.of(1, "a").by("human", harmful).make())))
                .isEqualTo("A random selection of the responses that are harmful by people. Long texts are cut.");
        assertThat(exampleText(report(Reviewed.of(1, "a")
                        .by("judge", harmful)
                        .by("human", 0, 0)
                        .unscored("silent")
                        .make())))
                .isEqualTo(
                        "A random selection of the responses that are harmful by people or judge. Long texts are cut.");
        assertThat(exampleText(report(Reviewed.of(1, "a")
                        .by("judge", harmful)
                        .by("human", 0, 0)
                        .by("third", 0, 0)
                        .make())))
                .isEqualTo("A random selection of the responses that are harmful by at least one reviewer."
                        + " Long texts are cut.");
    }

    private static String exampleText(Report report) {
        return report.sections().stream()
                .filter(section -> section.id().equals("examples"))
                .map(section -> ((Report.Paragraph) section.blocks().get(0)).text())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void notesAndCascades_areShown() {
        Analysis analysis = Analyzer.analyze(
                List.of(Reviewed.of(1, "a").by("human", 1, 5).make()).iterator(),
                AnalysisOptions.builder().resamples(5).build());
        Report report = AnalysisReport.of(analysis, PROVENANCE)
                .note("Half is missing.")
                .cost(new Table("stages", "Stages.", List.of("Stage"), List.of()))
                .build("Title", "");

        assertThat(sections(report)).contains("cost");
        assertThat(report.toString()).contains("Half is missing.");
    }
}
