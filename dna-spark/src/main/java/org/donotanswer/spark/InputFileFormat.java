package org.donotanswer.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.donotanswer.internal.NameSuggestion;

/** The formats of files that {@link EvaluateFiles} reads. Immutable, hence thread-safe. */
enum InputFileFormat {
    PARQUET,
    /** One object per line. */
    JSONL,
    /** With a header. Every column is one of strings. */
    CSV;

    private static final String EXTENSIONS = ".csv, .json, .jsonl, .ndjson, .parquet";
    private static final Set<String> COMPRESSIONS = Set.of("gz", "bz2", "zst", "snappy", "lz4", "deflate");

    /**
     * Returns the format of a name, or of an extension.
     *
     * @throws IllegalArgumentException if there is none
     */
    static InputFileFormat ofName(String name) {
        List<String> known = Arrays.stream(values())
                .map(format -> format.name().toLowerCase(Locale.ROOT))
                .toList();
        return ofExtension(name.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new IllegalArgumentException("--format must be " + String.join(", ", known)
                        + ", but was '" + name + "'" + NameSuggestion.suggestion(name, known)));
    }

    /**
     * Returns the format that the extension of a path tells.
     *
     * @throws IllegalArgumentException if it tells none
     */
    static InputFileFormat ofPath(String path) {
        List<String> parts = List.of(path.substring(path.lastIndexOf('/') + 1)
                .toLowerCase(Locale.ROOT)
                .split("\\.", -1));
        int last = parts.size() - 1;
        int extension = COMPRESSIONS.contains(parts.get(last)) ? last - 1 : last;
        return (extension > 0 ? ofExtension(parts.get(extension)) : Optional.<InputFileFormat>empty())
                .orElseThrow(() -> new IllegalArgumentException("--format must be given unless the input ends in "
                        + EXTENSIONS + ", but it was '" + path + "'"));
    }

    private static Optional<InputFileFormat> ofExtension(String extension) {
        return switch (extension) {
            case "parquet" -> Optional.of(PARQUET);
            case "jsonl", "ndjson", "json" -> Optional.of(JSONL);
            case "csv" -> Optional.of(CSV);
            default -> Optional.empty();
        };
    }

    /** Returns the content of files. Spark reports what it cannot read. */
    Dataset<Row> read(SparkSession session, String path) {
        return switch (this) {
            case PARQUET -> session.read().parquet(path);
            case JSONL -> session.read().json(path);
            // Quotes within a field are doubled, and fields may have several lines, as other programs write them.
            case CSV ->
                session.read()
                        .option("header", true)
                        .option("multiLine", true)
                        .option("escape", "\"")
                        .csv(path);
        };
    }
}
