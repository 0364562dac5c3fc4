package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.percentage;
import static org.donotanswer.harness.report.TableBuilder.column;
import static org.donotanswer.harness.report.TableCells.count;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.metrics.Ranking.RankedItem;
import org.donotanswer.taxonomy.ResponseAction;

/** How the paper's conventions differ from ours, and by how much. Every number is computed. */
final class PaperDifferences {
    private final Analysis paper;
    private final Analysis ours;

    PaperDifferences(Analysis paper, Analysis ours) {
        this.paper = paper;
        this.ours = ours;
    }

    Section toSection() {
        List<Block> blocks = new ArrayList<>();
        for (String evaluator : ours.agreement().keySet()) {
            if (unscored(evaluator) > 0) {
                blocks.add(new Paragraph(unparsed(evaluator)));
                blocks.add(byLlm(evaluator));
            }
        }
        blocks.add(new Paragraph(
                "In the table below, the paper's means are of scores that are first rounded to three decimals, ours are not; for"
                        + " an evaluator whose reviews were all parsed, this is the only difference."));
        blocks.add(means());
        blocks.add(new Paragraph(ranks()));
        blocks.add(new Paragraph(mapping()));
        blocks.add(mappedTwice());
        return new Section("differences-from-the-paper", "What differs, and by how much", blocks);
    }

    private long unscored(String evaluator) {
        return ours.llms().stream().mapToLong(llm -> unscored(evaluator, llm)).sum();
    }

    private long unscored(String evaluator, Llm llm) {
        return ours.reviews(evaluator, llm)
                .map(reviews -> reviews.quality().allUnscored())
                .orElse(0L);
    }

    private String unparsed(String evaluator) {
        MacroScores before = PaperTables.roundedMean(paper.agreement(evaluator).action());
        MacroScores after = ours.agreement(evaluator).action().mean();
        return NumberFormats.format(
                "%d of %,d reviews by %s have no label. The paper counts them as refusals and as harmless; here they are left"
                        + " out. That changes its accuracy on actions from %s to %s, its macro F1 from %s to %s, and its recall"
                        + " of harmful responses from %s to %s.",
                unscored(evaluator),
                ours.exchanges(),
                evaluator,
                percentage(before.accuracy()),
                percentage(after.accuracy()),
                percentage(before.f1()),
                percentage(after.f1()),
                percentage(paper.agreement(evaluator).recall().value()),
                percentage(ours.agreement(evaluator).recall().value()));
    }

    private Table byLlm(String evaluator) {
        TableBuilder table = new TableBuilder(
                "differences-by-llm-" + DisplayNames.slugs(ours.reviewers()).get(evaluator),
                "What changes for " + evaluator
                        + " if unparsed reviews are left out, in percent; differences (ours less the paper's) in percentage"
                        + " points.",
                "LLM",
                "Not parsed",
                "Action accuracy, paper",
                "Ours",
                "Difference",
                "Action macro F1, paper",
                "Ours",
                "Difference",
                "Safe, paper",
                "Ours",
                "Difference");
        for (Llm llm : ours.agreement(evaluator).action().byLlm().keySet()) {
            Optional<MacroScores> before = paper.agreement(evaluator).action().scores(llm);
            Optional<MacroScores> after = ours.agreement(evaluator).action().scores(llm);
            List<Cell> cells = new ArrayList<>(List.of(count(unscored(evaluator, llm))));
            cells.addAll(compared(before.map(MacroScores::accuracy), after.map(MacroScores::accuracy)));
            cells.addAll(compared(before.map(MacroScores::f1), after.map(MacroScores::f1)));
            cells.addAll(compared(paper.safe(evaluator, llm), ours.safe(evaluator, llm)));
            table.add(llm.name(), cells);
        }
        return table.build();
    }

    private static List<Cell> compared(Optional<Double> paper, Optional<Double> ours) {
        double before = paper.orElse(Double.NaN);
        double after = ours.orElse(Double.NaN);
        return List.of(Figure.of(100 * before, 2), Figure.of(100 * after, 2), Figure.of(100 * (after - before), 2));
    }

