package org.donotanswer.harness.analysis;

import static org.donotanswer.harness.analysis.DisplayNames.capitalizedReviewer;
import static org.donotanswer.harness.analysis.DisplayNames.percentage;
import static org.donotanswer.harness.analysis.DisplayNames.reviewer;
import static org.donotanswer.harness.io.NumberFormats.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Example;
import org.donotanswer.harness.report.Report.Examples;
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

/** Builds the report of an analysis. Not thread-safe. */
final class AnalysisReport {
    private final Analysis analysis;
    private final Provenance provenance;
    private final Optional<String> headline;
    private String harmField = "specificHarm";
    private final List<String> notes = new ArrayList<>();
    private final List<Table> costs = new ArrayList<>();
    private final List<String> silent = new ArrayList<>();
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

    /** Adds a paragraph on the data, for example that a run is incomplete. */
    public AnalysisReport note(String text) {
        notes.add(Objects.requireNonNull(text, "text"));
        return this;
    }

    /** Sets how the data call the harm that a question invites. */
    public AnalysisReport harmField(String name) {
        harmField = Objects.requireNonNull(name, "name");
        return this;
    }

    /** Adds a table on which evaluators the exchanges went to, and at what cost. */
    public AnalysisReport cost(Table table) {
        costs.add(Objects.requireNonNull(table, "table"));
        return this;
    }

    /** Adds a sentence on a cascade whose last stage never answered. */
    public AnalysisReport silent(String text) {
        silent.add(Objects.requireNonNull(text, "text"));
        return this;
    }

    /** Adds a table on the data, for example on the agreement of annotators. */
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
        actionReviewer().ifPresent(name -> sections.add(new BehaviourSection(analysis, name).toSection()));
        if (!analysis.agreement().isEmpty()) {
            sections.add(new EvaluatorSection(analysis, silent).toSection());
        }
        if (!costs.isEmpty()) {
            sections.add(cost());
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
        if (!analysis.answers().isEmpty()) {
            sections.add(new AnswersSection(analysis).toSection());
        }
        sections.add(MethodNotes.of(analysis));
        return sections;
    }

    private Section cost() {
        List<Block> blocks = new ArrayList<>();
        silent.forEach(text -> blocks.add(new Paragraph(text)));
        blocks.addAll(costs);
        return new Section("cost", "Evaluators used, and their cost", blocks);
    }

    private SortedMap<Llm, LlmReviews> reviews(String reviewer) {
        return analysis.reviews().getOrDefault(reviewer, Collections.emptySortedMap());
    }

    /** Returns whose labels of actions are shown: the headline reviewer's if it labels actions, otherwise the first that does. */
    private Optional<String> actionReviewer() {
        return headline.filter(this::labelsActions).or(() -> analysis.reviewers().stream()
                .filter(this::labelsActions)
                .findFirst());
    }

    private boolean labelsActions(String reviewer) {
        return reviews(reviewer).values().stream()
                .anyMatch(ofLlm -> ofLlm.actions().values().stream().anyMatch(count -> count > 0));
    }

    /** Returns how many responses there are, and which LLMs are the safest and the least safe. */
    List<KeyFigure> responsesAndSafety() {
        long benign = analysis.responses().values().stream()
                .mapToLong(LlmResponses::benign)
                .sum();
        List<KeyFigure> figures = new ArrayList<>();
        figures.add(new KeyFigure(
                "Responses",
                format("%,d", analysis.exchanges()),
                counted(analysis.llms().size(), "LLM") + ", "
                        + counted(analysis.reviewers().size(), "reviewer")
                        + (benign == 0 ? "" : format("; %,d to benign instructions", benign))));
        headline.map(analysis.safety()::get).ifPresent(safety -> {
            List<RankedItem<Llm>> ranked = safety.ranking().ranked();
            String by = " by " + reviewer(safety.reviewer());
            if (ranked.size() == 1) {
                RankedItem<Llm> only = ranked.get(0);
                figures.add(new KeyFigure(
                        "Safe responses of " + only.item().name() + by,
                        percentage(only.candidate().estimate()),
                        counts(safety, only) + "; "
                                + percentage(only.candidate().interval())));
            } else if (isOneTie(ranked)) {
                figures.add(tie("Safe responses" + by, ranked));
            } else {
                figures.add(rankedLlm("Safest" + by + ": ", safety, ranked.get(0)));
                figures.add(rankedLlm("Least safe" + by + ": ", safety, ranked.get(ranked.size() - 1)));
            }
        });
        return figures;
    }

    private static boolean isOneTie(List<RankedItem<Llm>> ranked) {
        return ranked.stream().allMatch(item -> item.best() == 1 && item.worst() == ranked.size());
    }

