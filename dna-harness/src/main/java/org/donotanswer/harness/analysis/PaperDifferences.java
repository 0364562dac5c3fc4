package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.report.TableCells.count;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;
import org.donotanswer.metrics.Ranking.RankedItem;
import org.donotanswer.taxonomy.ResponseAction;

/** What differs between the paper's convention and ours, and by how much: all of it computed. */
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
                "In the table below, the paper's means are of figures rounded to three decimals before, and"
                        + " ours are not; an evaluator that left nothing unparsed differs by that alone."));
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

    private static EvaluatorAgreement of(Analysis analysis, String evaluator) {
        return Objects.requireNonNull(analysis.agreement().get(evaluator));
    }

    private String unparsed(String evaluator) {
        MacroScores actionOfPaper =
                PaperTables.rounded(of(paper, evaluator).action().figures()).get(0);
        MacroScores actionOfOurs = of(ours, evaluator).action().mean();
        return String.format(
                Locale.ROOT,
                "%d of %,d reviews by %s have no label. The paper counts them as refusals and as harmless; here they are left"
                        + " out. That moves its accuracy on actions from %s to %s, its macro F1 from %s to %s, and its recall"
                        + " of harmful answers from %s to %s.",
                unscored(evaluator),
                ours.exchanges(),
                evaluator,
                DisplayNames.percentage(actionOfPaper.accuracy()),
                DisplayNames.percentage(actionOfOurs.accuracy()),
                DisplayNames.percentage(actionOfPaper.f1()),
                DisplayNames.percentage(actionOfOurs.f1()),
                DisplayNames.percentage(of(paper, evaluator).recall().value()),
                DisplayNames.percentage(of(ours, evaluator).recall().value()));
    }

    private Table byLlm(String evaluator) {
        TableBuilder table = new TableBuilder(
                "differences-by-llm-" + DisplayNames.slugs(ours.reviewers()).get(evaluator),
                "What leaving out what was not parsed changes for " + evaluator
                        + ", in percent; differences (ours less the paper's) in percentage points.",
                "LLM",
                "Not parsed",
                "Action accuracy, paper",
                "Ours",
                "Difference",
                "Action macro F1, paper",
                "Ours",
                "Difference",
                "Safe share, paper",
                "Ours",
                "Difference");
        for (Llm llm : of(ours, evaluator).action().byLlm().keySet()) {
            Optional<MacroScores> before = of(paper, evaluator).action().figures(llm);
            Optional<MacroScores> after = of(ours, evaluator).action().figures(llm);
            List<Cell> cells = new ArrayList<>(List.of(count(unscored(evaluator, llm))));
            cells.addAll(compared(before.map(MacroScores::accuracy), after.map(MacroScores::accuracy)));
            cells.addAll(compared(before.map(MacroScores::f1), after.map(MacroScores::f1)));
            cells.addAll(compared(safeShare(paper, evaluator, llm), safeShare(ours, evaluator, llm)));
            table.add(llm.name(), cells);
        }
        return table.build();
    }

    private static Optional<Double> safeShare(Analysis analysis, String evaluator, Llm llm) {
        return Optional.ofNullable(analysis.safety().get(evaluator))
                .flatMap(safety -> safety.share(llm))
                .map(share -> share.safe().value());
    }

    private static List<Cell> compared(Optional<Double> paper, Optional<Double> ours) {
        double before = paper.orElse(Double.NaN);
        double after = ours.orElse(Double.NaN);
        return List.of(Figure.of(100 * before, 2), Figure.of(100 * after, 2), Figure.of(100 * (after - before), 2));
    }

    private Table means() {
        TableBuilder table = new TableBuilder(
                "differences-of-means",
                "Means over LLMs in the paper's convention and in ours, in percent, and differences in percentage points.",
                "Evaluator, figure",
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
        MacroScores before = PaperTables.rounded(
                        labels.apply(of(paper, evaluator)).figures())
                .get(0);
        MacroScores after = labels.apply(of(ours, evaluator)).mean();
        String name = evaluator + ", " + what + " ";
        table.add(name + "accuracy", compared(Optional.of(before.accuracy()), Optional.of(after.accuracy())));
        table.add(name + "macro precision", compared(Optional.of(before.precision()), Optional.of(after.precision())));
        table.add(name + "macro recall", compared(Optional.of(before.recall()), Optional.of(after.recall())));
        table.add(name + "macro F1", compared(Optional.of(before.f1()), Optional.of(after.f1())));
    }

    /** Tells which neighbours in the order of LLMs their intervals do not part. */
    private String ranks() {
        SafetyRanking safety = ours.safety().get(ours.options().reference());
        if (safety == null) {
            return "Nobody judged the harm of answers, so that there is no order of LLMs.";
        }
        List<RankedItem<Llm>> places = safety.ranking().ranked();
        List<String> ties = new ArrayList<>();
        for (int i = 0; i + 1 < places.size(); i++) {
            if (places.get(i).candidate().interval().lower()
                    <= places.get(i + 1).candidate().interval().upper()) {
                ties.add(places.get(i).item() + " and " + places.get(i + 1).item());
            }
        }
        return "The paper orders the LLMs by their safe share. "
                + (ties.isEmpty()
                        ? "The intervals of all neighbours part."
                        : "The intervals of these neighbours do not part: " + String.join("; ", ties) + ".");
    }

    private String mapping() {
        long follow = 0;
        for (Llm llm : ours.llms()) {
            follow += human(llm, ResponseAction.FOLLOW_INSTRUCTION);
        }
        return String.format(
                Locale.ROOT,
                "GPT-4 as judge numbers its actions 0 to 6, people 0 to 5. Published code maps 5 to 4 and 6 to 5 also where"
                        + " labels are people's, which takes all %,d answers that follow the instruction for uncertain ones."
                        + " Here no label is mapped twice.",
                follow);
    }

    private long human(Llm llm, ResponseAction action) {
        return ours.reviews(ours.options().reference(), llm)
                .map(reviews -> reviews.actions().getOrDefault(action, 0L))
                .orElse(0L);
    }

    private Table mappedTwice() {
        TableBuilder table = new TableBuilder(
                "differences-mapped-twice",
                "Answers by people's labels, and as a second mapping has them.",
                "LLM",
                DisplayNames.name(ResponseAction.UNABLE_OR_UNCERTAIN),
                "Mapped twice",
                DisplayNames.name(ResponseAction.FOLLOW_INSTRUCTION),
                "Mapped twice");
        for (Llm llm : ours.llms()) {
            long uncertain = human(llm, ResponseAction.UNABLE_OR_UNCERTAIN);
            long follow = human(llm, ResponseAction.FOLLOW_INSTRUCTION);
            table.add(llm.name(), count(uncertain), count(uncertain + follow), count(follow), count(0));
        }
        return table.build();
    }
}
