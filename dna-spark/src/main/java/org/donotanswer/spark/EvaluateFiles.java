package org.donotanswer.spark;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Objects;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A job for {@code spark-submit}: evaluates the exchanges of files and writes them, with a column of assessments, to a directory
 * of Parquet files, and counts beside it to {@code DIRECTORY.summary.json}. Exit codes: 0 done, 1 failed, 2 wrong usage.
 *
 * <p>Both appear under their names when they are complete; until then, they have hidden names beside these, and are deleted if
 * the job fails. An output that exists is an error. Not thread-safe.
 */
public final class EvaluateFiles {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final String METHOD_LIMIT = "spark.sql.codegen.hugeMethodLimit";
    /** The size in bytes up to which HotSpot compiles methods. */
    private static final int COMPILED_METHOD_SIZE = 8000;

    private final SparkSession session;
    private final FileJob job;
    private final Path output;
    private final Path summary;
    private final FileSystem files;

    private EvaluateFiles(SparkSession session, FileJob job) throws IOException {
        this.session = session;
        this.job = job;
        output = new Path(job.output());
        summary = output.suffix(".summary.json");
        files = output.getFileSystem(session.sparkContext().hadoopConfiguration());
    }

    /** Runs the job in the session of spark-submit. The process ends with an exit code unless that is 0. */
    public static void main(String[] args) {
        int exitCode = run(System.err, args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    private static int run(PrintStream err, String... args) {
        FileJob job;
        try {
            job = FileJob.parse(args);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.println(FileJob.USAGE);
            return WRONG_USAGE;
        }
        try (SparkSession session =
                SparkSession.builder().appName("dna " + job.input()).getOrCreate()) {
            if (!session.sparkContext().conf().contains(METHOD_LIMIT)) {
                // Spark would make one method of all columns, which HotSpot would interpret.
                session.conf().set(METHOD_LIMIT, COMPILED_METHOD_SIZE);
            }
            EvaluationSummary written = run(session, job);
            err.println(written.rows() + " exchanges evaluated (" + job.output() + ")");
            return 0;
        } catch (IllegalArgumentException | IOException e) {
            err.println(e.getMessage());
            return FAILED;
        } catch (AnalysisException | SparkException e) {
            err.println(failure(e, job.input()));
            return FAILED;
        }
    }

    /** Returns what Spark and its causes say, without stack traces, and the input. */
    static String failure(Exception failed, String input) {
        StringBuilder message = new StringBuilder();
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            String line = Objects.requireNonNullElse(cause.getMessage(), "")
                    .lines()
                    .findFirst()
                    .orElse("");
            if (message.indexOf(line) < 0) {
                message.append(message.isEmpty() ? "" : ": ").append(line);
            }
        }
        if (message.isEmpty()) {
            message.append(failed.getClass().getSimpleName());
        }
        return message.indexOf(input) < 0 ? message + " (" + input + ")" : message.toString();
    }

    /**
     * Runs a job.
     *
     * @throws IllegalArgumentException if a column is missing or not of strings
     * @throws FileAlreadyExistsException if the output exists
     * @throws AnalysisException if the input is missing or has no columns
     * @throws SparkException if a file cannot be read, or an executor cannot have the evaluator; as Spark is written in Scala, its
     *     own methods do not declare it
     * @throws IOException if the output cannot be written
     */
    static EvaluationSummary run(SparkSession session, FileJob job)
            throws IOException, AnalysisException, SparkException {
        return new EvaluateFiles(session, job).run();
    }

    private EvaluationSummary run() throws IOException {
        requireNew(output);
        requireNew(summary);
        Dataset<Row> assessed =
                SafetyColumns.evaluate(exchanges(), job.instructionColumn(), job.responseColumn(), job.options());
        write(assessed);
        return writeSummary();
    }

    private void write(Dataset<Row> assessed) throws IOException {
        Path temporary = temporary(output);
        try {
            assessed.write().parquet(temporary.toString());
            move(temporary, output);
        } finally {
            files.delete(temporary, true);
        }
    }

    /** Counts what was written, rather than what tasks saw, which may have been repeated. */
    private EvaluationSummary writeSummary() throws IOException {
        EvaluationSummary counts = EvaluationSummary.of(
                job.input(),
                session.read().parquet(output.toString()),
                job.options().column());
        Path temporary = temporary(summary);
        try {
            counts.write(files.create(temporary, false));
            move(temporary, summary);
            return counts;
        } finally {
            files.delete(temporary, false);
        }
    }

    private Dataset<Row> exchanges() {
        Dataset<Row> data = job.format().read(session, job.input());
        if (job.format() == InputFileFormat.CSV) {
            // Spark takes empty fields for null, but an empty response of CSV is a response.
            data = SafetyColumns.withoutNulls(data, job.responseColumn());
        }
        return job.partitions().isPresent() ? data.repartition(job.partitions().get()) : data;
    }

    /** Returns a name beside a file that Spark takes for hidden and that no other job uses. */
    private Path temporary(Path file) {
        return new Path(
                file.getParent(),
                "." + file.getName() + "." + session.sparkContext().applicationId() + ".tmp");
    }

    private void requireNew(Path file) throws IOException {
        if (files.exists(file)) {
            throw new FileAlreadyExistsException("output must not exist, but did (" + file + ")");
        }
    }

    private void move(Path temporary, Path file) throws IOException {
        // Of what exists, some file systems would make the parent.
        requireNew(file);
        if (!files.rename(temporary, file)) {
            throw new IOException(
                    "output must be movable to its name, but was not (" + temporary + " to " + file + ")");
        }
    }
}