    private static KeyFigure tie(String label, List<RankedItem<Llm>> ranked) {
        double least = ranked.get(ranked.size() - 1).candidate().estimate();
        double greatest = ranked.get(0).candidate().estimate();
        return new KeyFigure(
                label,
                least == greatest ? percentage(least) : percentage(new Interval(least, greatest)),
                counted(ranked.size(), "LLM") + ", a tie: all intervals overlap");
    }

    private static KeyFigure rankedLlm(String label, SafetyRanking safety, RankedItem<Llm> ranked) {
        return new KeyFigure(
                label + ranked.item().name(),
                percentage(ranked.candidate().estimate()),
                counts(safety, ranked) + "; " + percentage(ranked.candidate().interval()) + "; rank "
                        + SafetySection.ranks(ranked));
    }

    /** Returns of how many responses which are safe, as not all may have a label. */
    private static String counts(SafetyRanking safety, RankedItem<Llm> ranked) {
        Proportion safe = safety.find(ranked.item()).orElseThrow().safe();
        return format("%,d of %,d", safe.count(), safe.total());
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private Section summary() {
        List<KeyFigure> figures = new ArrayList<>(responsesAndSafety());
        for (EvaluatorAgreement evaluator : analysis.agreement().values()) {
            if (evaluator.harmful().pooled().total() > 0) {
                figures.add(harmfulFound(evaluator));
            }
        }
        long unscored = analysis.reviews().values().stream()
                .flatMap(byLlm -> byLlm.values().stream())
                .mapToLong(ofLlm -> ofLlm.quality().allUnscored())
                .sum();
        String reference = analysis.options().reference();
        List<Paragraph> paragraphs = new ArrayList<>();
        paragraphs.add(new Paragraph(
                analysis.hasReference()
                        ? "Evaluators are measured against " + reviewer(reference)
                                + ", whose labels are taken for the truth."
                        : "There are no reviews by " + reviewer(reference)
                                + ", so percentages are those by evaluators, with unknown errors."));
        if (analysis.safety().containsKey(reference) && !analysis.covers(reference)) {
            Proportion reviewed = analysis.reviewed(reference);
            figures.add(new KeyFigure(
                    "Responses reviewed by " + reviewer(reference),
                    format("%,d of %,d", reviewed.count(), reviewed.total()),
                    "percentages by them apply only to these"));
            paragraphs.add(new Paragraph(partNote(reference, reviewed)));
        }
        if (analysis.harmTypes().isEmpty() && analysis.lengths().count() > 0) {
            paragraphs.add(
                    new Paragraph("The questions have no " + harmField + ", so that there is no breakdown by harm."));
        }
        figures.add(new KeyFigure(
                "Reviews without a label",
                format("%,d", unscored),
                switch (analysis.options().unscoredHandling()) {
                    case LEFT_OUT -> "left out of all scores";
                    case AS_REFUSAL -> "counted as refusals, and as harmless";
                }));
        List<Block> blocks = new ArrayList<>(List.of(new KeyFigures(figures)));
        blocks.addAll(paragraphs);
        return new Section("summary", "Summary", blocks);
    }

    private String partNote(String reference, Proportion reviewed) {
        return format(
                "%s reviewed %,d of %,d responses. Percentages by %s apply only to these, and so do the evaluators' scores. %s",
                capitalizedReviewer(reference),
                reviewed.count(),
                reviewed.total(),
                reviewer(reference),
                analysis.options().randomSample()
                        ? "They are declared a random sample."
                        : "If responses were selected for what they say, they do not represent the others.");
    }

    private KeyFigure harmfulFound(EvaluatorAgreement evaluator) {
        String people = reviewer(analysis.options().reference());
        String label = evaluator.evaluator() + ": harmful responses found";
        ConfusionMatrix<Boolean> matrix = evaluator.harmful().pooled();
        long harmful = matrix.support(true);
        if (harmful == 0) {
            return new KeyFigure(label, "not defined", "no response is harmful by " + people);
        }
        return new KeyFigure(
                label,
                percentage(evaluator.recall().value()),
                format(
                        "%s; of %,d harmful response%s by %s; %s",
                        percentage(evaluator.recall().interval()),
                        harmful,
                        harmful == 1 ? "" : "s",
                        people,
                        matrix.predicted(true) == 0
                                ? "it raised no alarm"
                                : percentage(evaluator.precision().value()) + " of its alarms are right"));
    }

    /** Returns those who labelled harm; a response on whose harm they disagree is harmful by one of them. */
    private String anyReviewer() {
        List<String> names =
                analysis.safety().keySet().stream().map(DisplayNames::reviewer).toList();
        return switch (names.size()) {
            case 1 -> names.get(0);
            case 2 -> names.get(0) + " or " + names.get(1);
            default -> "at least one reviewer";
        };
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
                        new Paragraph("A random selection of the responses that are harmful by " + anyReviewer()
                                + ". Long texts are cut."),
                        new Examples("These texts may be offensive or dangerous. Do not act on them.", examples)));
    }
}
