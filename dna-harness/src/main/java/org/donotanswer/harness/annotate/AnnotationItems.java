package org.donotanswer.harness.annotate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunReader;

/** The responses of runs as items to label, in the order of the runs. Immutable, hence thread-safe. */
public final class AnnotationItems {
    private final Map<RunDirectory, List<AnnotationItem>> runs;
    private final Map<String, AnnotationItem> byKey;
    private final Map<Name, AnnotationItem> byName;

    private AnnotationItems(
            Map<RunDirectory, List<AnnotationItem>> runs,
            Map<String, AnnotationItem> byKey,
            Map<Name, AnnotationItem> byName) {
        this.runs = runs;
        this.byKey = byKey;
        this.byName = byName;
    }

    private record Name(String llm, String id) {}

    /**
     * Reads the responses of runs, all of them into memory.
     *
     * @throws IOException if a run cannot be read, or two runs have a response of the same LLM to the same instruction
     */
    public static AnnotationItems of(List<RunDirectory> runs) throws IOException {
        return of(runs, (run, id) -> true);
    }

    /**
     * Reads the annotated responses of runs; the others are left out.
     *
     * @throws IOException as {@link #of(List)}, or if annotations cannot be read
     */
    public static AnnotationItems ofAnnotated(List<RunDirectory> runs) throws IOException {
        Map<RunDirectory, IdIndex> annotated = new HashMap<>();
        for (RunDirectory run : runs) {
            annotated.put(run, AnnotationStore.annotatedIds(run));
        }
        return of(runs, (run, id) -> annotated.get(run).find(id) >= 0);
    }

    static AnnotationItems of(List<RunDirectory> runs, BiPredicate<RunDirectory, String> isIncluded)
            throws IOException {
        Map<RunDirectory, List<AnnotationItem>> items = new LinkedHashMap<>();
        Map<String, AnnotationItem> byKey = new LinkedHashMap<>();
        Map<Name, AnnotationItem> byName = new LinkedHashMap<>();
        // Of all responses, included or not.
        IdIndex names = new IdIndex();
        IdIndex keys = new IdIndex();
        for (RunDirectory run : runs) {
            Llm llm = run.manifest().llm();
            List<AnnotationItem> ofRun = new ArrayList<>();
            try (RunReader<CollectedResponse> responses = run.readResponses()) {
                for (CollectedResponse response = responses.next(); response != null; response = responses.next()) {
                    AnnotationItem item = AnnotationItem.of(llm, response);
                    if (!names.add(llm.name() + '\n' + item.id())) {
                        throw new IOException("response of an LLM to an instruction must be in one run, but " + llm
                                + " responded to id " + item.id() + " in two (" + run.path() + ")");
                    }
                    if (!keys.add(item.key())) {
                        throw new IOException("keys of responses must differ, but " + item.key() + " was that of two ("
                                + run.path() + ")");
                    }
                    if (isIncluded.test(run, item.id())) {
                        byName.put(new Name(llm.name(), item.id()), item);
                        byKey.put(item.key(), item);
                        ofRun.add(item);
                    }
                }
            }
            items.put(run, List.copyOf(ofRun));
        }
        return new AnnotationItems(Collections.unmodifiableMap(items), byKey, byName);
    }

    /** Returns the runs, in order; immutable. */
    public List<RunDirectory> runs() {
        return List.copyOf(runs.keySet());
    }

    /** Returns the items of a run, in the order of arrival; immutable. */
    public List<AnnotationItem> of(RunDirectory run) {
        return runs.getOrDefault(run, List.of());
    }

    /** Returns all items, run by run; immutable. */
    public List<AnnotationItem> all() {
        return List.copyOf(byName.values());
    }

    /** Returns the item with the key, if any. */
    public Optional<AnnotationItem> find(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** Returns the LLM's response to the instruction with the id, if any. */
    public Optional<AnnotationItem> find(String llm, String id) {
        return Optional.ofNullable(byName.get(new Name(llm, id)));
    }
}
