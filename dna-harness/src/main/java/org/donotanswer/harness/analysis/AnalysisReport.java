package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.reviewer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Example;
import org.donotanswer.harness.report.Report.KeyFigure;
import org.donotanswer.harness.report.Report.KeyFigures;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Ranking.RankedItem;
import org.donotanswer.taxonomy.HarmType;

/** Builds the report of an analysis. Not thread-safe; what it builds is. */
public final class AnalysisReport {
    private final Analysis analysis;
    private final Provenance provenance;
    private final Optional<String> headline;
    private final List<String> notes = new ArrayList<>();
    private final List<Table> costs = new ArrayList<>();
    private final List<Table> data = new ArrayList<>();

    private AnalysisReport(Analysis analysis, Provenance provenance) {
        this.analysis = Objects.requireNonNull(analysis, "analysis");
        this.provenance = Objects.requireNonNull(provenance, "provenance");
        this.headline = HeadlineReviewer.of(analysis);
    }

    /** Returns a builder of the report of an analysis. */
    public static AnalysisReport of(Analysis analysis, Provenance provenance) {
        return new AnalysisReport(analysis, provenance);
    }

    /** Adds a paragraph on the data, such as what a run lacks. */
    public AnalysisReport note(String text) {
        notes.add(Objects.requireNonNull(text, "text"));
        return this;
    }

    /** Adds a table on which evaluators exchanges went to, and what it cost. */
    public AnalysisReport cost(Table table) {
        costs.add(Objects.requireNonNull(table, "table"));
        return this;
    }

    /** Adds a table on the data, such as how far annotators agree. */
    public AnalysisReport data(Table table) {
        data.add(Objects.requireNonNull(table, "table"));
        return this;
    }

    /**
     * Returns the report.
     *
     * @param subtitle more about it, on one line; may be empty
     */
    public Report build(String title, String subtitle) {
        return new Report(title, subtitle, sections(), provenance);
    }

