package org.donotanswer.bench.encoder;

import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.score;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.bench.crossvalidation.CrossValidationJson;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.bench.encoder.StageScorer.RowJudge;
import org.donotanswer.bench.quality.BinaryFigures;
import org.donotanswer.bench.quality.LeftOutFigures;
import org.donotanswer.bench.quality.LeftOutSources.LeftOutFold;
import org.donotanswer.bench.quality.UnseenSourceReport;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.metrics.Bootstrap;

/**
 * How well the encoder judge judges what neither it nor its embedded judge was trained on. Immutable, hence thread-safe.
 *
 * @param judges the figures by judge: the encoder judge, whose second stage was fitted without the source under test; the
 *     encoder alone; the embedded judge alone
 */
public record EncoderFigures(Map<String, JudgeFigures> judges) {
    private static final String JUDGE = "Judge";
    private static final String ENCODER_JUDGE = "encoder judge";
    private static final String ENCODER_ALONE = "encoder alone";
    private static final String EMBEDDED = "embedded judge";

    /** Copies the map. */
    public EncoderFigures {
        judges = Collections.unmodifiableMap(new LinkedHashMap<>(judges));
    }

    /**
     * The figures of one judge. Immutable, hence thread-safe.
     *
     * @param leftOut on the sources left out, in the general norm
     * @param unseenLlm agreement, in the benchmark's norm, on responses of the LLMs left out, to questions that were trained on
     * @param unseenLlmAndQuestion the same to questions that were not
     */
    record JudgeFigures(
            LeftOutFigures leftOut, BenchmarkAgreement unseenLlm, BenchmarkAgreement unseenLlmAndQuestion) {}

    /** What a fold trained on, for the report. */
    record FoldSize(String name, int trainingExamples) {}

    /**
     * Returns the figures of recorded examples.
     *
     * @param rows of each fold, which are judged
     * @param heldOut more rows that second stages are fitted on
     */
    static EncoderFigures of(
            List<FoldSize> folds,
            List<List<StageRow>> rows,
            List<StageRow> heldOut,
            List<HeadKind> heads,
            TrainingSet set,
            Bootstrap bootstrap) {
        List<List<StageRow>> sets = new ArrayList<>(rows);
        sets.add(heldOut);
        Map<String, RowJudge> judges = new LinkedHashMap<>();
        judges.put(ENCODER_JUDGE, StageScorer.crossFitted(sets, heads));
        judges.put(ENCODER_ALONE, StageScorer.of(StageRecipe.encoderAlone(heads), heads));
        judges.put(EMBEDDED, (row, norm) -> row.in(norm).embedded());
        Map<String, JudgeFigures> figures = new LinkedHashMap<>();
        judges.forEach((name, judge) -> figures.put(name, figures(folds, rows, judge, set, bootstrap)));
        return new EncoderFigures(figures);
    }

    private static JudgeFigures figures(
            List<FoldSize> folds, List<List<StageRow>> rows, RowJudge judge, TrainingSet set, Bootstrap bootstrap) {
        List<LeftOutFold> leftOut = new ArrayList<>();
        for (int fold = 0; fold < rows.size(); fold++) {
            leftOut.add(new LeftOutFold(
                    folds.get(fold).name(),
                    folds.get(fold).trainingExamples(),
                    0,
                    StageScorer.predictions(rows.get(fold), StageNorm.GENERAL, judge)));
        }
        return new JudgeFigures(
                LeftOutFigures.of(leftOut, set, bootstrap),
                agreement(rows, false, judge),
                agreement(rows, true, judge));
    }

    private static BenchmarkAgreement agreement(List<List<StageRow>> rows, boolean isUnseenQuestion, RowJudge judge) {
        List<StageRow> responses = rows.stream()
                .flatMap(List::stream)
                .filter(row -> row.isBenchmark() && row.isUnseenQuestion() == isUnseenQuestion)
                .toList();
        return BenchmarkAgreement.of(StageScorer.predictions(responses, StageNorm.BENCHMARK, judge));
    }

    private JudgeFigures encoderJudge() {
        return Optional.ofNullable(judges.get(ENCODER_JUDGE)).orElseThrow();
    }

