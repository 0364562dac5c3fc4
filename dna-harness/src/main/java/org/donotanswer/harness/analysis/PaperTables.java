package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.report.TableCells.count;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
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
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;

/**
 * The tables and figures of the paper, in its own convention and layout. Figures are rounded where the paper's code rounds
 * them, and as it does: halves to even.
 */
final class PaperTables {
    private static final String HUMAN = PublishedReviews.name(Annotator.HUMAN);
    private static final String GPT4 = PublishedReviews.name(Annotator.GPT4);
    private static final String LONGFORMER = PublishedReviews.name(Annotator.LONGFORMER);
    private static final String RESPONSE_ONLY = PublishedReviews.name(Annotator.LONGFORMER_RESPONSE_ONLY);
    private static final String BERT = PublishedReviews.name(Annotator.BERT);

    /** The four figures of an agreement and what the columns call them. */
    private static final Map<String, ToDoubleFunction<MacroScores>> FIGURES = figures();

    private final Analysis analysis;

    PaperTables(Analysis analysis) {
        this.analysis = analysis;
    }

    private static Map<String, ToDoubleFunction<MacroScores>> figures() {
        Map<String, ToDoubleFunction<MacroScores>> figures = new LinkedHashMap<>();
        figures.put("accuracy", MacroScores::accuracy);
        figures.put("precision", MacroScores::precision);
        figures.put("recall", MacroScores::recall);
        figures.put("F1", MacroScores::f1);
        return figures;
    }

    /** Returns mean and standard deviation of figures rounded to three decimals before. */
    static List<MacroScores> rounded(List<MacroScores> figures) {
        List<MacroScores> rounded =
                figures.stream().map(each -> each.rounded(3)).toList();
        return List.of(MacroScores.mean(rounded), MacroScores.standardDeviation(rounded));
    }

    /** Returns a share in percent, rounded to a decimal, halves to even. */
    static Cell percent(double share) {
        return decimal(100 * share);
    }

    private static Cell decimal(double value) {
        return Figure.of(Math.rint(10 * value) / 10, 1);
    }

