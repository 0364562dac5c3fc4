package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.actionNames;
import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/**
 * The paper's tables and figures, in its own conventions and layout. Numbers are rounded where the paper's code rounds them,
 * and in the same way: half to even.
 */
final class PaperTables {
    private static final String HUMAN = PublishedReviews.name(Annotator.HUMAN);
    private static final String GPT4 = PublishedReviews.name(Annotator.GPT4);
    private static final String LONGFORMER = PublishedReviews.name(Annotator.LONGFORMER);
    private static final String RESPONSE_ONLY = PublishedReviews.name(Annotator.LONGFORMER_RESPONSE_ONLY);
    private static final String BERT = PublishedReviews.name(Annotator.BERT);

    /** The four scores of an agreement by their column titles. */
    private static final ImmutableMap<String, ToDoubleFunction<MacroScores>> SCORES = ImmutableMap.of(
            "accuracy", MacroScores::accuracy,
            "precision", MacroScores::precision,
            "recall", MacroScores::recall,
            "F1", MacroScores::f1);

    private final Analysis analysis;

    PaperTables(Analysis analysis) {
        this.analysis = analysis;
    }

    /** Returns the mean of scores, each rounded to three decimals first. */
    static MacroScores roundedMean(LabelAgreement<?> agreement) {
        return MacroScores.mean(rounded(agreement));
    }

    private static List<MacroScores> rounded(LabelAgreement<?> agreement) {
        return agreement.scores().stream().map(scores -> scores.rounded(3)).toList();
    }

    /** Returns a proportion in percent, rounded to one decimal, half to even. */
    private static Cell percent(double proportion) {
        return decimal(100 * proportion);
    }

    private static Cell decimal(double value) {
        return Figure.of(Math.rint(10 * value) / 10, 1);
    }

