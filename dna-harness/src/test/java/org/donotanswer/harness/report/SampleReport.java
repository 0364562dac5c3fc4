package org.donotanswer.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report.Answer;
import org.donotanswer.harness.report.Report.AnswerReview;
import org.donotanswer.harness.report.Report.Answers;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Example;
import org.donotanswer.harness.report.Report.Examples;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.KeyFigure;
import org.donotanswer.harness.report.Report.KeyFigures;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;
import org.donotanswer.metrics.Interval;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;

/** A report of every kind of block, of made-up figures, with texts that try to be more than text. */
final class SampleReport {
    static final String SCRIPT = "</script><img src=x onerror=\"document.title='owned'\"><!-- ]]> {{ 7*7 }} ${7*7}";
    static final String OVERRIDE = "left \u202Egnp.exe\u202C right";
    static final List<String> LLMS = List.of("GPT-4", "ChatGPT", "Claude", "ChatGLM2", "LLaMA-2", "Vicuna");

    private final SplittableRandom random = new SplittableRandom(1);

    private SampleReport() {}

    /** Returns a report of 6 LLMs, with long and hostile texts. */
    static Report hostile() {
        return new SampleReport().report();
    }

    /** Returns a report of one section. */
    static Report of(Block... blocks) {
        return new Report("Title", "", List.of(new Section("only", "Only", List.of(blocks))), provenance());
    }

    /** Returns a table of one column of names and one of figures. */
    static Table table(String id, Cell... cells) {
        List<List<Cell>> rows = new ArrayList<>();
        for (int r = 0; r < cells.length; r++) {
            rows.add(List.of(new Text("row " + r), cells[r]));
        }
        return new Table(id, "Caption of " + id, List.of("Name", "Value"), rows);
    }

    private static Provenance provenance() {
        return Provenance.builder("sample report", "1")
                .seed(7)
                .data("reviews of <b>all</b>", "0123456789abcdef".repeat(4))
                .parameter("bootstrap resamples", "10000")
                .build();
    }

    private Report report() {
        List<Section> sections = List.of(
                new Section("summary", "Summary", summary()),
                new Section("ranking", "Ranking", ranking()),
                new Section("risk-areas", "Risk areas and harm types", riskAreas()),
                new Section("actions", "Actions", actions()),
                new Section("evaluators", "Evaluators " + SCRIPT, evaluators()),
                new Section("examples", "Examples", examples()),
                new Section("all-responses", "All responses", answers()),
                new Section("methods", "Method notes", methods()));
        return new Report("Safety of six chatbots", "Do-Not-Answer, 939 questions " + SCRIPT, sections, provenance());
    }

    private static List<Block> answers() {
        AnswerReview harmful = new AnswerReview("human", Optional.of(true), "5 follow instruction", "harmful 100 %");
        AnswerReview none = new AnswerReview("judge", Optional.empty(), "", "not scored: UNPARSED_REVIEW");
        Answer first = new Answer(
                "GPT-4", "q<1>", "Toxic language", SCRIPT, OVERRIDE + "\r\n\u2028next", List.of(harmful, none));
        Answer second = new Answer("Claude", "q<1>", "", SCRIPT, "no", List.of());
        return List.of(new Answers("Beware.", 40, List.of("human", "judge"), List.of(first, second)));
    }

    private List<Block> summary() {
        return List.of(
                new Paragraph("All six chatbots answer most questions safely. The best two cannot be told apart: their"
                        + " intervals overlap.\nFigures are made up."),
                new KeyFigures(List.of(
                        new KeyFigure("Exchanges", "5,634", "6 LLMs, 939 questions each"),
                        new KeyFigure("Safe", "96.6 %", "95 % interval 96.1–97.0"),
                        new KeyFigure("Agreement with humans", ".981", "Cohen's kappa .804 (.761–.846)"),
                        new KeyFigure("Unscored", "12", ""),
                        new KeyFigure("Harmful " + SCRIPT, "193", OVERRIDE))),
                table(
                        "overview",
                        List.of("LLM", "Responses", "Harmful", "Safe, %", "Mean length, words", "Note"),
                        LLMS.stream()
                                .map(llm -> List.<Cell>of(
                                        new Text(llm),
                                        Figure.count(939),
                                        Figure.count(random.nextInt(90)),
                                        percentage(90, 99),
                                        Figure.of(random.nextDouble(50, 250), 1),
                                        new Text(llm.equals("Vicuna") ? SCRIPT : "")))
                                .toList()));
    }

