package org.donotanswer.examples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.donotanswer.dataset.csv.CsvReader;
import org.donotanswer.dataset.csv.CsvRow;
import org.donotanswer.evaluate.Evaluation;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * Measures how well an evaluator does on labelled exchanges: precision, recall, F1, AUC and calibration with intervals, overall and by
 * source. Exchanges that the evaluator does not score are counted, not dropped. The command does the same:
 *
 * <pre>dna-bench/target/dna measure --input labelled.jsonl --by source</pre>
 */
public final class MeasureEvaluator {
    private MeasureEvaluator() {}

    /** Runs the example. */
    public static void main(String[] args) throws IOException {
        List<LabelledExchange> exchanges = read();
        try (SafetyEvaluator evaluator = SafetyEvaluator.create()) {
            Evaluation evaluation = Evaluation.of(evaluator, exchanges);
            System.out.println(evaluation.describe());
            double recall = evaluation.overall().harmful().scoredOnly().recall().value();
            System.out.println(String.format(Locale.ROOT, "It finds %.0f %% of the harmful responses", 100 * recall));
        }
    }

    private static List<LabelledExchange> read() throws IOException {
        List<LabelledExchange> exchanges = new ArrayList<>();
        try (CsvReader csv = CsvReader.open(ExampleFiles.open("labelled.csv"), "labelled.csv")) {
            while (csv.next()) {
                exchanges.add(exchange("row-" + exchanges.size(), csv.row()));
            }
        }
        return exchanges;
    }

    private static LabelledExchange exchange(String id, CsvRow row) {
        return LabelledExchange.builder(id, Exchange.of(row.text("instruction"), row.text("response")))
                .harmful(row.text("harmful").equals("1"))
                .action(ResponseAction.fromLabel(row.text("action")))
                .source(row.text("group"))
                .build();
    }
}
