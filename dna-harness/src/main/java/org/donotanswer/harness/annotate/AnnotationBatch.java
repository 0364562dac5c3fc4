package org.donotanswer.harness.annotate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The annotations in a file. Immutable, hence thread-safe.
 *
 * @param annotations the annotations by annotator and item, in the order of the file
 * @param cancelled the number of annotations left out because their annotator skipped them
 * @param blank the number of annotations left out because they have no label
 */
public record AnnotationBatch(
        SortedMap<String, Map<AnnotationItem, Annotation>> annotations, int cancelled, int blank) {
    /** Copies the maps. */
    public AnnotationBatch {
        SortedMap<String, Map<AnnotationItem, Annotation>> copy = new TreeMap<>();
        annotations.forEach((name, items) -> copy.put(name, Collections.unmodifiableMap(new LinkedHashMap<>(items))));
        annotations = Collections.unmodifiableSortedMap(copy);
    }

    /** Builds a batch. Not thread-safe. */
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
         * @throws IllegalArgumentException if the annotator's annotation of the item was added before
         */
        void add(String annotator, AnnotationItem item, Annotation annotation) {
            if (annotations
                            .computeIfAbsent(annotator, name -> new LinkedHashMap<>())
                            .put(item, annotation)
                    != null) {
                throw new IllegalArgumentException(
                        "annotator must annotate a response once, but " + annotator + " annotated " + item + " twice");
            }
        }

        AnnotationBatch build() {
            return new AnnotationBatch(annotations, cancelled, blank);
        }
    }
}
