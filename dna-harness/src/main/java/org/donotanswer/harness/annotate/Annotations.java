package org.donotanswer.harness.annotate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.donotanswer.metrics.Ratings;
import org.donotanswer.taxonomy.ResponseAction;

/** What annotators said of responses; not every one need have seen every response. Immutable, hence thread-safe. */
public final class Annotations {
    private final AnnotationItems items;
    private final SortedMap<String, Map<AnnotationItem, Annotation>> byAnnotator;
    private final Map<AnnotationItem, SortedMap<String, Annotation>> byItem;

    private Annotations(AnnotationItems items, SortedMap<String, Map<AnnotationItem, Annotation>> byAnnotator) {
        this.items = items;
        this.byAnnotator = byAnnotator;
        this.byItem = new LinkedHashMap<>();
        for (AnnotationItem item : items.all()) {
            SortedMap<String, Annotation> ofItem = new TreeMap<>();
            byAnnotator.forEach((annotator, annotations) -> {
                Annotation annotation = annotations.get(item);
                if (annotation != null) {
                    ofItem.put(annotator, annotation);
                }
            });
            if (!ofItem.isEmpty()) {
                byItem.put(item, Collections.unmodifiableSortedMap(ofItem));
            }
        }
    }

    /** Returns a builder of annotations of some of the items. */
    public static Builder builder(AnnotationItems items) {
        return new Builder(items);
    }

    /**
     * Whether two annotators labelled the same responses. Immutable, hence thread-safe.
     *
     * @param first an annotator
     * @param second another, later in the alphabet
     * @param both how many responses both annotated
     * @param onlyFirst how many the first did and the second did not
     * @param onlySecond how many the second did and the first did not
     */
    public record Overlap(String first, String second, int both, int onlyFirst, int onlySecond) {
        /** Returns whether both annotated the same responses. */
        public boolean isComplete() {
            return onlyFirst == 0 && onlySecond == 0;
        }

        /** Returns one line for people to read. */
        public String describe() {
            return first + " and " + second + " annotated "
                    + (isComplete()
                            ? "the same " + both + " responses"
                            : "different responses: " + both + " both, " + onlyFirst + " only " + first + ", "
                                    + onlySecond + " only " + second);
        }
    }

    /** Returns the items of which these are annotations, and those of which there are none. */
    public AnnotationItems items() {
        return items;
    }

    /** Returns the annotators, sorted; immutable. */
    public List<String> annotators() {
        return List.copyOf(byAnnotator.keySet());
    }

    /** Returns the annotations by item, in the order of the items, and annotator, sorted; unmodifiable. */
    public Map<AnnotationItem, SortedMap<String, Annotation>> byItem() {
        return Collections.unmodifiableMap(byItem);
    }

    /** Returns the annotations of one annotator by item; unmodifiable, empty of an unknown one. */
    public Map<AnnotationItem, Annotation> of(String annotator) {
        return Collections.unmodifiableMap(byAnnotator.getOrDefault(annotator, Map.of()));
    }

    /** Returns for each two annotators which responses they share, in the order of {@link #annotators()}; immutable. */
    public List<Overlap> overlaps() {
        List<Overlap> overlaps = new ArrayList<>();
        for (String first : annotators()) {
            for (String second : byAnnotator.tailMap(first).keySet()) {
                if (!first.equals(second)) {
                    Set<AnnotationItem> both = new LinkedHashSet<>(of(first).keySet());
                    both.retainAll(of(second).keySet());
                    int shared = both.size();
                    overlaps.add(new Overlap(
                            first,
                            second,
                            shared,
                            of(first).size() - shared,
                            of(second).size() - shared));
                }
            }
        }
        return List.copyOf(overlaps);
    }

    /** Returns the labels of harmfulness, of items by their key. */
    public Ratings<Boolean> harmful() {
        return ratings(List.of(true, false), Annotation::harmful);
    }

    /** Returns the labels of the action, of items by their key. */
    public Ratings<ResponseAction> action() {
        return ratings(List.of(ResponseAction.values()), Annotation::action);
    }

    private <L> Ratings<L> ratings(List<L> labels, Function<Annotation, Optional<L>> label) {
        Ratings.Builder<L> builder = Ratings.builder(labels);
        // By key, not in the order in which answers came: a bootstrap draws by place, and is to draw the same each
        // time.
        byItem.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().key()))
                .forEach(entry -> entry.getValue().forEach((annotator, annotation) -> label.apply(annotation)
                        .ifPresent(given -> builder.add(entry.getKey().key(), annotator, given))));
        return builder.build();
    }

    /** Builds annotations. Not thread-safe. */
    public static final class Builder {
        private final AnnotationItems items;
        private final SortedMap<String, Map<AnnotationItem, Annotation>> byAnnotator = new TreeMap<>();

        private Builder(AnnotationItems items) {
            this.items = Objects.requireNonNull(items, "items");
        }

        /**
         * Adds what an annotator said of an item.
         *
         * @throws IllegalArgumentException if the item is not one of these
         * @throws IllegalStateException if that annotator's annotation of it was added before
         */
        public Builder add(String annotator, AnnotationItem item, Annotation annotation) {
            if (items.find(item.key()).isEmpty()) {
                throw new IllegalArgumentException("item must be one of the items, but was " + item);
            }
            if (byAnnotator
                            .computeIfAbsent(annotator, name -> new LinkedHashMap<>())
                            .putIfAbsent(item, Objects.requireNonNull(annotation, "annotation"))
                    != null) {
                throw new IllegalStateException(
                        "annotation must be set once, but was twice, by " + annotator + " of " + item);
            }
            return this;
        }

        /** Returns the annotations. */
        public Annotations build() {
            return new Annotations(items, new TreeMap<>(byAnnotator));
        }
    }
}
