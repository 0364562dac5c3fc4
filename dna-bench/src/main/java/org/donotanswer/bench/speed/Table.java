package org.donotanswer.bench.speed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A table that is shown as aligned text or as Markdown. Immutable, hence thread-safe. */
record Table(List<String> header, List<List<String>> rows) {
    Table {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        int columns = header.size();
        if (rows.stream().anyMatch(row -> row.size() != columns)) {
            throw new IllegalArgumentException("rows must have " + columns + " cells, but were others");
        }
    }

    String toMarkdown() {
        StringBuilder text = new StringBuilder(row(header));
        text.append(row(Collections.nCopies(header.size(), "---")));
        rows.forEach(row -> text.append(row(row)));
        return text.toString();
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /** Returns columns two spaces apart, the first flush left and the others flush right. */
    String toText() {
        List<List<String>> lines = new ArrayList<>(List.of(header));
        lines.addAll(rows);
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            for (int column = 0; column < header.size(); column++) {
                int at = column;
                int width = lines.stream()
                        .mapToInt(each -> each.get(at).length())
                        .max()
                        .orElse(0);
                String padding = " ".repeat(width - line.get(column).length());
                text.append(column == 0 ? line.get(column) + padding : "  " + padding + line.get(column));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Returns a figure, or a dash for NaN. */
    static String figure(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}
