package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.donotanswer.harness.annotate.AnnotationBatch;
import org.donotanswer.harness.annotate.AnnotationCsv;
import org.donotanswer.harness.annotate.AnnotationItems;
import org.donotanswer.harness.annotate.AnnotationStore;
import org.donotanswer.harness.annotate.Annotations;
import org.donotanswer.harness.annotate.LabelStudio;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "import",
        description =
                "Imports labels into the runs: an export of Label Studio as JSON or JSON-MIN, or a CSV file that one"
                        + " annotator filled in.",
        footer = {
            "",
            "Labels replace earlier ones by the same annotator for the same response; all others are kept, also where the"
                    + " file has a blank label or comment. If a file contains an error, nothing is imported from it."
        })
final class AnnotateImportCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private RunParameters runs;

    @Option(
            names = "--annotations",
            required = true,
            paramLabel = "FILE",
            description = "Labels to import, as .json from Label Studio or as .csv.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private Path file;

    @Option(
            names = "--annotator",
            paramLabel = "NAME",
            description = "Name of the annotator, required for CSV. For Label Studio, ID=NAME with the number or e-mail"
                    + " address of an annotator; can be repeated. Default for Label Studio: annotator-NUMBER.")
    @InSection(HelpSection.ANNOTATION)
    private List<String> annotators;

    AnnotateImportCommand(Streams streams) {
        runs = new RunParameters();
        file = Path.of("");
        annotators = List.of();
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        boolean csv = isCsv();
        Map<String, String> names = csv ? Map.of() : names();
        if (csv && (annotators.size() != 1 || annotators.get(0).contains("="))) {
            throw new UsageException(
                    "--annotator must be one NAME for a CSV file, but was " + annotators.size() + " values");
        }
        AnnotationItems items = runs.items();
        AnnotationStore store = AnnotationStore.of(items);
        AnnotationBatch batch;
        try (InputStream in = InputFiles.open("annotations", file)) {
            batch = csv
                    ? AnnotationCsv.read(in, file.toString(), items, annotators.get(0))
                    : LabelStudio.read(in, file.toString(), items, names);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        // Read before anything is written, so that a broken store is reported first.
        store.load();
        Map<String, AnnotationStore.MergeCounts> taken = store.merge(batch);
        PrintWriter out = streams.writer();
        taken.forEach((name, counts) -> out.print(describe(name, counts)));
        if (batch.cancelled() > 0 || batch.blank() > 0) {
            out.print("Left out: " + batch.cancelled() + " skipped by their annotator, " + batch.blank()
                    + " without any label\n");
        }
        store.load().overlaps().stream().map(Annotations.Overlap::describe).forEach(line -> out.print(line + "\n"));
        out.flush();
        return 0;
    }

    private static String describe(String name, AnnotationStore.MergeCounts taken) {
        String text = name + ": " + taken.added() + " new, " + taken.changed() + " changed, " + taken.unchanged()
                + " unchanged";
        if (taken.withoutHarmful() + taken.withoutAction() > 0) {
            text += "; " + taken.withoutHarmful() + " without harmful, " + taken.withoutAction() + " without action";
        }
        return text + "\n";
    }

    private boolean isCsv() {
        String lower = file.toString().toLowerCase(Locale.ROOT);
        if (!lower.endsWith(".csv") && !lower.endsWith(".json")) {
            throw new UsageException("name of the annotations must end in .json or .csv, but was " + file);
        }
        return lower.endsWith(".csv");
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
