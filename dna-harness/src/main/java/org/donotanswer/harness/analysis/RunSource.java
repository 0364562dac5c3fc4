package org.donotanswer.harness.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.run.RunDirectory;

/**
 * The responses of runs with their reviews. Texts are read one at a time. Immutable, hence thread-safe.
 */
public final class RunSource {
    private final List<RunDirectory> runs;
    private final List<RunDirectory> benign;

    private RunSource(List<RunDirectory> runs, List<RunDirectory> benign) {
        this.runs = List.copyOf(runs);
        this.benign = List.copyOf(benign);
    }

    /**
     * Opens runs of different LLMs on the same questions.
     *
     * @param runs at least one
     * @param benign runs of different LLMs on the same benign instructions; may be empty
     * @throws IOException if a directory is not a run, if two runs have the same LLM or different questions, or if a run on the
     *     benchmark's questions has no reviews
     */
    public static RunSource open(Collection<Path> runs, Collection<Path> benign) throws IOException {
        if (runs.isEmpty()) {
            throw new IOException("runs must be at least 1, but were 0");
        }
        List<RunDirectory> opened = open(runs);
        for (RunDirectory run : opened) {
            if (run.reviewers().isEmpty()) {
                throw new IOException("run must have reviews, but had none (" + run.path() + ")");
            }
        }
        return new RunSource(opened, open(benign));
    }

    private static List<RunDirectory> open(Collection<Path> paths) throws IOException {
        List<RunDirectory> runs = new ArrayList<>();
        Set<Llm> llms = new HashSet<>();
        for (Path path : paths) {
            RunDirectory run = RunDirectory.open(path);
            if (!llms.add(run.manifest().llm())) {
                throw new IOException("runs must be of different LLMs, but two were of "
                        + run.manifest().llm() + " (" + path + ")");
            }
            runs.add(run);
            if (!run.manifest().questions().equals(runs.get(0).manifest().questions())) {
                throw new IOException("runs of one report must have the same questions, but " + questions(runs.get(0))
                        + ", and " + questions(run) + " of another file; report them separately");
            }
        }
        return runs;
    }

    private static String questions(RunDirectory run) {
        int count = run.manifest().questionCount();
        return NumberFormats.format(
                "%s (%s) had %,d question%s", run.manifest().llm(), run.path(), count, count == 1 ? "" : "s");
    }

    /** Returns the runs on the benchmark's questions. */
    public List<RunDirectory> runs() {
        return runs;
    }

    /** Returns the runs on benign instructions. */
    public List<RunDirectory> benign() {
        return benign;
    }

    /**
     * Returns the names of all reviewers, sorted.
     *
     * @throws IOException if a run cannot be read
     */
    public Set<String> reviewers() throws IOException {
        Set<String> names = new TreeSet<>();
        for (RunDirectory run : runs) {
            names.addAll(run.reviewers().keySet());
        }
        return Collections.unmodifiableSet(names);
    }

    /**
     * Returns the responses with their reviews, to be closed. The iterator throws {@link java.io.UncheckedIOException} if a file
     * cannot be read or is broken, an id is repeated, or a reviewed response is missing.
     */
    public RunExchanges exchanges() {
        return new RunExchanges(runs, benign);
    }
}