    private Table means() {
        TableBuilder table = new TableBuilder(
                "differences-of-means",
                "Means over LLMs by the paper's conventions and by ours, in percent, and differences in percentage points.",
                "Evaluator, score",
                "Paper",
                "Ours",
                "Difference");
        for (String evaluator : ours.agreement().keySet()) {
            addMeans(table, evaluator, "action", EvaluatorAgreement::action);
            addMeans(table, evaluator, "harm", EvaluatorAgreement::harmful);
        }
        return table.build();
    }

    private void addMeans(
            TableBuilder table, String evaluator, String what, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        Optional<MacroScores> before = Optional.of(PaperTables.roundedMean(labels.apply(paper.agreement(evaluator))));
        Optional<MacroScores> after =
                Optional.of(labels.apply(ours.agreement(evaluator)).mean());
        String name = evaluator + ", " + what + " ";
        table.add(name + "accuracy", compared(before.map(MacroScores::accuracy), after.map(MacroScores::accuracy)));
        table.add(
                name + "macro precision",
                compared(before.map(MacroScores::precision), after.map(MacroScores::precision)));
        table.add(name + "macro recall", compared(before.map(MacroScores::recall), after.map(MacroScores::recall)));
        table.add(name + "macro F1", compared(before.map(MacroScores::f1), after.map(MacroScores::f1)));
    }

    /** Returns which neighbours in the ranking of LLMs have overlapping intervals. */
    private String ranks() {
        SafetyRanking safety = ours.safety().get(ours.options().reference());
        if (safety == null) {
            return "Nobody reviewed the harm of responses, so the LLMs are not ranked.";
        }
        List<RankedItem<Llm>> ranked = safety.ranking().ranked();
        List<String> ties = new ArrayList<>();
        for (int i = 0; i + 1 < ranked.size(); i++) {
            if (ranked.get(i).candidate().interval().lower()
                    <= ranked.get(i + 1).candidate().interval().upper()) {
                ties.add(ranked.get(i).item() + " and " + ranked.get(i + 1).item());
            }
        }
        return "The paper ranks the LLMs by their percentage of safe responses. "
                + (ties.isEmpty()
                        ? "No intervals of neighbours overlap."
                        : "The intervals of these neighbours overlap: " + String.join("; ", ties) + ".");
    }

    private String mapping() {
        return NumberFormats.format(
                "GPT-4 as judge numbers its actions 0 to 6, people 0 to 5. Published code maps 5 to 4 and 6 to 5 even where the"
                        + " labels are people's, which turns all %,d responses that follow the instruction into uncertain ones."
                        + " Here no label is mapped twice.",
                ours.llms().stream()
                        .mapToLong(llm -> human(llm, ResponseAction.FOLLOW_INSTRUCTION))
                        .sum());
    }

    private long human(Llm llm, ResponseAction action) {
        return ours.reviews(ours.options().reference(), llm)
                .map(reviews -> reviews.actions().getOrDefault(action, 0L))
                .orElse(0L);
    }

    private Table mappedTwice() {
        return TableBuilder.of(
                "differences-mapped-twice",
                "Responses by people's labels, and by the same labels mapped a second time.",
                "LLM",
                ours.llms(),
                Llm::name,
                column(
                        DisplayNames.name(ResponseAction.UNABLE_OR_UNCERTAIN),
                        llm -> count(human(llm, ResponseAction.UNABLE_OR_UNCERTAIN))),
                column(
                        "Mapped twice",
                        llm -> count(human(llm, ResponseAction.UNABLE_OR_UNCERTAIN)
                                + human(llm, ResponseAction.FOLLOW_INSTRUCTION))),
                column(
                        DisplayNames.name(ResponseAction.FOLLOW_INSTRUCTION),
                        llm -> count(human(llm, ResponseAction.FOLLOW_INSTRUCTION))),
                column("Mapped twice", llm -> count(0)));
    }
}
