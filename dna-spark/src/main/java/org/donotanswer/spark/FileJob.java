package org.donotanswer.spark;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.internal.BuilderChecks;
import org.donotanswer.internal.NameSuggestion;
import org.jspecify.annotations.Nullable;

/**
 * What the arguments of {@link EvaluateFiles} ask for. Immutable, hence thread-safe.
 *
 * @param input the files to read: a path of Hadoop's, possibly a directory or a pattern
 * @param output the directory to write
 * @param format the format of the input
 * @param instructionColumn the column of instructions
 * @param responseColumn the column of responses
 * @param options how to evaluate
 * @param partitions how many tasks evaluate, and how many files they write; empty if the input decides
 */
record FileJob(
        String input,
        String output,
        InputFileFormat format,
        String instructionColumn,
        String responseColumn,
        SparkEvaluationOptions options,
        Optional<Integer> partitions) {
    static final String USAGE = "usage: spark-submit --class " + EvaluateFiles.class.getName()
            + " [OPTIONS OF SPARK] dna-spark.jar\n"
            + "  --input PATH              files, a directory or a pattern: Parquet, JSON lines, or CSV with a header\n"
            + "  --output DIR              a new directory of Parquet files; a summary is written to DIR.summary.json\n"
            + "  --format FORMAT           parquet, jsonl or csv; told from the extension of the input by default\n"
            + "  --instruction-column NAME default: instruction\n"
            + "  --response-column NAME    default: response\n"
            + "  --column NAME             the column of assessments; default: "
            + SparkEvaluationOptions.DEFAULT_COLUMN + "\n"
            + "  --evaluator E             embedded, encoder, cascade, or the path of a model; default: "
            + SparkEvaluationOptions.DEFAULT_EVALUATOR + "\n"
            + "  --partitions N            how many tasks evaluate, and files are written; default: as the input is split";

    private static final String INPUT = "--input";
    private static final String OUTPUT = "--output";
    private static final String FORMAT = "--format";
    private static final String INSTRUCTION_COLUMN = "--instruction-column";
    private static final String RESPONSE_COLUMN = "--response-column";
    private static final String COLUMN = "--column";
    private static final String EVALUATOR = "--evaluator";
    private static final String PARTITIONS = "--partitions";
    private static final List<String> OPTIONS =
            List.of(INPUT, OUTPUT, FORMAT, INSTRUCTION_COLUMN, RESPONSE_COLUMN, COLUMN, EVALUATOR, PARTITIONS);

    /**
     * Reads arguments.
     *
     * @throws IllegalArgumentException if they are wrong
     */
    static FileJob parse(String... arguments) {
        Map<String, String> values = values(arguments);
        String input = required(values, INPUT);
        SparkEvaluationOptions.Builder options = SparkEvaluationOptions.builder();
        Optional.ofNullable(values.get(EVALUATOR)).ifPresent(options::evaluator);
        Optional.ofNullable(values.get(COLUMN)).ifPresent(options::column);
        @Nullable String format = values.get(FORMAT);
        return new FileJob(
                input,
                required(values, OUTPUT),
                format == null ? InputFileFormat.ofPath(input) : InputFileFormat.ofName(format),
                values.getOrDefault(INSTRUCTION_COLUMN, "instruction"),
                values.getOrDefault(RESPONSE_COLUMN, "response"),
                options.build(),
                Optional.ofNullable(values.get(PARTITIONS)).map(FileJob::partitions));
    }

    private static Map<String, String> values(String... arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            String option = arguments[i];
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException("option must be one of " + String.join(", ", OPTIONS) + ", but was '"
                        + option + "'" + NameSuggestion.suggestion(option, OPTIONS));
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(option + " must have a value, but had none");
            }
            String before = values.put(option, arguments[i + 1]);
            if (before != null) {
                throw new IllegalArgumentException(
                        option + " must be given once, but was '" + before + "' and '" + arguments[i + 1] + "'");
            }
        }
        return values;
    }

    private static String required(Map<String, String> values, String option) {
        String value = values.get(option);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(option + " must be given, but was not");
        }
        return value;
    }

    private static int partitions(String value) {
        try {
            return BuilderChecks.requireAtLeast(PARTITIONS, 1, Integer.parseInt(value));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(PARTITIONS + " must be a number, but was '" + value + "'", e);
        }
    }
}