    /** Returns the figures by which models are compared, by name, for the provenance of the model; those that are defined. */
    public Map<String, Double> summary() {
        Map<String, Double> summary = new LinkedHashMap<>();
        JudgeFigures judge = encoderJudge();
        judge.leftOut().peopleMean().ifPresent(mean -> {
            summary.put("aucOfSourcesLeftOut", mean.auc().value());
            summary.put("f1OfSourcesLeftOut", mean.f1().value());
            summary.put(
                    "calibrationErrorOfSourcesLeftOut", mean.calibrationError().value());
        });
        summary.put("falseAlarmsEveryday", judge.leftOut().everyday().value());
        summary.put("falseAlarmsAlarmingWords", judge.leftOut().alarmingWords().value());
        summary.put("actionMacroF1UnseenLlm", judge.unseenLlm().actionMacroF1());
        summary.put("harmfulF1UnseenLlm", judge.unseenLlm().harmfulF1());
        summary.put(
                "actionMacroF1UnseenLlmAndQuestion",
                judge.unseenLlmAndQuestion().actionMacroF1());
        summary.put(
                "harmfulF1UnseenLlmAndQuestion", judge.unseenLlmAndQuestion().harmfulF1());
        summary.values().removeIf(value -> !Double.isFinite(value));
        return summary;
    }

    /** Returns all figures as indented JSON. A figure that is not defined is null. */
    public String toJson(Provenance provenance) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("judges", judges);
        json.put("provenance", provenance);
        return CrossValidationJson.JSON.write(json);
    }

    /** Returns the figures as tables. */
    public Report toReport(Provenance provenance) {
        List<Map.Entry<String, JudgeFigures>> rows = List.copyOf(judges.entrySet());
        Section summary = new Section(
                "summary",
                "In short",
                List.of(
                        new Paragraph(
                                "Each training left out some of the sources, an LLM with its family, and a third of"
                                        + " the benchmark's questions. The second stage of the encoder judge was fitted without"
                                        + " the source under test; on the benchmark, without the question under test."),
                        sources(rows),
                        benchmark("benchmark-unseen-llm", "The benchmark, in its norm: LLM unseen.", rows, true),
                        benchmark(
                                "benchmark-unseen-llm-and-question",
                                "The benchmark, in its norm: LLM and question unseen.",
                                rows,
                                false)));
        List<Section> sections = new ArrayList<>(List.of(summary));
        sections.addAll(new UnseenSourceReport(ENCODER_JUDGE, encoderJudge().leftOut(), provenance)
                .toReport()
                .sections());
        return new Report("How well the encoder judge judges what it has not seen", "", sections, provenance);
    }

    private static Table sources(List<Map.Entry<String, JudgeFigures>> rows) {
        return TableBuilder.of(
                "judges-sources",
                "Sources left out: means over those labelled by people, and harmless responses flagged.",
                JUDGE,
                rows,
                Map.Entry::getKey,
                column("AUC", row -> score(mean(row, figures -> figures.auc().value()))),
                column(
                        "F1 at .5",
                        row -> score(mean(row, figures -> figures.f1().value()))),
                column(
                        "Best F1",
                        row -> score(mean(row, figures -> figures.bestF1().value()))),
                column(
                        "Calibration error",
                        row -> score(
                                mean(row, figures -> figures.calibrationError().value()))),
                column(
                        "False alarms, everyday",
                        row -> score(row.getValue().leftOut().everyday().value())),
                column(
                        "False alarms, alarming words",
                        row -> score(row.getValue().leftOut().alarmingWords().value())));
    }

    private interface Figure {
        double of(BinaryFigures figures);
    }

    private static double mean(Map.Entry<String, JudgeFigures> row, Figure figure) {
        return row.getValue().leftOut().peopleMean().map(figure::of).orElse(Double.NaN);
    }

    private static Table benchmark(
            String id, String caption, List<Map.Entry<String, JudgeFigures>> rows, boolean isSeenQuestion) {
        return TableBuilder.of(
                id,
                caption,
                JUDGE,
                rows,
                Map.Entry::getKey,
                column("Responses", row -> count(agreement(row, isSeenQuestion).responses())),
                column(
                        "Macro F1 of actions",
                        row -> score(agreement(row, isSeenQuestion).actionMacroF1())),
                column(
                        "Macro F1 of harmful",
                        row -> score(agreement(row, isSeenQuestion).harmfulMacroF1())),
                column(
                        "F1 of harmful",
                        row -> score(agreement(row, isSeenQuestion).harmfulF1())));
    }

    private static BenchmarkAgreement agreement(Map.Entry<String, JudgeFigures> row, boolean isSeenQuestion) {
        return isSeenQuestion ? row.getValue().unseenLlm() : row.getValue().unseenLlmAndQuestion();
    }
}
