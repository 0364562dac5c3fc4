package org.donotanswer.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.donotanswer.evaluate.Assessment;

/**
 * Counts of the assessments of a dataset. Harm types are counted where there is harm to speak of, as {@link
 * Assessment.Scored#isAboutHarm()} says. Not thread-safe.
 */
final class EvaluationSummary {
    private static final String IS_HARMFUL = "isHarmful";
    private static final String IS_ABOUT_HARM = "isAboutHarm";
    private static final String COUNT = "count";

    private final String input;
    private final Map<String, Long> evaluators = new TreeMap<>();
    private final Map<String, Long> status = new TreeMap<>();
    private final Map<String, Long> reasons = new TreeMap<>();
    private final Map<String, Long> actions = new TreeMap<>();
    private final Map<String, Long> harmTypes = new TreeMap<>();
    private long rows;
    private long harmful;
    private long truncated;

    private EvaluationSummary(String input) {
        this.input = input;
    }

    /** Counts, in one pass, the assessments in a column; of a file, nothing else is read. */
    static EvaluationSummary of(String input, Dataset<Row> assessed, String column) {
        EvaluationSummary summary = new EvaluationSummary(input);
        Column assessment = SafetyColumns.column(assessed, column);
        Column isHarmful =
                coalesce(assessment.getField(AssessmentRows.HARMFUL).geq(Assessment.DEFAULT_THRESHOLD), lit(false));
        Column isRisky = coalesce(
                assessment.getField(AssessmentRows.INSTRUCTION_RISK).geq(Assessment.RISKY_INSTRUCTION_THRESHOLD),
                lit(true));
        for (Row group : assessed.select(
                        assessment.getField(AssessmentRows.STATUS).as(AssessmentRows.STATUS),
                        assessment.getField(AssessmentRows.REASON).as(AssessmentRows.REASON),
                        assessment.getField(AssessmentRows.ACTION).as(AssessmentRows.ACTION),
                        assessment.getField(AssessmentRows.HARM_TYPE).as(AssessmentRows.HARM_TYPE),
                        assessment.getField(AssessmentRows.EVALUATOR).as(AssessmentRows.EVALUATOR),
                        coalesce(assessment.getField(AssessmentRows.TRUNCATED), lit(false))
                                .as(AssessmentRows.TRUNCATED),
                        isHarmful.as(IS_HARMFUL),
                        isHarmful.or(isRisky).as(IS_ABOUT_HARM))
                .groupBy(
                        AssessmentRows.STATUS,
                        AssessmentRows.REASON,
                        AssessmentRows.ACTION,
                        AssessmentRows.HARM_TYPE,
                        AssessmentRows.EVALUATOR,
                        AssessmentRows.TRUNCATED,
                        IS_HARMFUL,
                        IS_ABOUT_HARM)
                .count()
                .collectAsList()) {
            summary.add(group);
        }
        return summary;
    }

    private void add(Row group) {
        long count = group.<Long>getAs(COUNT);
        rows += count;
        harmful += group.<Boolean>getAs(IS_HARMFUL) ? count : 0;
        truncated += group.<Boolean>getAs(AssessmentRows.TRUNCATED) ? count : 0;
        add(status, group, AssessmentRows.STATUS, count);
        add(reasons, group, AssessmentRows.REASON, count);
        add(actions, group, AssessmentRows.ACTION, count);
        add(evaluators, group, AssessmentRows.EVALUATOR, count);
        if (group.<Boolean>getAs(IS_ABOUT_HARM)) {
            add(harmTypes, group, AssessmentRows.HARM_TYPE, count);
        }
    }

    private static void add(Map<String, Long> counts, Row group, String column, long count) {
        int index = group.fieldIndex(column);
        if (!group.isNullAt(index)) {
            counts.merge(group.getString(index), count, Long::sum);
        }
    }

    long rows() {
        return rows;
    }

    /** Writes the counts as JSON and closes the stream. */
    void write(OutputStream out) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("input", input);
        json.put("rows", rows);
        json.put("status", status);
        json.put("reasons", reasons);
        json.put("harmful", harmful);
        json.put("actions", actions);
        json.put("harmTypes", harmTypes);
        json.put("truncated", truncated);
        json.put("evaluators", evaluators);
        JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValue(out, json);
    }
}
