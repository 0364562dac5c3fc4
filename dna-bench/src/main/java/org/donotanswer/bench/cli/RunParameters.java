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

/** The runs whose responses are labelled. */
final class RunParameters {
    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Directories of runs, of an LLM each.")
    private List<Path> paths;

    RunParameters() {
        paths = List.of();
    }

    AnnotationItems items() throws IOException {
        return items(paths);
    }

    static AnnotationItems items(List<Path> paths) throws IOException {
        List<RunDirectory> runs = new ArrayList<>();
        for (Path path : paths) {
            runs.add(RunDirectory.open(path));
        }
        return AnnotationItems.of(runs);
    }

    /**
     * Returns the annotations of the runs.
     *
     * @throws IOException if there are none
     */
    Annotations annotations() throws IOException {
        Annotations annotations = AnnotationStore.of(items()).load();
        if (annotations.byItem().isEmpty()) {
            throw new IOException("runs must have annotations, but were without (" + paths.get(0)
                    + "); take some in by annotate import");
        }
        return annotations;
    }
}
