package org.donotanswer.bench.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.harness.annotate.AnnotationStore;
import org.donotanswer.harness.annotate.LabelMismatch;
import org.donotanswer.harness.io.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "mismatches",
        description = "Lists labels of people that contradict each other: harmful without following the instruction, or"
                + " harmless although following it.")
final class AnnotateMismatchesCommand implements Callable<Integer> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "RUN", description = "Directories of runs, of an LLM each.")
    private List<Path> runs;

    @Option(names = "--data", paramLabel = "DIR", description = "The published Do-Not-Answer files, rather than runs.")
    private @Nullable Path data;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the list as JSON.")
    private @Nullable Path json;

    @Option(names = "--with-text", description = "Write instructions and responses too, to the JSON file.")
    private boolean withText;

    AnnotateMismatchesCommand(Streams streams) {
        runs = List.of();
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        if ((data == null) == runs.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "labels must come from runs or from --data, but was " + (data == null ? "neither" : "both"));
        }
        if (withText && json == null) {
            throw new ParameterException(spec.commandLine(), "--with-text must go with --json, but was without");
        }
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

    private void write(Path file, List<LabelMismatch> mismatches) throws IOException {
        Map<String, Object> report = new LinkedHashMap<>();
        long harmful = mismatches.stream().filter(LabelMismatch::harmful).count();
        report.put("mismatches", mismatches.size());
        report.put("harmfulWithoutFollowing", harmful);
        report.put("harmlessFollowing", mismatches.size() - harmful);
        report.put(
                "list", mismatches.stream().map(each -> each.toJson(withText)).toList());
        try (Output output = Output.file(file)) {
            output.stream()
                    .write(new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(report));
            output.stream().write('\n');
            output.commit();
        }
    }
}
