package org.donotanswer.harness.annotate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a file of annotations says. Immutable, hence thread-safe.
 *
 * @param annotations by annotator and item, in the order of the file
 * @param cancelled how many annotations were skipped by their annotator, and are left out
 * @param blank how many had no label, and are left out
 */
public record AnnotationBatch(
        SortedMap<String, Map<AnnotationItem, Annotation>> annotations, int cancelled, int blank) {
    /** Copies the maps. */
    public AnnotationBatch {
        SortedMap<String, Map<AnnotationItem, Annotation>> copy = new TreeMap<>();
        annotations.forEach((name, items) -> copy.put(name, Collections.unmodifiableMap(new LinkedHashMap<>(items))));
        annotations = Collections.unmodifiableSortedMap(copy);
    }

    /** Collects annotations one by one. Not thread-safe. */
    static final class Builder {
        private final SortedMap<String, Map<AnnotationItem, Annotation>> annotations = new TreeMap<>();
        private int cancelled;
        private int blank;

        void cancelled() {
            cancelled++;
        }

        void blank() {
            blank++;
        }

        /**
         * Adds an annotation.
         *
         * @throws IllegalArgumentException if the annotator has annotated the item before
         */
        void add(String annotator, AnnotationItem item, Annotation annotation) {
            if (annotations
                            .computeIfAbsent(annotator, name -> new LinkedHashMap<>())
                            .put(item, annotation)
                    != null) {
                throw new IllegalArgumentException(
                        "annotator must annotate a response once, but was " + annotator + " twice, on " + item);
            }
        }

        AnnotationBatch build() {
            return new AnnotationBatch(annotations, cancelled, blank);
        }
    }
}
