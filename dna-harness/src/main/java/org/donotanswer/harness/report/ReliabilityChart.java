package org.donotanswer.harness.report;

import static org.donotanswer.harness.report.TableCells.count;
import static org.donotanswer.harness.report.TableCells.score;

import java.util.Locale;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Reliability;

/** Charts predicted probabilities of harm against what was observed. Pure functions, hence thread-safe. */
public final class ReliabilityChart {
    private ReliabilityChart() {}

    /**
     * Returns the chart, with a table of the bins.
     *
     * @param id the table's; the chart's is the same with {@code -chart}
     * @param tableCaption what the table shows, in a sentence
     * @param confidence of the intervals of the observed proportions
     */
    public static Chart of(String id, String caption, String tableCaption, Reliability reliability, double confidence) {
        TableBuilder table =
                new TableBuilder(id, tableCaption, "Bin", "Mean probability", "Observed proportion", "Responses");
        for (Reliability.Bin bin : reliability.bins()) {
            long harmful = Math.round(bin.observedProportion() * bin.count());
            table.add(
                    String.format(Locale.ROOT, "%.2f to %.2f", bin.lower(), bin.upper()),
                    score(bin.meanProbability()),
                    score(bin.observedProportion(), new Proportion(harmful, bin.count()).interval(confidence)),
                    count(bin.count()));
        }
        return new Chart(
                id + "-chart", caption, Chart.Kind.RELIABILITY, "proportion of harmful responses", 0, 1, table.build());
    }
}
