package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.harness.annotate.AnnotationItems;
import org.donotanswer.harness.annotate.AnnotationStore;
import org.donotanswer.harness.annotate.Annotations;
import org.donotanswer.harness.run.RunDirectory;
import picocli.CommandLine.Parameters;

/** The runs whose responses are annotated, as arguments of a command. Not thread-safe. */
final class RunParameters {
    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Run directories, each of a different LLM.")
    private List<Path> paths = List.of();

    /** Opens the runs. */
    List<RunDirectory> open() throws IOException {
        return open(paths);
    }

    /** Returns the responses of the runs. */
    AnnotationItems items() throws IOException {
        return items(paths);
    }

    /** Returns the responses of the given runs. */
    static AnnotationItems items(List<Path> paths) throws IOException {
        return AnnotationItems.of(open(paths));
    }

    private static List<RunDirectory> open(List<Path> paths) throws IOException {
        List<RunDirectory> runs = new ArrayList<>();
        for (Path path : paths) {
            runs.add(RunDirectory.open(path));
        }
        return runs;
    }

    /**
     * Returns the annotations of the runs.
     *
     * @throws IOException if there are none
     */
    Annotations annotations() throws IOException {
        Annotations annotations = AnnotationStore.of(items()).load();
        if (annotations.byItem().isEmpty()) {
            throw new IOException(
                    "runs must have annotations, but had none (" + paths.get(0) + "); add some by annotate import");
        }
        return annotations;
    }
}