    Section toSection() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Paragraph(
                "Numbers are percentages unless they are counts. Standard deviations over LLMs are those of a"
                        + " sample (n - 1), except for the differences between Longformer and BERT, which the paper takes over the"
                        + " population (n)."));
        blocks.add(LengthSection.wordsByType(
                analysis,
                "paper-words",
                "Mean number of words of responses by LLM and harm type, 1 to 12.",
                Maps.toMap(List.of(HarmType.values()), type -> String.valueOf(type.number())),
                "average",
                PaperTables::decimal));
        if (has(GPT4) && has(LONGFORMER)) {
            blocks.add(agreement("paper-agreement-action", "action", EvaluatorAgreement::action));
            blocks.add(agreement("paper-agreement-harmful", "harmfulness", EvaluatorAgreement::harmful));
        }
        blocks.add(safeProportions());
        blocks.add(harmfulCounts());
        blocks.add(heatmap(
                "paper-harmful-by-area",
                "Harmful responses by risk area, by people.",
                Arrays.stream(RiskArea.values()).map(RiskArea::shortName).toList(),
                llm -> Arrays.stream(RiskArea.values())
                        .map(area -> count(human(llm).harmful(area).count()))
                        .toList()));
        blocks.add(radar());
        blocks.add(heatmap(
                "paper-actions",
                "Responses by action, by people.",
                actionNames(),
                llm -> BehaviourSection.counts(human(llm).actions())));
        blocks.add(actionsByArea());
        for (String evaluator : List.of(LONGFORMER, GPT4)) {
            if (has(evaluator) && analysis.agreement(evaluator).action().byLlm().containsKey(Llm.LLAMA2_7B_CHAT)) {
                blocks.add(confusion(evaluator));
            }
        }
        if (has(LONGFORMER) && has(RESPONSE_ONLY)) {
            blocks.add(withoutQuestion("paper-question-action", "action", EvaluatorAgreement::action));
            blocks.add(withoutQuestion("paper-question-harmful", "harmfulness", EvaluatorAgreement::harmful));
        }
        if (has(LONGFORMER) && has(BERT)) {
            blocks.add(longformerAgainstBert());
        }
        return new Section("paper", "The paper's tables", blocks);
    }

    private boolean has(String evaluator) {
        return analysis.agreement().containsKey(evaluator);
    }

    private Table agreement(String id, String what, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        TableBuilder table = new TableBuilder(
                id,
                "Agreement of GPT-4 and Longformer with people on " + what + ", macro averages.",
                "LLM",
                SCORES.keySet().stream()
                        .flatMap(score -> Stream.of("GPT-4 " + score, "Longformer " + score))
                        .toList());
        LabelAgreement<?> gpt4 = labels.apply(analysis.agreement(GPT4));
        LabelAgreement<?> longformer = labels.apply(analysis.agreement(LONGFORMER));
        for (Llm llm : analysis.llms()) {
            if (gpt4.byLlm().containsKey(llm) && longformer.byLlm().containsKey(llm)) {
                table.add(
                        llm.name(),
                        pairs(
                                gpt4.scores(llm).orElseThrow().rounded(3),
                                longformer.scores(llm).orElseThrow().rounded(3)));
            }
        }
        table.add("mean", pairs(roundedMean(gpt4), roundedMean(longformer)));
        table.add(
                "std",
                pairs(
                        MacroScores.standardDeviation(rounded(gpt4)),
                        MacroScores.standardDeviation(rounded(longformer))));
        return table.build();
    }

    private static List<Cell> pairs(MacroScores first, MacroScores second) {
        return SCORES.values().stream()
                .flatMap(score -> Stream.of(percent(score.applyAsDouble(first)), percent(score.applyAsDouble(second))))
                .toList();
    }

    private Table safeProportions() {
        List<String> reviewers = Stream.of(HUMAN, GPT4, LONGFORMER)
                .filter(analysis.safety()::containsKey)
                .toList();
        TableBuilder table = new TableBuilder("paper-safe-share", "Safe responses by reviewer.", "LLM", reviewers);
        for (Llm llm : safestFirst()) {
            table.add(
                    llm.name(),
                    reviewers.stream()
                            .map(reviewer ->
                                    percent(analysis.safe(reviewer, llm).orElse(Double.NaN)))
                            .toList());
        }
        return table.build();
    }

    private LlmReviews human(Llm llm) {
        return analysis.reviews(HUMAN, llm).orElseThrow();
    }

    private List<Llm> safestFirst() {
        return analysis.llms().stream()
                .filter(llm -> analysis.reviews(HUMAN, llm).isPresent())
                .sorted(Comparator.comparingDouble(llm -> human(llm).harmful().value()))
                .toList();
    }

    private Chart harmfulCounts() {
        return new Chart(
                "paper-harmful-counts-chart",
                "Harmful responses of each LLM",
                Chart.Kind.BARS,
                "responses",
                0,
                Double.NaN,
                TableBuilder.of(
                        "paper-harmful-counts",
                        "Harmful responses, by people.",
                        "LLM",
                        safestFirst(),
                        Llm::name,
                        column(
                                "Harmful responses",
                                llm -> count(human(llm).harmful().count()))));
    }

    private Chart radar() {
        List<Llm> llms = safestFirst();
        TableBuilder table = new TableBuilder(
                "paper-safe-by-area",
                "Safe responses by risk area, by people.",
                "Risk area",
                llms.stream().map(Llm::name).toList());
        for (RiskArea area : RiskArea.values()) {
            table.add(
                    area.shortName(),
                    llms.stream()
                            .map(llm -> percent(
                                    human(llm).harmful(area).complement().value()))
                            .toList());
        }
        return new Chart(
                "paper-safe-by-area-chart",
                "Safe responses by risk area",
                Chart.Kind.RADAR,
                "safe responses, %",
                80,
                100,
                table.build());
    }

    private Table actionsByArea() {
        TableBuilder table = new TableBuilder(
                "paper-actions-by-area",
                "Responses by risk area and action, by people.",
                "Risk area, LLM",
                actionNames());
        for (RiskArea area : RiskArea.values()) {
            for (Llm llm : safestFirst()) {
                table.add(
                        area.shortName() + ", " + llm.name(),
                        BehaviourSection.counts(human(llm).actions(area)));
            }
        }
        return table.build();
    }

    private Chart heatmap(String id, String caption, List<String> columns, Function<Llm, List<Cell>> cells) {
        TableBuilder table = new TableBuilder(id, caption, "LLM", columns);
        safestFirst().forEach(llm -> table.add(llm.name(), cells.apply(llm)));
        return new Chart(id + "-chart", caption, Chart.Kind.HEATMAP, "responses", 0, Double.NaN, table.build());
    }

    private Chart confusion(String evaluator) {
        return EvaluatorSection.confusion(
                "paper-confusion-llama2-" + (evaluator.equals(GPT4) ? "gpt4" : "longformer"),
                "Actions of LLaMA-2's responses by people (rows) and " + evaluator + " (columns)",
                HUMAN,
                Objects.requireNonNull(
                        analysis.agreement(evaluator).action().byLlm().get(Llm.LLAMA2_7B_CHAT)),
                DisplayNames::name);
    }

    private Table withoutQuestion(String id, String what, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        TableBuilder table = new TableBuilder(
                id,
                "Longformer given instruction and response less Longformer given only the response, " + what
                        + ", in percentage points.",
                "LLM",
                List.copyOf(SCORES.keySet()));
        LabelAgreement<?> both = labels.apply(analysis.agreement(LONGFORMER));
        LabelAgreement<?> responseOnly = labels.apply(analysis.agreement(RESPONSE_ONLY));
        List<MacroScores> differences = new ArrayList<>();
        for (Llm llm : both.byLlm().keySet()) {
            responseOnly.scores(llm).ifPresent(scores -> {
                MacroScores difference =
                        both.scores(llm).orElseThrow().rounded(3).minus(scores.rounded(3));
                differences.add(difference);
                table.add(llm.name(), percentages(difference));
            });
        }
        table.add("mean", percentages(MacroScores.mean(differences)));
        table.add("std", percentages(MacroScores.standardDeviation(differences)));
        return table.build();
    }

    private static List<Cell> percentages(MacroScores scores) {
        return SCORES.values().stream()
                .map(score -> percent(score.applyAsDouble(scores)))
                .toList();
    }

    private Table longformerAgainstBert() {
        return TableBuilder.of(
                "paper-longformer-bert",
                "Longformer less BERT by action, in percentage points: mean and standard deviation over LLMs.",
                "Action",
                ClassDifference.of(
                                analysis.agreement(LONGFORMER).action(),
                                analysis.agreement(BERT).action())
                        .entrySet(),
                entry -> DisplayNames.name(entry.getKey()),
                column(
                        "precision",
                        entry -> percent(entry.getValue().precision().mean())),
                column("±", entry -> percent(entry.getValue().precision().populationDeviation())),
                column("recall", entry -> percent(entry.getValue().recall().mean())),
                column("±", entry -> percent(entry.getValue().recall().populationDeviation())),
                column("F1", entry -> percent(entry.getValue().f1().mean())),
                column("±", entry -> percent(entry.getValue().f1().populationDeviation())));
    }
}
