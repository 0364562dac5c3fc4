package org.donotanswer.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;
import org.donotanswer.metrics.Interval;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The replication gives the figures that were published; ours differ from them where they should, and by how much. */
@RealData
class ReplicationRealDataTest {
    private static Replication replication;
    private static Report report;

    @BeforeAll
    static void replicate() throws IOException {
        replication = Replication.of(
                DoNotAnswer.load(RealDataDirectories.doNotAnswer()),
                AnalysisOptions.builder().resamples(200).build());
        report = replication.toReport();
    }

    static Set<String> ids() {
        return PublishedTables.BY_ID.keySet();
    }

    @ParameterizedTest
    @MethodSource("ids")
    void paperTable_isThePublishedOne(String id) {
        // Safe responses by area were published with more decimals than we show.
        double tolerance = id.equals("paper-safe-by-area") ? 0.05 + 1e-9 : 1e-9;
        List<String> rows = PublishedTables.BY_ID.get(id).lines().toList();
        Table table = table(id);

        assertThat(table.rows()).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            String[] published = rows.get(i).split(", ");
            List<Cell> cells = table.rows().get(i);
            assertThat(cells).hasSameSizeAs(published);
            assertThat(cells.get(0)).isEqualTo(new Text(published[0]));
            for (int j = 1; j < published.length; j++) {
                assertThat(((Figure) cells.get(j)).value())
                        .as("%s: %s, %s", id, published[0], table.columns().get(j))
                        .isEqualTo(Double.parseDouble(published[j]), within(tolerance));
            }
        }
    }

    private static Table table(String id) {
        return report.tables().stream()
                .filter(table -> table.tableId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static double value(String table, String row, int column) {
        return table(table).rows().stream()
                .filter(cells -> cells.get(0).equals(new Text(row)))
                .map(cells -> ((Figure) cells.get(column)).value())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void unparsedReplies_areNineOfGpt4s_andLeftOut() {
        assertThat(replication.ours().llms())
                .extracting(llm -> replication
                        .ours()
                        .reviews("GPT4", llm)
                        .orElseThrow()
                        .quality()
                        .allUnscored())
                .containsExactly(2L, 1L, 2L, 2L, 2L, 0L);
        assertThat(replication.ours().agreement().get("GPT4").action().pooled().total())
                .isEqualTo(5_625);
        assertThat(replication.paper().agreement().get("GPT4").action().pooled().total())
                .isEqualTo(5_634);
    }

    /** Computed independently from unrounded scores. */
    @Test
    void ours_areMeansWithoutUnparsedReplies() {
        MacroScores action = replication.ours().agreement().get("GPT4").action().mean();
        MacroScores harmful =
                replication.ours().agreement().get("GPT4").harmful().mean();

        assertThat(List.of(action.accuracy(), action.precision(), action.recall(), action.f1()))
                .usingComparatorForType((a, b) -> Math.abs(a - b) < 0.00006 ? 0 : 1, Double.class)
                .isEqualTo(List.of(0.9141, 0.8643, 0.8945, 0.8727));
        assertThat(List.of(harmful.accuracy(), harmful.precision(), harmful.recall(), harmful.f1()))
                .usingComparatorForType((a, b) -> Math.abs(a - b) < 0.00006 ? 0 : 1, Double.class)
                .isEqualTo(List.of(0.9847, 0.8465, 0.9218, 0.8709));
        assertThat(value("differences-of-means", "GPT4, action accuracy", 3)).isEqualTo(0.08, within(0.005));
        assertThat(value("differences-by-llm-gpt4", "ChatGLM2", 9)).isEqualTo(92.8495, within(0.0001));
    }

    @ParameterizedTest
    @CsvSource({
        "GPT4, .7760, .7760, .7760, 192",
        "Longformer, .7211, .7098, .7154, 193",
        "Longformer_ro, .7079, .6528, .6792, 193",
        "BERT, .7702, .6425, .7006, 193"
    })
    void harmfulClass_isShownWithIntervals(String evaluator, double precision, double recall, double f1, long harmful) {
        EvaluatorAgreement agreement = replication.ours().agreement().get(evaluator);

        assertThat(agreement.precision().value()).isEqualTo(precision, within(0.0001));
        assertThat(agreement.recall().value()).isEqualTo(recall, within(0.0001));
        assertThat(agreement.f1().value()).isEqualTo(f1, within(0.0001));
        assertThat(agreement.harmful().pooled().support(true)).isEqualTo(harmful);
        for (Interval interval : List.of(
                agreement.precision().interval(),
                agreement.recall().interval(),
                agreement.f1().interval())) {
            assertThat(interval.width()).isBetween(0.06, 0.2);
        }
        assertThat(agreement.recall().interval().contains(recall)).isTrue();
    }

    /** The intervals are those of the data guide; the paper's order of the first four is uncertain. */
    @Test
    void ranking_hasTiesWhereIntervalsOverlap() {
        assertThat(replication.ours().safety().get("human").ranking().ranked())
                .extracting(place -> place.item() + " " + place.best() + "-" + place.worst())
                .containsExactly(
                        "llama2-7b-chat 1-2", "ChatGPT 1-4", "Claude 2-4", "GPT4 2-4", "vicuna-7b 5-5", "ChatGLM2 6-6");
        assertThat(replication
                        .ours()
                        .safety()
                        .get("human")
                        .find(Llm.CLAUDE)
                        .orElseThrow()
                        .safe()
                        .interval(0.95)
                        .lower())
                .isEqualTo(0.9725, within(0.0001));
    }

    /** Evaluators miss most harm in ChatGLM2; its corrected proportions are closer to people's. */
    @ParameterizedTest
    @CsvSource({"Longformer", "Longformer_ro", "BERT", "GPT4"})
    void correction_isCloserToPeople(String evaluator) {
        SafetyRanking.SafeProportion safe =
                replication.ours().safety().get(evaluator).find(Llm.CHATGLM2).orElseThrow();
        double people = replication
                .ours()
                .safety()
                .get("human")
                .find(Llm.CHATGLM2)
                .orElseThrow()
                .safe()
                .value();

        assertThat(Math.abs(safe.correction().orElseThrow().complement() - people))
                .isLessThan(Math.abs(safe.safe().value() - people));
        assertThat(safe.correction().orElseThrow().complementInterval(0.95).contains(people))
                .isEqualTo(true);
    }

    @Test
    void lengths_areThoseOfTheDataGuide() {
        ResponseLengths lengths = replication.ours().lengths();

        assertThat(DoubleStream.of(
                                lengths.p5(),
                                lengths.p25(),
                                lengths.p50(),
                                lengths.p75(),
                                lengths.p90(),
                                lengths.p95(),
                                lengths.p99())
                        .mapToLong(Math::round))
                .containsExactly(7L, 31L, 74L, 142L, 230L, 285L, 350L);
        assertThat(lengths.greatest()).isEqualTo(624);
        assertThat(lengths.count()).isEqualTo(5_634);
    }

    @Test
    void secondMapping_wouldLoseAllResponsesThatFollow() {
        assertThat(value("differences-mapped-twice", "GPT4", 1)).isEqualTo(257);
        assertThat(value("differences-mapped-twice", "GPT4", 2)).isEqualTo(278);
        assertThat(value("differences-mapped-twice", "GPT4", 3)).isEqualTo(21);
    }
}
