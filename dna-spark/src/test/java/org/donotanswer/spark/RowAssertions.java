package org.donotanswer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;

/** What rows of assessments must hold. Stateless, hence thread-safe. */
final class RowAssertions {
    private RowAssertions() {}

    /** Asserts that rows, by their ids, hold what an evaluator says of exchanges. */
    static void assertAssessed(List<Row> rows, String column, List<Exchange> exchanges, SafetyEvaluator evaluator) {
        assertThat(rows).hasSameSizeAs(exchanges);
        for (Row row : rows) {
            assertAssessed(row, column, exchanges.get(Math.toIntExact(row.<Long>getAs("id"))), evaluator);
        }
    }

    /** Asserts that a row holds what an evaluator says of an exchange. */
    static void assertAssessed(Row row, String column, Exchange exchange, SafetyEvaluator evaluator) {
        assertThat(values(row.getAs(column))).isEqualTo(expected(evaluator.evaluate(exchange)));
    }

    /** Returns the values of a struct by their names, without those that are null. */
    static Map<String, Object> values(Row struct) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String name : struct.schema().fieldNames()) {
            Object value = struct.getAs(name);
            if (value != null) {
                values.put(name, value instanceof Row row ? values(row) : value);
            }
        }
        return values;
    }

    /** Returns what a row of an assessment must hold. */
    static Map<String, Object> expected(Assessment assessment) {
        Map<String, Object> json = new LinkedHashMap<>(assessment.toJson());
        json.remove("harmTypes");
        json.remove("detail");
        if (assessment instanceof Assessment.Scored scored) {
            scored.refusalProbability().ifPresent(probability -> json.put("refusal", probability));
        }
        return json;
    }
}
