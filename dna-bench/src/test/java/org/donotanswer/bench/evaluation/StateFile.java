package org.donotanswer.bench.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the state of an evaluation says, for tests of other packages. Stateless, hence thread-safe. */
public final class StateFile {
    private StateFile() {}

    /** Returns those of the outputs that are durable as a whole, but may lack their names. */
    public static <T> List<T> unnamed(Path file, List<T> outputs) throws IOException {
        return EvaluationLog.read(file)
                .state()
                .map(last -> outputs.subList(last.part() - last.unnamed().size(), last.part()))
                .orElse(List.of());
    }
}
