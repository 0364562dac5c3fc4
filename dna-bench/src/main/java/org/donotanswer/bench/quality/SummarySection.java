package org.donotanswer.bench.quality;

import static org.donotanswer.harness.io.NumberFormats.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.bench.crossvalidation.EvaluatorReport;
import org.donotanswer.bench.crossvalidation.Protocol;
import org.donotanswer.bench.quality.RegressionFigures.Subset;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.KeyFigure;
import org.donotanswer.harness.report.Report.KeyFigures;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.metrics.Proportion;

/** Lays out the figures that a user cares about, and what is missed. */
final class SummarySection {
    /** Fewer harmful responses say too little to single their kind out. */
    private static final int MIN_HARMFUL = 10;

    /** What the model does not read. */
    private static final Set<String> CIPHERS = Set.of(Evasion.BASE64.label(), EvasionFigures.TRANSLATION);

    private final QualityReport report;
    private final List<KeyFigure> figures = new ArrayList<>();

    SummarySection(QualityReport report) {
        this.report = report;
    }

    Section toSection() {
        report.leftOut().ifPresent(this::addLeftOut);
        report.protocols().forEach(this::addBenchmark);
        report.regression().ifPresent(this::addRegression);
        addEvasions();
        report.speed()
                .ifPresent(speed -> figures.add(new KeyFigure(
                        "Speed and size",
                        format(
                                "%,.0f exchanges a second on one thread",
                                speed.speed().perSecond()),
                        format(
                                "p99 %.0f us, model %.1f MB, create() %.0f ms",
                                speed.speed().p99Micros(), megabytes(speed), speed.createMillis()))));
        List<Block> blocks = new ArrayList<>(List.of(new KeyFigures(figures)));
        missed().ifPresent(text -> blocks.add(new Paragraph(text)));
        return new Section("summary", "In short", blocks);
    }

    private void addLeftOut(LeftOutFigures leftOut) {
        leftOut.peopleMean()
                .ifPresent(mean -> figures.add(new KeyFigure(
                        "Sources left out, labelled by people",
                        "AUC " + mean.auc().describe(),
                        format(
                                "mean of sources: F1 %.3f at .5, %.3f at each source's best threshold; %s of harmful responses"
                                        + " found, %s of flagged ones harmful; calibration error %.3f",
                                mean.f1().value(),
                                mean.bestF1().value(),
                                percent(mean.recall().value()),
                                percent(mean.precision().value()),
                                mean.calibrationError().value()))));
        addFalseAlarms("Everyday exchanges flagged", leftOut.everyday());
        addFalseAlarms("Harmless exchanges with alarming words flagged", leftOut.alarmingWords());
    }

    private void addFalseAlarms(String name, Proportion flagged) {
        if (flagged.total() > 0) {
            figures.add(new KeyFigure(
                    name,
                    percent(flagged.value()),
                    format("%,d of %,d, their sources left out", flagged.count(), flagged.total())));
        }
    }

    /** The model under test comes first, then the published evaluators. */
    private void addBenchmark(Protocol protocol, Map<String, EvaluatorReport> evaluators) {
        List<String> others = evaluators.entrySet().stream()
                .skip(1)
                .map(other -> format(
                        "%s %.3f",
                        other.getKey(), other.getValue().harmful().pooled().f1()))
                .toList();
        EvaluatorReport model = evaluators.values().iterator().next();
        figures.add(new KeyFigure(
                "Benchmark, " + protocol.id(),
                format("F1 of harmful responses %.3f", model.harmful().pooled().f1()),
                format(
                        "macro F1 %.3f of harm, %.3f of actions; the published evaluators: F1 %s",
                        model.harmful().task().mean().f1(),
                        model.action().task().mean().f1(),
                        String.join(", ", others))));
    }

    private void addRegression(RegressionFigures regression) {
        BinaryFigures harm = regression.harm();
        figures.add(new KeyFigure(
                "Regression set",
                percent(harm.recall().value()) + " of harmful responses found",
                format(
                        "%s of harmless ones flagged, many of which have alarming words; %s found at 5 %% false alarms; AUC %.3f",
                        percent(harm.falsePositiveRate().value()),
                        percent(harm.recallAtFewFalseAlarms().value()),
                        harm.auc().value())));
        figures.add(new KeyFigure(
                "Refusals in the regression set",
                format("F1 %.3f", regression.refusal().f1().value()),
                format("AUC %.3f", regression.refusal().auc().value())));
    }

    private void addEvasions() {
        report.evasions().stream()
                .filter(each -> !CIPHERS.contains(each.evasion()))
                .min(Comparator.comparingDouble(each -> each.recall().difference()))
                .ifPresent(worst -> figures.add(new KeyFigure(
                        "Evasion that costs most, save for those not read",
                        worst.evasion(),
                        format(
                                "%s of harmful responses found instead of %s",
                                percent(worst.recall().first()),
                                percent(worst.recall().second())))));
    }

    /** Says what is missed most. */
    private Optional<String> missed() {
        List<String> sentences = new ArrayList<>();
        report.leftOut().ifPresent(leftOut -> leftOut.peopleMean().ifPresent(mean -> {
            SourceFigures worst = leftOut.sources().stream()
                    .filter(source ->
                            source.isLabelledByPeople() && source.harm().isPresent())
                    .min(Comparator.comparingDouble(SummarySection::recall))
                    .orElseThrow();
            sentences.add(format(
                    "On sources that people labelled, %s of harmful responses are missed, most in %s (%s).",
                    percent(1 - mean.recall().value()), worst.source(), percent(1 - recall(worst))));
        }));
        report.regression().ifPresent(regression -> {
            sentences.add(format(
                    "In the regression set, %s are missed.",
                    percent(1 - regression.harm().recall().value())));
            worst(regression.byHarmType())
                    .ifPresent(worst -> sentences.add(format(
                            "The harm type missed most is %s (%s).", words(worst.name()), missed(worst.found()))));
            worst(regression.byForm())
                    .ifPresent(worst -> sentences.add(
                            format("The form missed most is %s (%s).", words(worst.name()), missed(worst.found()))));
        });
        report.evasions().stream()
                .filter(each -> CIPHERS.contains(each.evasion()))
                .forEach(unread -> sentences.add(format(
                        "After %s, %s are missed%s.",
                        unread.evasion(),
                        missed(unread.found()),
                        unread.unscoredHarmful() == 0
                                ? ""
                                : "; " + unread.unscoredHarmful()
                                        + " of these are not scored, and a guard's policy decides about them")));
        return sentences.isEmpty() ? Optional.empty() : Optional.of("What is missed: " + String.join(" ", sentences));
    }

    private static double recall(SourceFigures source) {
        return source.harm().orElseThrow().recall().value();
    }

    private static Optional<Subset> worst(List<Subset> subsets) {
        return subsets.stream()
                .filter(subset -> subset.found().total() >= MIN_HARMFUL)
                .min(Comparator.comparingDouble(subset -> subset.found().value()));
    }

    private static String missed(Proportion found) {
        Proportion missed = found.complement();
        return missed.count() + " of " + missed.total();
    }

    /** Returns the name of a constant or a form in words. */
    static String words(String name) {
        return name.replace('_', ' ').toLowerCase(Locale.ROOT);
    }

    static double megabytes(SpeedFigures speed) {
        return speed.modelBytes().values().stream().mapToInt(Integer::intValue).sum() / 1e6;
    }

    private static String percent(double proportion) {
        return format("%.1f %%", 100 * proportion);
    }
}
