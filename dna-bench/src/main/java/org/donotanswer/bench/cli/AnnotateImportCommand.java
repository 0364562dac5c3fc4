package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.harness.annotate.AnnotationBatch;
import org.donotanswer.harness.annotate.AnnotationItems;
import org.donotanswer.harness.annotate.AnnotationReader;
import org.donotanswer.harness.annotate.AnnotationStore;
import org.donotanswer.harness.annotate.Annotations;
import org.donotanswer.harness.table.TableReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "import",
        description =
                "Imports labels into the runs: an export of Label Studio as JSON, JSON-MIN or CSV, or the spreadsheet that one"
                        + " annotator filled in.",
        footer = {
            "",
            "Labels replace earlier ones by the same annotator for the same response; all others are kept, also where the"
                    + " file has a blank label or comment. A record with an error is listed, the others are imported, and the"
                    + " exit code is 1. With --strict, or if there is no other record, nothing is imported."
        })
final class AnnotateImportCommand implements Callable<Integer> {
    private static final int MAX_LISTED = 20;

    private final Streams streams;

    @Mixin
    private RunParameters runs;

    @Option(
            names = "--annotations",
            required = true,
            paramLabel = "FILE",
            description = "Labels to import, as " + TableOptions.FORMATS + ".")
    @InSection(HelpSection.INPUT_OUTPUT)
    private Path file;

    @Option(
            names = "--annotator",
            paramLabel = "NAME",
            description =
                    "Name of the annotator, required for a file that names none. For Label Studio, ID=NAME with the"
                            + " number or e-mail address of an annotator; can be repeated. Default for Label Studio:"
                            + " annotator-NUMBER.")
    @InSection(HelpSection.ANNOTATION)
    private List<String> annotators;

    @Option(names = "--strict", description = "Import nothing if a record has an error.")
    @InSection(HelpSection.ANNOTATION)
    private boolean strict;

    @Mixin
    private TableOptions table = new TableOptions();

    AnnotateImportCommand(Streams streams) {
        runs = new RunParameters();
        file = Path.of("");
        annotators = List.of();
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        AnnotationItems items = runs.items();
        AnnotationStore store = AnnotationStore.of(items);
        AnnotationBatch batch = read(items);
        report(batch);
        if (!batch.rejected().isEmpty() && (strict || batch.annotations().isEmpty())) {
            throw new IOException("annotations must be without errors, but had "
                    + batch.rejected().size() + "; nothing was imported (" + file + ")");
        }
        if (batch.annotations().isEmpty() && batch.cancelled() + batch.blank() == 0) {
            throw new IOException("annotations must be in the file, but were not (" + file + ")");
        }
        // Read before anything is written, so that a broken store is reported first.
        store.load();
        Map<String, AnnotationStore.MergeCounts> taken = store.merge(batch);
        PrintWriter out = streams.writer();
        taken.forEach((name, counts) -> out.print(describe(name, counts)));
        if (batch.cancelled()
                        + batch.blank()
                        + batch.superseded()
                        + batch.rejected().size()
                > 0) {
            out.print("Left out: " + batch.cancelled() + " skipped by their annotator, " + batch.blank()
                    + " without any label" + count(batch.superseded(), "replaced by a later one of their annotator")
                    + count(batch.rejected().size(), "with an error") + "\n");
        }
        store.load().overlaps().stream().map(Annotations.Overlap::describe).forEach(line -> out.print(line + "\n"));
        out.flush();
        return batch.rejected().isEmpty() ? 0 : 1;
    }

    private static String count(int count, String what) {
        return count == 0 ? "" : ", " + count + " " + what;
    }

    private void report(AnnotationBatch batch) {
        batch.rejected().stream().limit(MAX_LISTED).forEach(message -> streams.err()
                .print(message + "\n"));
        if (batch.rejected().size() > MAX_LISTED) {
            streams.err().print("... and " + (batch.rejected().size() - MAX_LISTED) + " more\n");
        }
    }

    private AnnotationBatch read(AnnotationItems items) throws IOException {
        Optional<String> single = annotators.size() == 1 && !annotators.get(0).contains("=")
                ? Optional.of(annotators.get(0))
                : Optional.empty();
        Map<String, String> names = single.isPresent() ? Map.of() : names();
        try (TableReader reader = TableReader.open(file, table.settings())) {
            return single.isPresent()
                    ? AnnotationReader.read(reader, items, single.get())
                    : AnnotationReader.read(reader, file.toString(), items, names);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static String describe(String name, AnnotationStore.MergeCounts taken) {
        String text = name + ": " + taken.added() + " new, " + taken.changed() + " changed, " + taken.unchanged()
                + " unchanged";
        if (taken.withoutHarmful() + taken.withoutAction() > 0) {
            text += "; " + taken.withoutHarmful() + " without harmful, " + taken.withoutAction() + " without action";
        }
        return text + "\n";
    }

    private Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String each : annotators) {
            int equals = each.lastIndexOf('=');
            if (equals < 1) {
                throw new UsageException("--annotator must be ID=NAME for an export of Label Studio, but was " + each);
            }
            if (names.put(each.substring(0, equals), each.substring(equals + 1)) != null) {
                throw new UsageException(
                        "--annotator must be given once for each, but was twice for " + each.substring(0, equals));
            }
        }
        return names;
    }
}
