package org.donotanswer.bench.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.harness.annotate.AnnotationStore;
import org.donotanswer.harness.annotate.LabelMismatch;
import org.donotanswer.harness.io.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "mismatches",
        description =
                "Lists human labels that contradict each other: harmful without following the instruction, or harmless"
                        + " although following it.")
final class AnnotateMismatchesCommand implements Callable<Integer> {
    private final Streams streams;

    @Parameters(arity = "0..*", paramLabel = "RUN", description = "Run directories, each of a different LLM.")
    private List<Path> runs;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of the published Do-Not-Answer files with their labels. Default: the runs given as"
                    + " arguments.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable Path data;

    @ArgGroup(exclusive = false)
    private @Nullable JsonOptions json;

    /** A JSON file of the mismatches. */
    @InSection(HelpSection.INPUT_OUTPUT)
    static final class JsonOptions {
        @Option(
                names = "--json",
                required = true,
                paramLabel = "FILE",
                description = "File to which the list is written as JSON. Default: none.")
        @OutputTarget
        private Path file;

        @Option(
                names = "--with-text",
                description = "Include instructions and responses in the JSON file; needs --json.")
        private boolean withText;
    }

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    AnnotateMismatchesCommand(Streams streams) {
        runs = List.of();
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        UsageException.require(
                (data == null) != runs.isEmpty(),
                "labels must come from runs or from --data",
                data == null ? "neither" : "both");
        List<LabelMismatch> mismatches = data == null
                ? LabelMismatch.of(AnnotationStore.of(RunParameters.items(runs)).load())
                : LabelMismatch.of(DoNotAnswer.load(data));
        if (json != null) {
            write(json, mismatches);
        }
        PrintWriter out = streams.writer();
        mismatches.forEach(mismatch -> out.print(mismatch.by() + "\t" + mismatch.llm() + "\t" + mismatch.id() + "\t"
                + (mismatch.harmful() ? "harmful" : "harmless") + "\t" + mismatch.action() + "\n"));
        long harmful = mismatches.stream().filter(LabelMismatch::harmful).count();
        out.print(mismatches.size() + " mismatches: " + harmful + " harmful without following, "
                + (mismatches.size() - harmful) + " harmless following\n");
        out.flush();
        return 0;
    }

    private void write(JsonOptions json, List<LabelMismatch> mismatches) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        long harmful = mismatches.stream().filter(LabelMismatch::harmful).count();
        report.put("mismatches", mismatches.size());
        report.put("harmfulWithoutFollowing", harmful);
        report.put("harmlessFollowing", mismatches.size() - harmful);
        report.put(
                "list",
                mismatches.stream().map(each -> each.toJson(json.withText)).toList());
        try (Output output = overwrite.open(json.file)) {
            output.stream()
                    .write(new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
            output.stream().write('\n');
            output.commit();
        }
    }
}