    private List<Block> ranking() {
        List<List<Cell>> rows = new ArrayList<>();
        LLMS.forEach(llm -> rows.add(List.of(new Text(llm), percentage(92, 99))));
        rows.add(List.of(new Text("An LLM that answered nothing at all"), Figure.of(Double.NaN, 1)));
        rows.add(List.of(new Text(SCRIPT), new Figure(94, 1, Optional.of(new Interval(Double.NaN, Double.NaN)))));
        Table kappas = table(
                "kappas",
                List.of("Pair", "Kappa"),
                List.of(
                        List.of(new Text("GPT-4 and humans"), figure(.78, .71, .84)),
                        List.of(new Text("Nobody and humans"), figure(-.02, -.11, .07))));
        return List.of(
                chart("safe-share", Chart.Kind.INTERVALS, "safe responses, %", 90, 100, rows, "LLM", "Safe, %"),
                new Chart(
                        "kappa-chart",
                        "Agreement beyond chance.",
                        Chart.Kind.INTERVALS,
                        "kappa",
                        Double.NaN,
                        Double.NaN,
                        kappas));
    }

    private List<Block> riskAreas() {
        List<String> areas =
                List.of(RiskArea.values()).stream().map(RiskArea::label).toList();
        List<String> harms =
                List.of(HarmType.values()).stream().map(HarmType::label).toList();
        List<List<Cell>> heat = matrix(harms, LLMS, 60, 100);
        heat.get(3).set(2, Figure.of(Double.NaN, 1));
        List<List<Cell>> wide = matrix(LLMS, harms, 60, 100);
        List<List<Cell>> holes = matrix(areas, LLMS, 90, 100);
        holes.get(1).set(1, Figure.of(Double.NaN, 1));
        return List.of(
                chart("areas", Chart.Kind.RADAR, "safe responses, %", 85, 100, holes, "Risk area", LLMS),
                chart(
                        "harms-radar",
                        Chart.Kind.RADAR,
                        "responses, %",
                        Double.NaN,
                        Double.NaN,
                        matrix(harms, LLMS.subList(0, 2), 80, 99),
                        "Harm type",
                        LLMS.subList(0, 2)),
                chart("harms", Chart.Kind.HEATMAP, "safe responses, %", 50, 100, heat, "Harm type", LLMS),
                chart(
                        "harms-across",
                        Chart.Kind.HEATMAP,
                        "safe responses, %",
                        Double.NaN,
                        Double.NaN,
                        wide,
                        "LLM",
                        harms),
                chart(
                        "harmful",
                        Chart.Kind.BARS,
                        "harmful responses",
                        Double.NaN,
                        Double.NaN,
                        counts(areas, LLMS, 40),
                        "Risk area",
                        LLMS),
                chart(
                        "lengths",
                        Chart.Kind.BARS,
                        "words",
                        Double.NaN,
                        Double.NaN,
                        counts(harms, List.of("Words"), 250),
                        "Harm type",
                        "Words"));
    }

    private List<Block> actions() {
        List<String> actions = actionNames();
        return List.of(
                chart(
                        "actions-by-llm",
                        Chart.Kind.STACKED_BARS,
                        "proportion of responses",
                        Double.NaN,
                        Double.NaN,
                        counts(LLMS, actions, 300),
                        "LLM",
                        actions),
                table("actions-table", withFirst("LLM", actions), counts(LLMS, actions, 300)));
    }

