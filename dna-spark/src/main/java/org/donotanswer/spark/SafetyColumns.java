package org.donotanswer.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.donotanswer.internal.NameSuggestion;

/**
 * Evaluates the exchanges of a dataset, one per row, and adds a column with their assessments. Works on streaming datasets, too.
 *
 * <p>The column is a struct: {@code status} ({@code SCORED} or {@code UNSCORED}), {@code reason} (of what is unscored, a
 * constant of {@link org.donotanswer.evaluate.UnscoredReason}), {@code harmful}, {@code refusal} (the {@linkplain
 * org.donotanswer.evaluate.Assessment.Scored#refusalProbability() probability of a refusal}), {@code action}, {@code actions} (a
 * struct with the probability of each), {@code instructionRisk}, {@code harmType}, {@code truncated} and {@code evaluator} (its
 * name). Probabilities are doubles in [0, 1], actions and harm types the names of constants. What an evaluator does not say is
 * null, and so is all but status and reason of what is unscored.
 *
 * <p>A null instruction is an unknown one; a null response is unscored for the reason {@code INVALID_INPUT}. Each executor opens
 * the evaluator once for all its tasks. A task evaluates on its own thread, so that as many exchanges are evaluated at a time as
 * the cluster has cores. If an executor cannot have the evaluator, the job fails at once, with a message that names the host.
 *
 * <p>Stateless, hence thread-safe.
 */
public final class SafetyColumns {
    /** Longer names of columns, in chars, are not shown: in a file without a header, they may be texts. */
    private static final int MAX_NAME_LENGTH = 40;

    private SafetyColumns() {}

    /**
     * Returns the data with a column of assessments by the embedded model.
     *
     * @throws IllegalArgumentException as the other method says
     */
    public static Dataset<Row> evaluate(Dataset<Row> data, String instructionColumn, String responseColumn) {
        return evaluate(data, instructionColumn, responseColumn, SparkEvaluationOptions.defaults());
    }

    /**
     * Returns the data with a column of assessments as the last one.
     *
     * @param instructionColumn the name of a column of strings: what the user asked
     * @param responseColumn the name of a column of strings: what the chatbot answered
     * @throws IllegalArgumentException if a column is missing, is there twice, or is not of strings, or if there is a column of
     *     the new one's name; the message names it and lists those that there are
     */
    public static Dataset<Row> evaluate(
            Dataset<Row> data, String instructionColumn, String responseColumn, SparkEvaluationOptions options) {
        Objects.requireNonNull(options, "options");
        boolean caseSensitive = isCaseSensitive(data);
        StructType schema = data.schema();
        int instructionIndex = textColumn(schema, "instruction column", instructionColumn, caseSensitive);
        int responseIndex = textColumn(schema, "response column", responseColumn, caseSensitive);
        if (positions(schema, options.column(), caseSensitive).length > 0) {
            throw new IllegalArgumentException(
                    "new column must not be there, but was '" + options.column() + "'" + columns(schema));
        }
        FailFast.watch();
        return data.mapPartitions(
                new PartitionEvaluation(instructionIndex, responseIndex, options),
                Encoders.row(schema.add(options.column(), AssessmentRows.TYPE)));
    }

    /** Returns a column by its whole name, in which Spark would take a point for that of a field. */
    static Column column(Dataset<Row> data, String name) {
        return data.col("`" + name.replace("`", "``") + "`");
    }

    /** Returns the data with empty texts in place of nulls in a column, if it is there once. */
    static Dataset<Row> withoutNulls(Dataset<Row> data, String name) {
        return positions(data.schema(), name, isCaseSensitive(data)).length == 1
                ? data.withColumn(name, functions.coalesce(column(data, name), functions.lit("")))
                : data;
    }

    private static boolean isCaseSensitive(Dataset<Row> data) {
        return Boolean.parseBoolean(data.sparkSession().conf().get("spark.sql.caseSensitive", "false"));
    }

    private static int textColumn(StructType schema, String role, String name, boolean caseSensitive) {
        Objects.requireNonNull(name, role);
        int[] positions = positions(schema, name, caseSensitive);
        if (positions.length == 0) {
            throw new IllegalArgumentException(role + " must be in the data, but '" + name + "' was not"
                    + columns(schema) + NameSuggestion.suggestion(name, List.of(schema.fieldNames())));
        }
        if (positions.length > 1) {
            throw new IllegalArgumentException(role + " must be in the data once, but '" + name + "' was there "
                    + positions.length + " times" + columns(schema));
        }
        StructField field = schema.fields()[positions[0]];
        if (!(field.dataType() instanceof StringType)) {
            throw new IllegalArgumentException(role + " must be of type string, but '" + name + "' was of type "
                    + field.dataType().simpleString() + columns(schema));
        }
        return positions[0];
    }

    private static int[] positions(StructType schema, String name, boolean caseSensitive) {
        String[] names = schema.fieldNames();
        return IntStream.range(0, names.length)
                .filter(i -> caseSensitive ? names[i].equals(name) : names[i].equalsIgnoreCase(name))
                .toArray();
    }

    private static String columns(StructType schema) {
        return Arrays.stream(schema.fields())
                .map(field -> shown(field.name()) + " " + field.dataType().typeName())
                .collect(Collectors.joining(", ", " (columns: ", ")"));
    }

    private static String shown(String name) {
        return name.length() <= MAX_NAME_LENGTH ? name : "[a name of " + name.length() + " chars]";
    }
}