    List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        sections.add(summary());
        headline.ifPresent(name -> sections.add(new SafetySection(analysis, name).toSection()));
        actionReviewer().ifPresent(name -> sections.add(new BehaviourSection(name, reviews(name)).toSection()));
        if (!analysis.agreement().isEmpty()) {
            sections.add(new EvaluatorSection(analysis).toSection());
        }
        if (!costs.isEmpty()) {
            sections.add(new Section("cost", "Where answers went, and what it cost", List.copyOf(costs)));
        }
        sections.add(new LengthSection(analysis, actionReviewer()).toSection());
        QualitySection quality = new QualitySection(analysis);
        if (quality.hasBenign()) {
            sections.add(quality.overRefusal());
        }
        sections.add(quality.toSection(notes, data));
        if (!analysis.examples().isEmpty()) {
            sections.add(examples());
        }
        sections.add(MethodNotes.of(analysis));
        return sections;
    }

    private SortedMap<Llm, LlmReviews> reviews(String reviewer) {
        return analysis.reviews().getOrDefault(reviewer, Collections.emptySortedMap());
    }

    /** Returns by whom actions are shown: as safety is, if that reviewer judges actions, or else the first that does. */
    private Optional<String> actionReviewer() {
        return headline.filter(this::judgesActions).or(() -> analysis.reviewers().stream()
                .filter(this::judgesActions)
                .findFirst());
    }

    private boolean judgesActions(String reviewer) {
        return reviews(reviewer).values().stream()
                .anyMatch(ofLlm -> ofLlm.actions().values().stream().anyMatch(count -> count > 0));
    }

    /** Returns how many answers there are, and who is safest and least safe, if anyone is. */
    List<KeyFigure> answersAndSafety() {
        long benign = analysis.answers().values().stream()
                .mapToLong(LlmResponses::benign)
                .sum();
        List<KeyFigure> figures = new ArrayList<>();
        figures.add(new KeyFigure(
                "Answers",
                String.format(Locale.ROOT, "%,d", analysis.exchanges()),
                counted(analysis.llms().size(), "LLM") + ", "
                        + counted(analysis.reviewers().size(), "reviewer")
                        + (benign == 0 ? "" : String.format(Locale.ROOT, "; %,d to benign instructions", benign))));
        headline.map(analysis.safety()::get).ifPresent(safety -> {
            List<RankedItem<Llm>> places = safety.ranking().ranked();
            String by = " by " + reviewer(safety.reviewer());
            if (places.size() == 1) {
                RankedItem<Llm> only = places.get(0);
                figures.add(new KeyFigure(
                        "Safe share of " + only.item().name() + by,
                        DisplayNames.percentage(only.candidate().estimate()),
                        DisplayNames.percentage(only.candidate().interval())));
            } else if (isOneTie(places)) {
                figures.add(tie("Safe shares" + by, places));
            } else {
                figures.add(place("Safest" + by + ": ", places.get(0)));
                figures.add(place("Least safe" + by + ": ", places.get(places.size() - 1)));
            }
        });
        return figures;
    }

    private static boolean isOneTie(List<RankedItem<Llm>> places) {
        return places.stream().allMatch(place -> place.best() == 1 && place.worst() == places.size());
    }

    private static KeyFigure tie(String label, List<RankedItem<Llm>> places) {
        double least = places.get(places.size() - 1).candidate().estimate();
        double greatest = places.get(0).candidate().estimate();
        return new KeyFigure(
                label,
                least == greatest
                        ? DisplayNames.percentage(least)
                        : DisplayNames.percentage(new Interval(least, greatest)),
                counted(places.size(), "LLM") + ", not told apart: their intervals overlap");
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private Section summary() {
        List<KeyFigure> figures = new ArrayList<>(answersAndSafety());
        for (EvaluatorAgreement evaluator : analysis.agreement().values()) {
            if (evaluator.harmful().pooled().total() > 0) {
                figures.add(harmfulFound(evaluator));
            }
        }
        long unscored = analysis.reviews().values().stream()
                .flatMap(byLlm -> byLlm.values().stream())
                .mapToLong(ofLlm -> ofLlm.quality().allUnscored())
                .sum();
        if (isPartlyJudged()) {
            Proportion judged = analysis.judged(analysis.options().reference());
            figures.add(new KeyFigure(
                    "Judged by " + reviewer(analysis.options().reference()),
                    String.format(Locale.ROOT, "%,d of %,d answers", judged.count(), judged.total()),
                    "shares by them hold for these alone"));
        }
        figures.add(new KeyFigure(
                "Reviews without a label", String.format(Locale.ROOT, "%,d", unscored), unscoredHandling()));
        List<Block> blocks = new ArrayList<>(List.of(new KeyFigures(figures)));
        blocks.add(new Paragraph(referenceNote()));
        if (isPartlyJudged()) {
            blocks.add(new Paragraph(partNote()));
        }
        return new Section("summary", "Summary", blocks);
    }

    private String unscoredHandling() {
        return switch (analysis.options().unscoredHandling()) {
            case LEFT_OUT -> "left out of all figures";
            case AS_REFUSAL -> "counted as refusals, and as harmless";
        };
    }

    private String referenceNote() {
        String reference = analysis.options().reference();
        return analysis.hasReference()
                ? "Evaluators are measured against " + reviewer(reference) + ", whose labels are taken for the truth."
                : "There are no reviews by " + reviewer(reference)
                        + ", so that shares are those that evaluators give, with errors that are not known.";
    }

    private KeyFigure harmfulFound(EvaluatorAgreement evaluator) {
        String people = reviewer(analysis.options().reference());
        String label = evaluator.evaluator() + ": harmful answers found";
        ConfusionMatrix<Boolean> matrix = evaluator.harmful().pooled();
        long harmful = matrix.support(true);
        if (harmful == 0) {
            return new KeyFigure(label, "not defined", "no answer is harmful by " + people);
        }
        return new KeyFigure(
                label,
                DisplayNames.percentage(evaluator.recall().value()),
                String.format(
                        Locale.ROOT,
                        "%s; of %,d harmful answer%s by %s; %s",
                        DisplayNames.percentage(evaluator.recall().interval()),
                        harmful,
                        harmful == 1 ? "" : "s",
                        people,
                        matrix.truePositives(true) + matrix.falsePositives(true) == 0
                                ? "it gave no alarm"
                                : DisplayNames.percentage(evaluator.precision().value()) + " of its alarms are right"));
    }

    /** Returns whether the reference judged the harm of some answers, but of too few to stand for all. */
    private boolean isPartlyJudged() {
        String reference = analysis.options().reference();
        return analysis.safety().containsKey(reference) && !analysis.covers(reference);
    }

    private String partNote() {
        String reference = analysis.options().reference();
        Proportion judged = analysis.judged(reference);
        return String.format(
                Locale.ROOT,
                "%s judged %,d of %,d answers. Shares by %s hold for these alone, and so do the evaluators' scores. %s",
                DisplayNames.capitalizedReviewer(reference),
                judged.count(),
                judged.total(),
                reviewer(reference),
                analysis.options().randomSample()
                        ? "They were said to be a random sample."
                        : "Where answers were picked for what they say, they tell nothing of the others.");
    }

    private static KeyFigure place(String label, RankedItem<Llm> place) {
        return new KeyFigure(
                label + place.item().name(),
                DisplayNames.percentage(place.candidate().estimate()),
                DisplayNames.percentage(place.candidate().interval()) + "; rank " + SafetySection.ranks(place));
    }

    private Section examples() {
        List<Example> examples = analysis.examples().stream()
                .map(exchange -> new Example(
                        exchange.llm().name() + ", " + exchange.id()
                                + exchange.harmType()
                                        .map(HarmType::shortName)
                                        .map(name -> ", " + name)
                                        .orElse(""),
                        exchange.reviews().entrySet().stream()
                                .map(review -> review.getKey() + ": "
                                        + review.getValue().describe())
                                .toList(),
                        exchange.exchange().instruction(),
                        exchange.exchange().response()))
                .toList();
        return new Section(
                "examples",
                "Examples",
                List.of(
                        new Paragraph("A random few of the answers that are harmful by "
                                + reviewer(analysis.options().reference())
                                + ", or on whose harm reviewers disagree. Long texts are cut."),
                        new Report.Examples(
                                "These texts may be offensive or dangerous. Do not act on them.", examples)));
    }
}
