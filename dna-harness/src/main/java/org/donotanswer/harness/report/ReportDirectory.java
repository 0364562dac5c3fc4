package org.donotanswer.harness.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a directory for a report holds already. The {@code report.json} of an earlier report tells which files are its own;
 * a report without a page was not finished. Immutable, hence thread-safe.
 *
 * @param directory the directory, which may be missing
 * @param tables the files of the tables of an earlier report, relative to the directory
 * @param hasReport whether there is an earlier report, finished or not
 * @param files all files, relative to the directory, except unfinished ones
 */
record ReportDirectory(Path directory, Set<String> tables, boolean hasReport, Set<String> files) {
    static final String PAGE = "index.html";
    static final String JSON = "report.json";
    static final String MARKDOWN = "report.md";
    static final String TABLES = "tables";

    private static final Pattern UNFINISHED = Pattern.compile(".*\\.[0-9]+\\.tmp");
    private static final JsonMapper MAPPER = new JsonMapper();

    static String csv(String tableId) {
        return TABLES + "/" + tableId + ".csv";
    }

    static String latex(String tableId) {
        return TABLES + "/" + tableId + ".tex";
    }

    static ReportDirectory read(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return new ReportDirectory(directory, Set.of(), false, Set.of());
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException("output must be a directory, but was a file (" + directory + ")");
        }
        JsonNode report = json(directory.resolve(JSON));
        boolean hasReport = report.path("title").isTextual()
                && report.path("sections").isArray()
                && report.path("provenance").isObject();
        return new ReportDirectory(directory, hasReport ? tables(report) : Set.of(), hasReport, files(directory));
    }

    private static JsonNode json(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return MAPPER.missingNode();
        }
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException | CharConversionException e) {
            return MAPPER.missingNode();
        }
    }

    private static Set<String> tables(JsonNode report) {
        Set<String> tables = new TreeSet<>();
        for (JsonNode section : report.path("sections")) {
            for (JsonNode block : section.path("blocks")) {
                JsonNode table = block.has("data") ? block.path("data") : block;
                String id = table.path("id").asText();
                // No file with any other name is one of a report.
                if (table.has("rows") && Report.isId(id)) {
                    tables.add(csv(id));
                    tables.add(latex(id));
                }
            }
        }
        return tables;
    }

    private static Set<String> files(Path directory) throws IOException {
        Set<String> files = new TreeSet<>();
        for (Path part : new Path[] {directory, directory.resolve(TABLES)}) {
            if (Files.isDirectory(part)) {
                try (Stream<Path> entries = Files.list(part)) {
                    files.addAll(entries.filter(entry -> !entry.equals(directory.resolve(TABLES)))
                            .map(entry -> directory.relativize(entry).toString().replace('\\', '/'))
                            .filter(name -> !UNFINISHED.matcher(name).matches())
                            .collect(Collectors.toSet()));
                }
            }
        }
        return files;
    }

    private boolean isOwn(String file) {
        return hasReport && (Set.of(PAGE, JSON, MARKDOWN).contains(file) || tables.contains(file));
    }

    /**
     * Throws if a report must not be written here.
     *
     * @param newTables the files of its tables, as far as they are known
     * @param isReplacing whether it may replace an earlier one, beside other files
     */
    void requireWritable(Set<String> newTables, boolean isReplacing) throws IOException {
        if (!isReplacing) {
            if (hasReport && files.contains(PAGE)) {
                throw new IOException(
                        "directory of the report must not hold another report, but did (" + directory + ")");
            }
            if (!files.stream().allMatch(this::isOwn)) {
                throw new IOException(
                        "directory of the report must be new or empty, but held files (" + directory + ")");
            }
        }
        Set<String> wanted = new TreeSet<>(newTables);
        wanted.addAll(Set.of(PAGE, JSON, MARKDOWN));
        for (String file : wanted) {
            if (files.contains(file) && !isOwn(file)) {
                throw new IOException(
                        "file of the report must not replace one that is not of an earlier report, but would ("
                                + directory.resolve(file) + ")");
            }
        }
    }
}
