package org.donotanswer.harness.annotate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The annotations in a file. Immutable, hence thread-safe.
 *
 * @param annotations the annotations by annotator and item, in the order of the file
 * @param cancelled the number of annotations left out because their annotator skipped them
 * @param blank the number of annotations left out because they have no label
 * @param superseded the number of annotations left out because the same annotator annotated the response again
 * @param rejected why other annotations are left out: a message for each that is malformed, in the order of the file
 */
public record AnnotationBatch(
        SortedMap<String, Map<AnnotationItem, Annotation>> annotations,
        int cancelled,
        int blank,
        int superseded,
        List<String> rejected) {
    /** Copies the maps. */
    public AnnotationBatch {
        SortedMap<String, Map<AnnotationItem, Annotation>> copy = new TreeMap<>();
        annotations.forEach((name, items) -> copy.put(name, Collections.unmodifiableMap(new LinkedHashMap<>(items))));
        annotations = Collections.unmodifiableSortedMap(copy);
        rejected = List.copyOf(rejected);
    }

    /** Builds a batch. Not thread-safe. */
    static final class Builder {
        private final SortedMap<String, Map<AnnotationItem, Annotation>> annotations = new TreeMap<>();
        private final Map<String, Map<AnnotationItem, Optional<Instant>>> times = new HashMap<>();
        private final List<String> rejected = new ArrayList<>();
        private int cancelled;
        private int blank;
        private int superseded;

        void cancelled() {
            cancelled++;
        }

        void blank() {
            blank++;
        }

        void reject(String message) {
            rejected.add(message);
        }

        /** Adds an annotation, which takes the place of an earlier one; without times, of one that was added before. */
        void add(String annotator, AnnotationItem item, Annotation annotation, Optional<Instant> time) {
            Map<AnnotationItem, Annotation> ofAnnotator =
                    annotations.computeIfAbsent(annotator, name -> new LinkedHashMap<>());
            Optional<Instant> before =
                    times.computeIfAbsent(annotator, name -> new HashMap<>()).getOrDefault(item, Optional.empty());
            boolean repeated = ofAnnotator.containsKey(item);
            superseded += repeated ? 1 : 0;
            if (repeated && before.isPresent() && time.isPresent() && time.get().isBefore(before.get())) {
                return;
            }
            ofAnnotator.put(item, annotation);
            times.get(annotator).put(item, time);
        }

        AnnotationBatch build() {
            return new AnnotationBatch(annotations, cancelled, blank, superseded, rejected);
        }
    }
}
