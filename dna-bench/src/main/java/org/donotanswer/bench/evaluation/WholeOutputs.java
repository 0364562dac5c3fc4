package org.donotanswer.bench.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.donotanswer.internal.TemporaryFile;

/** The outputs that have been written as a whole, but do not have their names yet. Not thread-safe. */
final class WholeOutputs {
    private final List<Whole> outputs = new ArrayList<>();

    /**
     * An output.
     *
     * @param bytes the size of the file that it was written to
     */
    private record Whole(OutputPlan.Part part, long bytes) {}

    void add(OutputPlan.Part part, long bytes) {
        outputs.add(new Whole(part, bytes));
    }

    int count() {
        return outputs.size();
    }

    List<Long> sizes() {
        return outputs.stream().map(Whole::bytes).toList();
    }

    List<Path> targets() {
        return outputs.stream().map(whole -> whole.part().target()).toList();
    }

    /** Forces all to disk, under the names under which they are written. */
    void force() throws IOException {
        for (Path target : targets()) {
            PartialOutput.force(target);
        }
        forceDirectories();
    }

    /**
     * Gives all their names, durably.
     *
     * @param locks those on the outputs, which are released
     * @param isReplacing whether they may replace files
     * @throws IOException if that fails, or there is another file that must not be replaced
     */
    void publish(OutputLocks locks, boolean isReplacing) throws IOException {
        for (Whole whole : outputs) {
            locks.acquire(whole.part().target());
            PartialOutput.publish(whole.part().target(), whole.part().isParquet(), whole.bytes(), isReplacing);
        }
        forceDirectories();
        for (Path target : targets()) {
            locks.release(target);
        }
        outputs.clear();
    }

    private void forceDirectories() throws IOException {
        Set<Path> directories = new LinkedHashSet<>();
        targets().forEach(target -> directories.add(target.getParent()));
        for (Path directory : directories) {
            TemporaryFile.forceDirectory(directory);
        }
    }
}