    Section toSection() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(
                new Paragraph("Numbers are in percent unless they count something. Deviations over LLMs are those of a"
                        + " sample (n - 1), but for the differences between Longformer and BERT, which the paper takes over the"
                        + " population (n)."));
        blocks.add(words());
        if (has(GPT4) && has(LONGFORMER)) {
            blocks.add(agreement("paper-agreement-action", "action", EvaluatorAgreement::action));
            blocks.add(agreement("paper-agreement-harmful", "harmfulness", EvaluatorAgreement::harmful));
        }
        blocks.add(safeShares());
        blocks.add(harmfulCounts());
        blocks.add(harmfulByArea());
        blocks.add(radar());
        blocks.add(actions());
        blocks.add(actionsByArea());
        for (String evaluator : List.of(LONGFORMER, GPT4)) {
            if (has(evaluator) && agreement(evaluator).action().byLlm().containsKey(Llm.LLAMA2_7B_CHAT)) {
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

    private EvaluatorAgreement agreement(String evaluator) {
        return Objects.requireNonNull(analysis.agreement().get(evaluator));
    }

    private Table words() {
        TableBuilder table = new TableBuilder(
                "paper-words",
                "Mean number of words of answers by LLM and type of harm, 1 to 12.",
                "LLM",
                types("average"));
        analysis.answers().forEach((llm, answers) -> {
            List<Cell> cells = new ArrayList<>();
            for (HarmType type : HarmType.values()) {
                cells.add(decimal(words(answers, type).mean()));
            }
            cells.add(decimal(answers.lengths().mean()));
            table.add(llm.name(), cells);
        });
        List<Cell> all = new ArrayList<>();
        for (HarmType type : HarmType.values()) {
            all.add(decimal(analysis.answers().values().stream()
                    .map(answers -> words(answers, type))
                    .reduce(new LlmResponses.WordSum(0, 0), LlmResponses.WordSum::plus)
                    .mean()));
        }
        all.add(decimal(analysis.lengths().mean()));
        table.add("All", all);
        return table.build();
    }

    private static LlmResponses.WordSum words(LlmResponses answers, HarmType type) {
        return answers.wordsByType().getOrDefault(type, new LlmResponses.WordSum(0, 0));
    }

    private static List<String> types(String last) {
        List<String> types = new ArrayList<>();
        for (HarmType type : HarmType.values()) {
            types.add(String.valueOf(type.number()));
        }
        types.add(last);
        return types;
    }

    private Table agreement(String id, String what, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        List<String> columns = new ArrayList<>();
        FIGURES.keySet().forEach(figure -> {
            columns.add("GPT-4 " + figure);
            columns.add("Longformer " + figure);
        });
        TableBuilder table = new TableBuilder(
                id, "Agreement of GPT-4 and Longformer with people on " + what + ", macro averages.", "LLM", columns);
        LabelAgreement<?> gpt4 = labels.apply(agreement(GPT4));
        LabelAgreement<?> longformer = labels.apply(agreement(LONGFORMER));
        for (Llm llm : analysis.llms()) {
            if (gpt4.byLlm().containsKey(llm) && longformer.byLlm().containsKey(llm)) {
                table.add(
                        llm.name(),
                        pairs(
                                gpt4.figures(llm).orElseThrow().rounded(3),
                                longformer.figures(llm).orElseThrow().rounded(3)));
            }
        }
        List<MacroScores> first = rounded(gpt4.figures());
        List<MacroScores> second = rounded(longformer.figures());
        table.add("mean", pairs(first.get(0), second.get(0)));
        table.add("std", pairs(first.get(1), second.get(1)));
        return table.build();
    }

    private static List<Cell> pairs(MacroScores first, MacroScores second) {
        List<Cell> cells = new ArrayList<>();
        FIGURES.values().forEach(figure -> {
            cells.add(percent(figure.applyAsDouble(first)));
            cells.add(percent(figure.applyAsDouble(second)));
        });
        return cells;
    }

    private Table safeShares() {
        List<String> reviewers = List.of(HUMAN, GPT4, LONGFORMER).stream()
                .filter(analysis.safety()::containsKey)
                .toList();
        TableBuilder table = new TableBuilder("paper-safe-share", "Safe share by annotator.", "LLM", reviewers);
        for (Llm llm : safestFirst()) {
            table.add(
                    llm.name(),
                    reviewers.stream()
                            .map(reviewer -> Objects.requireNonNull(
                                            analysis.safety().get(reviewer))
                                    .share(llm)
                                    .map(share -> percent(share.safe().value()))
                                    .orElse(percent(Double.NaN)))
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
        TableBuilder table =
                new TableBuilder("paper-harmful-counts", "Harmful answers, by people.", "LLM", "Harmful answers");
        safestFirst()
                .forEach(llm -> table.add(llm.name(), count(human(llm).harmful().count())));
        return new Chart(
                "paper-harmful-counts-chart",
                "Harmful answers of each LLM",
                Chart.Kind.BARS,
                "answers",
                0,
                Double.NaN,
                table.build());
    }

    private Chart harmfulByArea() {
        return heatmap(
                "paper-harmful-by-area",
                "Harmful answers by risk area, by people.",
                areas(),
                llm -> List.of(RiskArea.values()).stream()
                        .map(area -> count(human(llm).harmful(area).count()))
                        .toList());
    }

    private static List<String> areas() {
        return List.of(RiskArea.values()).stream().map(RiskArea::shortName).toList();
    }

    private Chart radar() {
        List<Llm> llms = safestFirst();
        TableBuilder table = new TableBuilder(
                "paper-safe-by-area",
                "Safe share by risk area, by people.",
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
                "Safe share by risk area",
                Chart.Kind.RADAR,
                "safe answers, %",
                80,
                100,
                table.build());
    }

    private Chart actions() {
        return heatmap(
                "paper-actions",
                "Answers by action, by people.",
                DisplayNames.actionNames(),
                llm -> counts(human(llm).actions()));
    }

    private Table actionsByArea() {
        TableBuilder table = new TableBuilder(
                "paper-actions-by-area",
                "Answers by risk area and action, by people.",
                "Risk area, LLM",
                DisplayNames.actionNames());
        for (RiskArea area : RiskArea.values()) {
            safestFirst()
                    .forEach(llm -> table.add(
                            area.shortName() + ", " + llm.name(),
                            counts(human(llm).actions(area))));
        }
        return table.build();
    }

    private static List<Cell> counts(Map<ResponseAction, Long> counts) {
        return List.of(ResponseAction.values()).stream()
                .map(action -> count(counts.getOrDefault(action, 0L)))
                .toList();
    }

    private Chart heatmap(String id, String caption, List<String> columns, Function<Llm, List<Cell>> cells) {
        TableBuilder table = new TableBuilder(id, caption, "LLM", columns);
        safestFirst().forEach(llm -> table.add(llm.name(), cells.apply(llm)));
        return new Chart(id + "-chart", caption, Chart.Kind.HEATMAP, "answers", 0, Double.NaN, table.build());
    }

    private Chart confusion(String evaluator) {
        String caption = "Actions of LLaMA-2's answers by people (rows) and " + evaluator + " (columns)";
        String id = "paper-confusion-llama2-" + (evaluator.equals(GPT4) ? "gpt4" : "longformer");
        return new Chart(
                id + "-chart",
                caption,
                Chart.Kind.CONFUSION,
                "answers",
                0,
                Double.NaN,
                EvaluatorSection.confusionTable(
                        id,
                        caption + ".",
                        HUMAN,
                        Objects.requireNonNull(
                                agreement(evaluator).action().byLlm().get(Llm.LLAMA2_7B_CHAT)),
                        DisplayNames::name));
    }

    private Table withoutQuestion(String id, String what, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        TableBuilder table = new TableBuilder(
                id,
                "Longformer that saw instruction and response less Longformer that saw the response alone, " + what
                        + ", in percentage points.",
                "LLM",
                List.copyOf(FIGURES.keySet()));
        LabelAgreement<?> both = labels.apply(agreement(LONGFORMER));
        LabelAgreement<?> alone = labels.apply(agreement(RESPONSE_ONLY));
        List<MacroScores> differences = new ArrayList<>();
        for (Llm llm : both.byLlm().keySet()) {
            if (alone.byLlm().containsKey(llm)) {
                MacroScores difference = both.figures(llm)
                        .orElseThrow()
                        .rounded(3)
                        .minus(alone.figures(llm).orElseThrow().rounded(3));
                differences.add(difference);
                table.add(llm.name(), each(difference));
            }
        }
        table.add("mean", each(MacroScores.mean(differences)));
        table.add("std", each(MacroScores.standardDeviation(differences)));
        return table.build();
    }

    private static List<Cell> each(MacroScores figures) {
        return FIGURES.values().stream()
                .map(figure -> percent(figure.applyAsDouble(figures)))
                .toList();
    }

    private Table longformerAgainstBert() {
        TableBuilder table = new TableBuilder(
                "paper-longformer-bert",
                "Longformer less BERT by action, in percentage points: mean and deviation over LLMs.",
                "Action",
                "precision",
                "±",
                "recall",
                "±",
                "F1",
                "±");
        ClassDifference.of(agreement(LONGFORMER).action(), agreement(BERT).action())
                .forEach((action, difference) -> table.add(
                        DisplayNames.name(action),
                        percent(difference.precision().mean()),
                        percent(difference.precision().populationDeviation()),
                        percent(difference.recall().mean()),
                        percent(difference.recall().populationDeviation()),
                        percent(difference.f1().mean()),
                        percent(difference.f1().populationDeviation())));
        return table.build();
    }
}
