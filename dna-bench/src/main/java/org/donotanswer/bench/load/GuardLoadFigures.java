package org.donotanswer.bench.load;

import static java.util.stream.Collectors.joining;
import static org.donotanswer.harness.io.NumberFormats.count;
import static org.donotanswer.harness.io.NumberFormats.format;
import static org.donotanswer.harness.report.TableCells.text;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.bench.speed.Machine;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.TableBuilder;

/**
 * Guards under load. Immutable, hence thread-safe.
 *
 * @param source where the exchanges come from
 * @param settings how it was measured
 * @param waitingBytes the heap of a call that waits in a guard, beside its texts, in bytes
 * @param judges the guards by judge
 */
@JsonPropertyOrder({"source", "settings", "waitingBytes", "judges"})
public record GuardLoadFigures(String source, LoadSettings settings, double waitingBytes, List<JudgeLoad> judges) {
    /** Copies the list. */
    public GuardLoadFigures {
        judges = List.copyOf(judges);
    }

    /** Returns the figures as tables. */
    public Report toReport(Provenance provenance) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("conditions", "Conditions", List.copyOf(conditions())));
        for (JudgeLoad judge : judges) {
            sections.add(section(judge));
        }
        return new Report("Guards under load", Machine.describe(), sections, provenance);
    }

    private List<Paragraph> conditions() {
        return List.of(
                new Paragraph(format(
                        "Exchanges: %s. Arrivals are a Poisson process (seed %d) and never wait for the guard. Latencies count from"
                                + " when a call was due, in milliseconds, and include the wake-up of its caller. %s s for each rate;"
                                + " medians over %d repetitions, with least and greatest in brackets. A percentile of too few"
                                + " calls is left out.",
                        source, settings.seed(), seconds(1), settings.repetitions())),
                new Paragraph(format(
                        "Overload: %s s at %d %% of the saturating rate, %s s of overload, %s s at %d %%. Latencies are back when"
                                + " the 99th percentile of %s s is at most twice that of before. A call that waits in a"
                                + " guard holds %,.0f bytes beside its texts.",
                        seconds(1),
                        GuardLoadBenchmark.CALM_PERCENT,
                        seconds(1),
                        seconds(GuardLoadBenchmark.AFTER),
                        GuardLoadBenchmark.CALM_PERCENT,
                        format("%.1f", settings.slotLength().toMillis() / 1e3),
                        waitingBytes)));
    }

    private String seconds(int durations) {
        return format("%.0f", durations * settings.millis() / 1e3);
    }

    private static Section section(JudgeLoad load) {
        String id = load.judge().replaceAll("[^a-z0-9]+", "-");
        List<Block> blocks = List.of(
                new Paragraph(format(
                        "Evaluates on %s, for %,d callers. Saturating rates: %s checks/s, and %s chunks/s of %d streams, %d chars"
                                + " each; %,d were refused meanwhile, and do not count.",
                        load.evaluatesOn(),
                        load.callers(),
                        load.saturatingChecks().toText(),
                        load.saturatingChunks().toText(),
                        load.openStreams(),
                        StreamWorkload.CHUNK_CHARS,
                        load.saturatingRefused())),
                levels("checks-" + id, "Checks: time until the verdict.", load.checks()),
                levels("releases-" + id, "Streams: time from a chunk to the release that it causes.", load.releases()),
                overload("overload-" + id, load.overload()));
        return new Section("judge-" + id, load.evaluator(), blocks);
    }

    private static Table levels(String id, String caption, List<LoadRow> rows) {
        TableBuilder table = new TableBuilder(
                id, caption, "Load", "a second", "p50", "p99", "p99.9", "Maximum", "Wake-up", "Ends", "Unchecked");
        for (LoadRow row : rows) {
            table.add(
                    row.percent() + " %",
                    text(row.perSecond().toText()),
                    text(row.p50().toText()),
                    text(row.p99().toText()),
                    text(row.p999().toText()),
                    text(row.max().toText()),
                    text(row.wakeUpP50().toText()),
                    text(count(row.ends())),
                    text(count(row.unchecked())));
        }
        return table.build();
    }

    /** One column for each rate, as there are many figures. */
    private static Table overload(String id, List<OverloadRow> rows) {
        List<String> titles = rows.stream()
                .map(row -> row.percent() + " % of the saturating rate")
                .toList();
        TableBuilder table = new TableBuilder(id, "Overload: checks that were due during it.", "", titles);
        for (OverloadLine line : OverloadLine.values()) {
            table.add(
                    line.title(),
                    rows.stream().map(row -> text(line.value(row))).toList());
        }
        return table.build();
    }

    /** A line of the table of overload. Immutable, hence thread-safe. */
    private enum OverloadLine {
        CALLS("Calls"),
        CHECKED("Checked, %"),
        REASONS("Not checked"),
        RELEASED("Released without a check"),
        CHECKED_50("Checked after: p50"),
        CHECKED_99("Checked after: p99"),
        REFUSED_50("Refused after: p50"),
        REFUSED_99("Refused after: p99"),
        BACKLOG("Most waiting for a caller"),
        WAITING("Most waiting in the guard"),
        WASTED("Evaluations of calls that were not checked, %"),
        RECOVERY("Seconds until latencies are back"),
        NOT_RECOVERED("Repetitions in which they were not");

        private final String title;

        OverloadLine(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        String value(OverloadRow row) {
            return switch (this) {
                case CALLS -> count(row.calls());
                case CHECKED -> percent(row.checked()).toText();
                case REASONS ->
                    row.reasons().isEmpty()
                            ? "0"
                            : row.reasons().entrySet().stream()
                                    .map(entry -> count(entry.getValue()) + " " + entry.getKey())
                                    .collect(joining(", "));
                case RELEASED -> count(row.releasedUnchecked());
                case CHECKED_50 -> row.checkedP50().toText();
                case CHECKED_99 -> row.checkedP99().toText();
                case REFUSED_50 -> row.refusedP50().toText();
                case REFUSED_99 -> row.refusedP99().toText();
                case BACKLOG -> row.maxBacklog().toText();
                case WAITING -> row.maxWaiting().toText();
                case WASTED -> percent(row.wasted()).toText();
                case RECOVERY -> row.recoverySeconds().toText();
                case NOT_RECOVERED -> count(row.notRecovered());
            };
        }

        private static RepetitionSpread percent(RepetitionSpread share) {
            return new RepetitionSpread(100 * share.median(), 100 * share.min(), 100 * share.max());
        }
    }
}