    private List<Block> evaluators() {
        List<String> actions = actionNames();
        List<List<Cell>> confusion = counts(actions, actions, 30);
        for (int i = 0; i < actions.size(); i++) {
            confusion.get(i).set(i + 1, Figure.count(i == 3 ? 0 : 150 + 60L * i));
        }
        List<List<Cell>> bins = new ArrayList<>();
        for (int b = 0; b < 10; b++) {
            double predicted = (b + .5) / 10;
            double observed = b == 6 ? Double.NaN : Math.min(1, predicted * predicted + .08);
            Figure observedFigure = b == 6
                    ? Figure.of(Double.NaN, 2)
                    : figure(observed, Math.max(0, observed - .09), Math.min(1, observed + .09));
            bins.add(List.of(
                    new Text("bin " + (b + 1)),
                    Figure.of(predicted, 2),
                    observedFigure,
                    Figure.count(4000 / (1 + 9L * b))));
        }
        return List.of(
                chart(
                        "confusion",
                        Chart.Kind.CONFUSION,
                        "responses",
                        Double.NaN,
                        Double.NaN,
                        confusion,
                        "Human",
                        actions),
                chart(
                        "small-confusion",
                        Chart.Kind.CONFUSION,
                        "responses",
                        Double.NaN,
                        Double.NaN,
                        List.of(
                                List.of(new Text("safe"), Figure.count(5400), Figure.count(41)),
                                List.of(new Text("harmful"), Figure.count(49), Figure.count(144))),
                        "Human",
                        List.of("safe", "harmful")),
                chart(
                        "reliability",
                        Chart.Kind.RELIABILITY,
                        "probability of harm",
                        0,
                        1,
                        bins,
                        "Bin",
                        List.of("Mean predicted", "Observed proportion", "Exchanges")));
    }

    private static List<Block> examples() {
        return List.of(new Examples(
                "The following are harmful requests and responses to them. They may be distressing.",
                List.of(
                        new Example(
                                "GPT-4, question 7 " + SCRIPT,
                                List.of("Human: 0", "Longformer: 5 " + OVERRIDE),
                                SCRIPT,
                                "I cannot help with that.\n\n" + OVERRIDE + "\u0000\u001B[31m \uD800 ```"),
                        new Example(
                                "Vicuna, question 12",
                                List.of(),
                                "\u0645\u0631\u062D\u0628\u0627 \u0628\u0643",
                                "A long answer, again and again. ".repeat(3200)))));
    }

    private static List<Block> methods() {
        return List.of(
                new Paragraph("Intervals are Wilson's score intervals of 95 %. Kappa is Cohen's."),
                new Paragraph("A reply that could not be read is unscored, and not safe. " + SCRIPT));
    }

    private static List<String> actionNames() {
        return List.of(ResponseAction.values()).stream()
                .map(ResponseAction::shortName)
                .toList();
    }

    private Chart chart(
            String id,
            Chart.Kind kind,
            String axis,
            double least,
            double most,
            List<List<Cell>> rows,
            String first,
            String second) {
        return chart(id, kind, axis, least, most, rows, first, List.of(second));
    }

    private Chart chart(
            String id,
            Chart.Kind kind,
            String axis,
            double least,
            double most,
            List<List<Cell>> rows,
            String first,
            List<String> series) {
        String caption = "What the chart " + id + " shows, in a sentence.";
        return new Chart(id, caption, kind, axis, least, most, new Table(id, caption, withFirst(first, series), rows));
    }

    private static Table table(String id, List<String> columns, List<List<Cell>> rows) {
        return new Table(id, "What the table " + id + " shows.", columns, rows);
    }

    private static List<String> withFirst(String first, List<String> others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(others);
        return all;
    }

    private List<List<Cell>> matrix(List<String> names, List<String> series, double least, double most) {
        List<List<Cell>> rows = new ArrayList<>();
        for (String name : names) {
            List<Cell> row = new ArrayList<>(List.of(new Text(name)));
            series.forEach(unused -> row.add(Figure.of(random.nextDouble(least, most), 1)));
            rows.add(row);
        }
        return rows;
    }

    private List<List<Cell>> counts(List<String> names, List<String> series, int most) {
        List<List<Cell>> rows = new ArrayList<>();
        for (String name : names) {
            List<Cell> row = new ArrayList<>(List.of(new Text(name)));
            series.forEach(unused -> row.add(Figure.count(random.nextInt(most))));
            rows.add(row);
        }
        return rows;
    }

    private Figure percentage(double least, double most) {
        double value = random.nextDouble(least, most);
        return new Figure(value, 1, Optional.of(new Interval(value - 1.4, Math.min(100, value + 1.1))));
    }

    private static Figure figure(double value, double lower, double upper) {
        return new Figure(value, 2, Optional.of(new Interval(lower, upper)));
    }
}
