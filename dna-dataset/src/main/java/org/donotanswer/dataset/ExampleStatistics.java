package org.donotanswer.dataset;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Multimaps;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.donotanswer.dataset.SourceStatistics.FlagCounts;

/**
 * Counts and lengths of labelled examples by source. Immutable, hence thread-safe.
 *
 * @param bySource the statistics of each source, sorted by its name
 * @param total the statistics of all examples
 */
public record ExampleStatistics(SortedMap<String, SourceStatistics> bySource, SourceStatistics total) {
    private static final int MAX_SHOWN_NAMES = 2;
    private static final double MEDIAN = 50;
    private static final List<String> HEADER = List.of(
            "source",
            "examples",
            "responses",
            "harmful 1/0",
            "refusal 1/0",
            "risky 1/0",
            "words of instruction",
            "of response",
            "LLMs",
            "labelled by",
            "licence");
    /** The columns from this one on are texts, aligned to the left as the first one is. */
    private static final int FIRST_TEXT_COLUMN = 9;

    /** Copies the map. */
    public ExampleStatistics {
        bySource = ImmutableSortedMap.copyOfSorted(bySource);
        Objects.requireNonNull(total, "total");
    }

    static ExampleStatistics of(List<LabelledExample> examples) {
        ImmutableSortedMap.Builder<String, SourceStatistics> bySource = ImmutableSortedMap.naturalOrder();
        Multimaps.asMap(Multimaps.index(examples, LabelledExample::source))
                .forEach((source, members) -> bySource.put(source, SourceStatistics.of(members)));
        return new ExampleStatistics(bySource.build(), SourceStatistics.of(examples));
    }

    /**
     * Returns a table for people to read, with a line for each source and one for all. Lengths are medians. It holds names of
     * sources, LLMs and licences, but no texts.
     */
    public String describe() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        bySource.forEach((source, statistics) -> rows.add(row(source, statistics)));
        rows.add(row("all", total));
        int[] widths = IntStream.range(0, HEADER.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
    }

    private static List<String> row(String name, SourceStatistics statistics) {
        return List.of(
                name,
                Integer.toString(statistics.examples()),
                Integer.toString(statistics.exchanges()),
                flags(statistics.harmful()),
                flags(statistics.refusal()),
                flags(statistics.instructionRisky()),
                median(statistics.instructionWords()),
                median(statistics.responseWords()),
                Integer.toString(statistics.llms().size()),
                names(statistics.labelledBy()),
                names(statistics.licences()));
    }

    private static String flags(FlagCounts counts) {
        return counts.yes() + counts.no() == 0 ? "-" : counts.yes() + "/" + counts.no();
    }

    private static String median(WordCounts counts) {
        return counts.count() == 0 ? "-" : String.format(Locale.ROOT, "%.0f", counts.percentile(MEDIAN));
    }

    /** Returns the most frequent names and how many more there are. */
    private static String names(SortedMap<String, Integer> counts) {
        String shown = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_SHOWN_NAMES)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        return counts.size() > MAX_SHOWN_NAMES ? shown + " and " + (counts.size() - MAX_SHOWN_NAMES) + " more" : shown;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            boolean isText = column == 0 || column >= FIRST_TEXT_COLUMN;
            line.append(
                            isText
                                    ? Strings.padEnd(row.get(column), widths[column], ' ')
                                    : Strings.padStart(row.get(column), widths[column], ' '))
                    .append("  ");
        }
        return line.toString().stripTrailing() + "\n";
    }
}
